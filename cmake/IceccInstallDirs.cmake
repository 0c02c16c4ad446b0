# Where the parts go that GNUInstallDirs does not know. Relative paths are below the prefix, so that
# an install with --prefix stays inside it; nothing derives from LOCALSTATEDIR, which some
# distributions set to /var/lib.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND CMAKE_INSTALL_SYSCONFDIR STREQUAL "etc")
    set(ICECC_SYSCONFDIR /etc)
else()
    set(ICECC_SYSCONFDIR ${CMAKE_INSTALL_SYSCONFDIR})
endif()

option(ICECC_INSTALL_LINKS "Install links that masquerade the usual compilers" ON)
option(ICECC_OPENRC "Install the OpenRC service" ON)
option(ICECC_SYSTEMD "Install the systemd units" ON)
set(ICECC_CONFIG_NAME icecream CACHE STRING "Name of the configuration file in SYSCONFDIR/conf.d")
set(ICECC_UNIT_DIR lib/systemd/system CACHE STRING "Directory of systemd units")
set(ICECC_SYSUSERS_DIR lib/sysusers.d CACHE STRING "Directory of accounts for systemd-sysusers")
set(ICECC_TMPFILES_DIR lib/tmpfiles.d CACHE STRING "Directory of rules for systemd-tmpfiles")
set(ICECC_FIREWALLD_DIR lib/firewalld/services CACHE STRING "Directory of firewalld's services")

# icecc_install_config(FILE DIRECTORY NAME): a configuration file, below SYSCONFDIR. A packager's
# staging directory is empty; on a live system the file belongs to the administrator. The copy in the
# build directory tells IceccUninstall whether it was edited.
function(icecc_install_config file directory name)
    install(CODE "
        set(directory \"${ICECC_SYSCONFDIR}/${directory}\")
        if(NOT IS_ABSOLUTE \"\${directory}\")
            set(directory \"\${CMAKE_INSTALL_PREFIX}/\${directory}\")
        endif()
        list(APPEND ICECC_INSTALLED_CONFIG \"\${directory}/${name}\")
        set(directory \"\$ENV{DESTDIR}\${directory}\")
        if(EXISTS \"\${directory}/${name}\")
            message(STATUS \"Keeping: \${directory}/${name}\")
        else()
            file(MAKE_DIRECTORY \"\${directory}\")
            configure_file(\"${file}\" \"\${directory}/${name}\" COPYONLY)
            configure_file(\"${file}\" \"${CMAKE_BINARY_DIR}/installed/${directory}/${name}\" COPYONLY)
            message(STATUS \"Installing: \${directory}/${name}\")
        endif()")
endfunction()

# icecc_install_link(TARGET DIRECTORY NAME): a link that survives a move of the whole prefix. Exherbo's
# share/ is outside the prefix, so paths may be absolute.
function(icecc_install_link target directory name)
    install(CODE "
        set(directory \"${directory}\")
        set(target \"${target}\")
        foreach(path IN ITEMS directory target)
            if(NOT IS_ABSOLUTE \"\${\${path}}\")
                set(\${path} \"\${CMAKE_INSTALL_PREFIX}/\${\${path}}\")
            endif()
        endforeach()
        file(RELATIVE_PATH target \"\${directory}\" \"\${target}\")
        list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${directory}/${name}\")
        set(directory \"\$ENV{DESTDIR}\${directory}\")
        file(MAKE_DIRECTORY \"\${directory}\")
        file(CREATE_LINK \"\${target}\" \"\${directory}/${name}\" SYMBOLIC)
        message(STATUS \"Installing: \${directory}/${name} -> \${target}\")")
endfunction()
