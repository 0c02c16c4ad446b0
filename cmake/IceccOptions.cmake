# How we compile: language level, warnings, sanitizers.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(ICECC_STRICT "Warnings are errors, and there are more of them" OFF)
option(ICECC_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)
option(ICECC_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)

# Leaving a field out of a designated initialiser is how one says "the default".
add_compile_options(-Wall -Wextra -Wno-missing-field-initializers)
# False alarms about moved std::variants, at -O3 and under -fsanitize=address (gcc 12). What is
# really uninitialised clang-tidy and the sanitizers find.
add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(ICECC_STRICT)
    add_compile_options(-Wshadow -Wconversion -Wswitch -Werror)
endif()
if(ICECC_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
endif()
