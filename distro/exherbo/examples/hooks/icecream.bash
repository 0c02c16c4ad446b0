# For /etc/paludis/hooks/ebuild_{configure,compile,test,install}_pre/ with syd 3: lets the client reach
# the daemon's socket. Whether the sandbox still listens when hooks run depends on its version: a build
# that runs icecream-config --sandbox-probe tells. On sydbox-1 hooks have no effect: edit the profile with
# icecream-config --sydbox --edit /usr/share/sydbox/paludis.syd-1.
esandbox allow_net --connect unix:/run/icecc/iceccd.socket
