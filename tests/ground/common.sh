# What check-ground and check-stencils share; sourced, after which $ground_truth, $demgrad and $work are
# there and the working folder is this one, for the *.wkt files.
# usage: . common.sh GROUND_TRUTH DEMGRAD

absolute() {
    echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
}
ground_truth=$(absolute "$1")
demgrad=$(absolute "$2")
cd "$(dirname "$0")" || exit 1

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
