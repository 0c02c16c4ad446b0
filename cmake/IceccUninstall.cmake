# The target "uninstall": takes away what "cmake --install" put there, and what came into being later.
#
# CMake's own install_manifest.txt knows no links, and the install of the tests overwrites it, so each
# install writes a list of its own, by prefix and DESTDIR. To be included after all install rules.
set(ICECC_INSTALLED_DIR ${CMAKE_BINARY_DIR}/installed)

install(CODE "
    string(MD5 place \"\$ENV{DESTDIR}:\${CMAKE_INSTALL_PREFIX}\")
    string(REPLACE \";\" \"\\n\" list \"\${CMAKE_INSTALL_MANIFEST_FILES}\")
    file(WRITE \"${ICECC_INSTALLED_DIR}/\${place}\" \"\${list}\\n\")
    string(REPLACE \";\" \"\\n\" list \"\${ICECC_INSTALLED_CONFIG}\")
    file(WRITE \"${ICECC_INSTALLED_DIR}/\${place}.config\" \"\${list}\\n\")")

configure_file(${CMAKE_CURRENT_LIST_DIR}/uninstall.cmake.in ${CMAKE_BINARY_DIR}/uninstall.cmake @ONLY)
add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -P ${CMAKE_BINARY_DIR}/uninstall.cmake)
