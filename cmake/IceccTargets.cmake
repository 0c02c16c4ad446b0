# The few kinds of targets there are: a layer, a program, a layer's unit tests, a fuzzer.

# icecc_library(NAME sources...): the layer src/NAME as a static library "icecc_NAME".
# What it may include is what it is linked to: target_link_libraries(icecc_NAME PUBLIC icecc_base ...).
function(icecc_library name)
    add_library(icecc_${name} STATIC ${ARGN})
    target_include_directories(icecc_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
endfunction()

# icecc_unit_test(LIBRARY sources...): tests/unit/LIBRARY as one Boost.Test binary, linked only to
# the library under test, so that a dependency pointing the wrong way fails to link.
function(icecc_unit_test library)
    add_executable(${library}_test ${ARGN})
    target_link_libraries(${library}_test PRIVATE icecc_${library} icecc_test_main)
    add_test(NAME unit.${library} COMMAND ${library}_test --log_level=error)
    set_tests_properties(unit.${library} PROPERTIES LABELS unit TIMEOUT 60)
endfunction()
