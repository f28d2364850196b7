#!/usr/bin/env bash
# Makes the image's root file system without a container engine, from the Dockerfile's own list of packages and its last
# step, and runs it as a cluster would: as an unprivileged user without capabilities, all but its state read-only.
#
#   image.sh BINARY [PYTEST OPTIONS…]
#
# Then the end-to-end tests run against it. Needs root. Everything lies in .build-image/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
binary=$1
shift
[ "$(id -u)" = 0 ] || fail "only root can make and mount a root file system"
install_packages mmdebstrap binutils util-linux

folder=$root/.build-image
system=$folder/system
image=$system/image
limit=$((120 * 1000 * 1000))
mkdir -p "$folder"

# ---- what the Dockerfile does ----

packages=$(sed -n 's/^ARG PACKAGES="\(.*\)"$/\1/p' "$root/deploy/Dockerfile")
[ -n "$packages" ] || fail "the Dockerfile has no list of packages"
if [ "$(cat "$folder/base.packages" 2>/dev/null)" != "$packages" ]; then
    say "Debian's smallest system, and: $packages"
    # As Debian's slim images leave them out.
    mmdebstrap --variant=minbase --mode=root --include="${packages// /,}" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        bookworm "$folder/base.tar" /etc/apt/sources.list.d/debian.sources
    echo "$packages" >"$folder/base.packages"
fi
rm -rf "$system"
mkdir -p "$system/opt/steno"
tar -C "$system" -xf "$folder/base.tar"
strip -o "$system/usr/bin/steno" "$binary"
cp "$root/deploy/docker/finish" "$root/deploy/docker/steno.conf" "$system/opt/steno/"
chroot "$system" /opt/steno/finish

size=$(du -s --block-size=1 "$image" | cut -f1)
say "the image: $((size / 1000000)) MB, of which steno $(($(stat -c %s "$image/usr/bin/steno") / 1000000)) MB"
[ "$size" -lt $limit ] || fail "it is larger than $((limit / 1000000)) MB"
missing=$(chroot "$image" /lib64/ld-linux-x86-64.so.2 --list /usr/bin/steno 2>&1 | grep -E 'not found|cannot open' || true)
[ -z "$missing" ] || fail "the image lacks a library: $missing"
[ -z "$(find "$image" -perm /6000)" ] || fail "the image holds programs that give other rights"

# ---- how it is run ----

# `exec` all the way: the same process id to the end, so that signals reach the program. The tests' own folder is there
# for both sides. The image has no program to give up rights with, so this machine's Python does.
cat >"$folder/enter" <<ENTER
#!/bin/sh
set -e
image=$image
mount --bind "\$image" "\$image"
mount -t tmpfs -o mode=1777,noexec,nosuid,nodev tmpfs "\$image/tmp"
mount -t proc -o nosuid,nodev,noexec proc "\$image/proc"
for device in null urandom; do mount --bind "/dev/\$device" "\$image/dev/\$device"; done
mount --bind "$folder/state" "\$image/var/lib/steno"
if [ -n "\${IMAGE_TESTS:-}" ]; then
    chmod -R a+rwX "\$IMAGE_TESTS"
    mkdir -p "\$image\$IMAGE_TESTS"
    mount --bind "\$IMAGE_TESTS" "\$image\$IMAGE_TESTS"
fi
mount -o remount,bind,ro "\$image"
unset IMAGE_TESTS
exec python3 "$root/deploy/lib/unprivileged.py" "\$image" /usr/bin/steno "\$@"
ENTER
cat >"$folder/steno" <<RUN
#!/bin/sh
exec unshare --mount --propagation private "$folder/enter" "\$@"
RUN
chmod +x "$folder/enter" "$folder/steno"
rm -rf "$folder/state"
install -d -o 65532 -g 65532 -m 700 "$folder/state"
# Ends of bind mounts: files, as a container engine makes them.
for device in null urandom; do [ -e "$image/dev/$device" ] || : >"$image/dev/$device"; done

say "As its ENTRYPOINT and CMD say, with its HEALTHCHECK"
"$folder/steno" serve --config /etc/steno/steno.conf >"$folder/log" 2>&1 &
pid=$!
trap 'kill -9 $pid 2>/dev/null || true' EXIT
wait_for 20 "it does not get ready: $(tail -n 5 "$folder/log")" \
    "$folder/steno" doctor --ready --timeout 4s --config /etc/steno/steno.conf
status=/proc/$pid/status
grep -q '^Uid:	65532	65532	65532	65532$' "$status" || fail "it does not run as 65532"
grep -q '^CapBnd:	0000000000000000$' "$status" || fail "it has capabilities"
grep -q '^NoNewPrivs:	1$' "$status" || fail "it may gain privileges"
if nsenter --target $pid --mount sh -c 'echo x > "/proc/'$pid'/root/etc/steno/steno.conf"' 2>/dev/null; then
    fail "its root can be written"
fi
[ -s "$folder/state/steno.db" ] || fail "its store is not in its state folder"
kill -TERM $pid
wait $pid || fail "it does not end well on SIGTERM"
trap - EXIT
echo "runs as 65532, no capabilities, read-only root; ready; ends well"

say "The end-to-end tests, against the image"
python_environment end-to-end "$root/Tests/EndToEnd/requirements.txt"
tests=$(mktemp -d)
trap 'rm -rf "$tests"' EXIT
[ $# -gt 0 ] || set -- test_commands.py test_cli.py test_life.py test_delivery.py test_secrets.py test_sdks.py
cd "$root/Tests/EndToEnd"
IMAGE_TESTS=$tests STENO=$folder/steno "$python" -m pytest -q -rs -p no:cacheprovider --basetemp "$tests/pytest" "$@"
