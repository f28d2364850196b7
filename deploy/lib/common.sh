# shellcheck shell=bash
# Shared by the scripts of deploy/: where things are, how to say what happens, and how to install what is missing.
# Source it from a script that runs with `set -euo pipefail`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
steno=$root/.build/release/steno

# What Steno is built with, and what the scripts themselves call.
build_packages=(
    libcurl4-openssl-dev libssl-dev libre2-dev libsqlite3-dev zlib1g-dev libbrotli-dev libzstd-dev
    pkg-config curl ca-certificates
)

say() { printf '\n==> %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "needs root, or sudo, for: $*"
    fi
}

# install_packages NAME…: installs those Debian packages that are not there yet.
install_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null || fail "this script installs Debian packages; elsewhere install by hand: $*"
    for package in "$@"; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    say "Installing ${missing[*]}"
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

require_swift() {
    command -v swift >/dev/null || fail "Swift 6.2 or later is needed, and there is no 'swift' in PATH: see swift.org/install"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    if [ "$(printf '%s\n' 6.2 "${version:-0}" | sort -V | head -n 1)" != 6.2 ]; then
        fail "Swift 6.2 or later is needed; this is ${version:-unknown}"
    fi
}

build_release() {
    require_swift
    install_packages "${build_packages[@]}"
    say "Building Steno (release; the first time takes some minutes)"
    (cd "$root" && swift build -c release --product steno)
}

# python_environment NAME REQUIREMENTS: a virtual environment under .build-python/NAME; sets `python` to its interpreter.
# It is made anew when the requirements change.
python_environment() {
    local folder=$root/.build-python/$1 requirements=$2
    python=$folder/bin/python
    if [ -x "$python" ] && cmp -s "$requirements" "$folder/requirements.txt"; then return; fi
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then install_packages python3 python3-venv; fi
    say "Setting up Python in ${folder#"$root"/}"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$folder/requirements.txt"
}

# wait_for SECONDS WHAT COMMAND…: runs the command until it succeeds; fails with WHAT when the time is over.
wait_for() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if [ $SECONDS -ge $deadline ]; then
            printf 'error: %s\n' "$what" >&2
            return 1
        fi
        sleep 0.1
    done
}
