# What the scripts in this folder share; sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build

# The comment at the top of a script is its help.
show_help() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$1"
}

wrong_usage() {
    echo "$(basename "$0"): what is $1? --help lists the options" >&2
    exit 2
}

# Ends a script that cannot do here what it is for.
skip() {
    echo "$(basename "$0"): skipped: $1" >&2
    exit 77
}

project_version() {
    sed -n "s/^  version: '\(.*\)',/\1/p" "$root/meson.build"
}

has() {
    command -v "$1" >/dev/null
}

# The first Python that has numpy and GDAL's bindings; the first on PATH may be another one.
find_python() {
    local python
    for python in "${PYTHON:-python3}" /usr/bin/python3; do
        if "$python" -c 'import numpy, osgeo.gdal' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    return 1
}

find_clang_format() {
    command -v clang-format-14 || command -v clang-format
}

# Of what Meson looks at, only what it warns of is told.
configure() {
    local said
    [ ! -f "$build/build.ninja" ] || return 0
    said=$(meson setup "$build" "$root" 2>&1) || { echo "$said" >&2 && return 1; }
    grep -i 'warning:' <<<"$said" || true
}

# All, or the targets that are given.
build_all() {
    configure || return
    ninja -C "$build" "$@"
}

# Into the folder: what is committed; of a folder that is no checkout, all but its builds.
copy_tree() {
    if git -c safe.directory='*' -C "$root" rev-parse HEAD >/dev/null 2>&1; then
        git -c safe.directory='*' -C "$root" archive HEAD
    else
        tar -c --exclude='./build*' -C "$root" .
    fi | tar -x --no-same-owner -C "$1"
}
