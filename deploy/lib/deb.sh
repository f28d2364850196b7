#!/usr/bin/env bash
# Makes the Debian package of a binary, installs it into a fresh Debian, starts it there by systemd and by hand, looks
# whether all is as it should be, and purges it.
#
#   deb.sh BINARY
#
# The Debian is a folder; its systemd runs as the first process of namespaces of its own. Needs root, and cgroups to write
# to. Everything lies in .build-deb/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ "$(id -u)" = 0 ] || fail "only root can make and enter a system"
install_packages mmdebstrap util-linux

folder=$root/.build-deb
system=$folder/system
init=
group=steno-deb-$$
hierarchies=$(findmnt -rn -t cgroup,cgroup2 -o TARGET | grep -E '/(systemd|unified)$|^/sys/fs/cgroup$' || true)
finish() {
    [ -z "$init" ] || kill -9 "$init" 2>/dev/null || true
    umount -l "$system/proc" 2>/dev/null || true
    for each in $hierarchies; do
        # Its own processes first: this script among them.
        echo $$ >"$each/cgroup.procs" 2>/dev/null || true
        find "$each/$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}
trap finish EXIT

say "The package"
rm -f "$folder"/*.deb
STENO=$1 "$root/deploy/deb"
package=$(echo "$folder"/steno_*.deb)

if [ ! -s "$folder/base.tar" ]; then
    say "A small Debian"
    mmdebstrap --variant=minbase --mode=root --include=systemd,ca-certificates,curl \
        bookworm "$folder/base.tar" /etc/apt/sources.list.d/debian.sources
fi
rm -rf "$system"
mkdir -p "$system"
tar -C "$system" -xf "$folder/base.tar"
cp "$package" "$system/root/steno.deb"
cp /etc/resolv.conf "$system/etc/resolv.conf"
: >"$system/etc/machine-id"

say "apt-get install"
mount -t proc proc "$system/proc"
in_system() { chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
in_system apt-get update -q >"$folder/log"
in_system apt-get install -q -y --no-install-recommends /root/steno.deb >>"$folder/log" 2>&1 || fail "$(tail -n 20 "$folder/log")"

expect() {
    local want=$1 got
    shift
    got=$("$@" 2>&1) || true
    [ "$got" = "$want" ] || fail "$* says: $got; not: $want"
}
in_system getent passwd steno | grep ':/var/lib/steno:/usr/sbin/nologin$' >/dev/null || fail "there is no user steno that can't log in"
expect "755 root root" in_system stat -c '%a %U %G' /usr/bin/steno
expect "644 root root" in_system stat -c '%a %U %G' /etc/steno/steno.conf
expect "700 steno steno" in_system stat -c '%a %U %G' /var/lib/steno
for file in /lib/systemd/system/steno.service /usr/share/man/man1/steno.1.gz /usr/share/doc/steno/copyright \
    /usr/share/bash-completion/completions/steno /usr/share/zsh/vendor-completions/_steno \
    /usr/share/fish/vendor_completions.d/steno.fish; do
    # Manuals are left out of small systems.
    in_system dpkg -L steno | grep -x "$file" >/dev/null || fail "the package has no $file"
done
in_system steno check --config /etc/steno/steno.conf | grep '^store  *= sqlite:/var/lib/steno/steno.db ' >/dev/null ||
    fail "the configuration has no store in /var/lib/steno"
umount "$system/proc"
echo "installed: a user of its own, files where they belong, a configuration that is right"

say "systemd starts the service"
cat >"$folder/boot" <<'BOOT'
set -e
system=$1
mount --bind "$system" "$system"
cd "$system"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
if [ -d /sys/fs/cgroup/systemd ]; then
    mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
    mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
    mount -t cgroup2 cgroup2 sys/fs/cgroup/unified || rmdir sys/fs/cgroup/unified
else
    umount sys/fs/cgroup
    mount -t cgroup2 cgroup2 sys/fs/cgroup
fi
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do
    : >"dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
mkdir dev/pts dev/shm old
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
pivot_root . old
umount -l old
rmdir old
exec env -i container=steno PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=console --unit=multi-user.target
BOOT
for each in $hierarchies; do mkdir -p "$each/$group" && echo $$ >"$each/$group/cgroup.procs"; done
unshare --mount --uts --ipc --pid --net --cgroup --fork --kill-child --propagation private \
    bash "$folder/boot" "$system" >"$folder/boot.log" 2>&1 </dev/null &
unshare=$!
first_process() { init=$(pgrep -P $unshare systemd); }
wait_for 20 "systemd does not start here: $(tail -n 5 "$folder/boot.log")" first_process
init=$(pgrep -P $unshare systemd)
inside() { nsenter -t "$init" -m -u -i -n -p -C -r -w env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
wait_for 20 "systemd does not answer" inside systemctl list-units
tell() {
    inside systemctl status steno --no-pager -l || true
    inside journalctl -u steno --no-pager -n 20 || true
}
inside systemctl start steno || fail "$(tell)"
ready() { inside steno doctor --ready --config /etc/steno/steno.conf; }
wait_for 20 "the service does not get ready" ready || fail "$(tell)"
expect active inside systemctl is-active steno
pid=$(inside systemctl show -p MainPID --value steno)
status=$(inside cat "/proc/$pid/status")
uid=$(in_system id -u steno)
for line in "Uid:	$uid	$uid	$uid	$uid" "CapPrm:	0000000000000000" "CapBnd:	0000000000000000" "NoNewPrivs:	1" "Seccomp:	2"; do
    grep -qx "$line" <<<"$status" || fail "the service runs otherwise than its unit says: no $line"
done
expect "600 steno steno" inside stat -c '%a %U %G' /var/lib/steno/steno.db
# Nothing listens there: recorded all the same.
code=$(inside curl -s -o /dev/null -w '%{http_code}' -H 'content-type: application/json' -d '{"model":"m","messages":[]}' \
    http://127.0.0.1:4141/ollama/v1/chat/completions)
[ "$code" = 502 ] || fail "a request gets $code"
recorded() { [ "$(inside "$@" steno tail --no-follow --json --config /etc/steno/steno.conf | wc -l)" = 1 ]; }
wait_for 10 "root finds nothing of it in the store" recorded
recorded setpriv --reuid=steno --regid=steno --clear-groups || fail "the user steno finds nothing of it in the store"
inside systemctl reload steno || fail "$(tell)"
reloaded() { inside journalctl -u steno --no-pager | grep 'reloaded the configuration' >/dev/null; }
wait_for 10 "the service does not reload its configuration" reloaded
expect "" inside sh -c "journalctl -u steno --no-pager -o cat | grep -v 'upstream cannot be reached' | grep -iE 'warning|error|fail'"
echo "runs as steno, confined as the unit says; records; reloads"
inside systemd-analyze security --no-pager steno | tail -n 1
inside systemctl stop steno
expect success inside systemctl show -p Result --value steno

say "By hand, as its user"
inside setpriv --reuid=steno --regid=steno --clear-groups --no-new-privs \
    steno serve --config /etc/steno/steno.conf >"$folder/hand.log" 2>&1 &
hand=$!
wait_for 20 "it does not get ready: $(tail -n 5 "$folder/hand.log")" ready
recorded || fail "what the service recorded is gone"
inside sh -c 'for each in /proc/[0-9]*; do [ "$(cat "$each/comm")" != steno ] || kill -TERM "${each#/proc/}"; done'
wait $hand || fail "it does not end well on SIGTERM"
echo "starts, answers, ends well"

say "Once more, removed, purged"
inside sh -c 'echo "log.level = debug" >>/etc/steno/steno.conf'
inside systemctl start steno
inside dpkg -i /root/steno.deb >"$folder/log" 2>&1 || fail "$(tail -n 20 "$folder/log")"
inside grep -q '^log.level = debug$' /etc/steno/steno.conf || fail "an upgrade takes the configuration away"
wait_for 20 "the service does not run after an upgrade" ready
inside dpkg -r steno >>"$folder/log" 2>&1 || fail "$(tail -n 20 "$folder/log")"
expect "" inside sh -c 'cat /proc/[0-9]*/comm | grep -x steno'
for file in /etc/steno/steno.conf /var/lib/steno/steno.db; do inside test -s $file || fail "removing it takes $file away"; done
inside dpkg -P steno >>"$folder/log" 2>&1 || fail "$(tail -n 20 "$folder/log")"
expect "" inside sh -c 'find / -xdev \( -iname "*steno*" -o -uid '"$uid"' \) -not -path "/root/*" -not -path "/run/*" -not -path "/var/log/*" -not -path "/sys/*" -not -path "/proc/*"; getent passwd steno'
echo "an upgrade keeps the configuration and restarts the service; a removal keeps what was recorded; a purge keeps nothing"
