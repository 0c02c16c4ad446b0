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
    target_precompile_headers(${library}_test REUSE_FROM icecc_test_main)
    add_test(NAME unit.${library} COMMAND ${library}_test --log_level=error)
    set_tests_properties(unit.${library} PROPERTIES LABELS unit TIMEOUT 300 SKIP_RETURN_CODE 77)
endfunction()

# icecc_fuzzer(LIBRARY): tests/fuzz/LIBRARY_fuzz.cpp, linked to that library. ctest replays
# tests/fuzz/corpus/LIBRARY through it; built with ICECC_FUZZ (clang) it is a libFuzzer program too,
# led by what is reached in that library.
function(icecc_fuzzer library)
    add_executable(${library}_fuzz ${library}_fuzz.cpp)
    target_link_libraries(${library}_fuzz PRIVATE icecc_${library})
    set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${library})
    if(ICECC_FUZZ)
        target_compile_options(icecc_${library} PRIVATE -fsanitize=fuzzer-no-link)
        target_link_options(${library}_fuzz PRIVATE -fsanitize=fuzzer)
        add_test(NAME fuzz.${library} COMMAND ${library}_fuzz -runs=0 ${corpus})
    else()
        target_sources(${library}_fuzz PRIVATE replay.cpp)
        add_test(NAME fuzz.${library} COMMAND ${library}_fuzz ${corpus})
    endif()
    set_tests_properties(fuzz.${library} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()

# icecc_integration_test(NAME LIBRARY sources...): real descriptors, sockets and processes of one
# layer, on this machine; every wait is for a condition with a deadline.
function(icecc_integration_test name library)
    add_executable(${name}_integration_test ${ARGN})
    target_link_libraries(${name}_integration_test PRIVATE icecc_${library} icecc_test_main)
    target_precompile_headers(${name}_integration_test REUSE_FROM icecc_test_main)
    add_test(NAME integration.${name} COMMAND ${name}_integration_test --log_level=error)
    set_tests_properties(integration.${name} PROPERTIES LABELS integration TIMEOUT 300
                         SKIP_RETURN_CODE 77)
endfunction()
