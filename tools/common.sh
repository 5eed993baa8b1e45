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

build_all() {
    [ -f "$build/build.ninja" ] || meson setup "$build" "$root"
    ninja -C "$build"
}

# Into the folder: what is committed; of a folder that is no checkout, all but its builds.
copy_tree() {
    if git -c safe.directory='*' -C "$root" rev-parse HEAD >/dev/null 2>&1; then
        git -c safe.directory='*' -C "$root" archive HEAD
    else
        tar -c --exclude='./build*' -C "$root" .
    fi | tar -x --no-same-owner -C "$1"
}
