# Copyright 2026 Gentoo Authors
# Distributed under the terms of the GNU General Public License v2

EAPI=8

inherit cmake git-r3 systemd tmpfiles

DESCRIPTION="Distributed C and C++ compiler that fits into icecream clusters"
HOMEPAGE="https://github.com/icecc/icecream"
EGIT_REPO_URI="${ICECREAM_REPO_URI:-file:///var/db/repos/icecream-source}"

LICENSE="GPL-2+"
SLOT="0"
IUSE="test"
RESTRICT="!test? ( test )"

RDEPEND="
	acct-group/icecream
	acct-user/icecream
	app-arch/libarchive:=
	app-arch/xz-utils
	app-arch/zstd:=
	dev-libs/lzo:2
	dev-libs/openssl:=
	>=dev-libs/poco-1.11:=
	dev-util/shadowman
	sys-libs/libcap-ng
	sys-libs/libseccomp
"
DEPEND="
	${RDEPEND}
	test? ( >=dev-libs/boost-1.74 )
"
BDEPEND="virtual/pkgconfig"

src_configure() {
	local mycmakeargs=(
		-DBUILD_TESTING=$(usex test)
		# Links are made by eselect compiler-shadow, which also knows the
		# compilers that crossdev adds later.
		-DICECC_INSTALL_LINKS=OFF
		-DICECC_OPENRC=ON
		-DICECC_SYSTEMD=ON
		-DICECC_UNIT_DIR="$(systemd_get_systemunitdir)"
	)
	cmake_src_configure
}

src_test() {
	# What needs root, a network or namespaces skips itself.
	cmake_src_test -L 'unit|fuzz'
}

src_install() {
	cmake_src_install
	dodoc README.md NEWS.md

	keepdir /usr/libexec/icecc/bin
	insinto /usr/share/shadowman/tools
	newins - icecc <<<"${EPREFIX}/usr/libexec/icecc/bin"

	keepdir /var/log/icecream
	fowners icecream:icecream /var/log/icecream
	fperms 0750 /var/log/icecream
}

pkg_postinst() {
	tmpfiles_process icecream.conf

	if [[ -z ${ROOT} ]]; then
		eselect compiler-shadow update icecc
	fi
	local dir
	for dir in "${EROOT}"/usr/lib{,64}/icecc; do
		if [[ -d ${dir} ]]; then
			ewarn "${dir} is left of an older version, and Portage looks there"
			ewarn "first. Please remove it."
		fi
	done
	if [[ -z ${REPLACING_VERSIONS} ]]; then
		elog "Set FEATURES=\"icecream\" and MAKEOPTS=\"-jN\" in make.conf; no sandbox"
		elog "has to be switched off. One machine needs ICECREAM_RUN_SCHEDULER=\"yes\""
		elog "in /etc/conf.d/icecream. Then: rc-update add icecream default"
		elog "If something does not work: icecream-config --doctor"
	fi
}

pkg_prerm() {
	if [[ -z ${REPLACED_BY_VERSION} && -z ${ROOT} ]]; then
		# All shadow links, then what the daemons made; /etc stays the user's.
		eselect compiler-shadow remove icecc
		icecream-config --remove-state || ewarn "Sockets, logs and environments are left."
	fi
}
