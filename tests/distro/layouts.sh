# shellcheck shell=sh
# What Gentoo's systems look like where the tests need it.

# openrc_state: the state of an OpenRC that has booted (distro.md 3.6).
openrc_state() {
    for state in daemons exclusive failed hotplugged inactive options scheduled started starting \
        stopping tmp wasinactive; do
        mkdir -p "/run/openrc/$state"
    done
    echo default >/run/openrc/softlevel
}

# A tree as crossdev makes it (gcc-config 2.x): CT, the compiler's directory name, Debian's compiler.
crossdev_tree() { # ROOT CT VERSION DEBIAN
    directory="$1/usr/x86_64-pc-linux-gnu/$2/gcc-bin/$3"
    mkdir -p "$directory" "$1/usr/bin" "$1/etc/env.d/gcc" "$1/etc/env.d/binutils"
    for tool in gcc g++; do
        ln -sf "/usr/bin/$4-$tool-12" "$directory/$2-$tool"
        ln -sf "$directory/$2-$tool" "$1/usr/bin/$2-$tool"
    done
    echo "CURRENT=$2-$3" >"$1/etc/env.d/gcc/config-$2"
    cat >"$1/etc/env.d/gcc/$2-$3" <<END
LDPATH="/usr/lib/gcc/$2/$3"
MANPATH="/usr/share/gcc-data/$2/$3/man"
STDCXX_INCDIR="g++-v12"
CTARGET="$2"
GCC_SPECS=""
MULTIOSDIRS="../lib64:../lib"
GCC_PATH="/usr/x86_64-pc-linux-gnu/$2/gcc-bin/$3"
END
}
