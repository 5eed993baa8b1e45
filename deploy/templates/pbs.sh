#!/bin/bash
# usage: pbs.sh PARTS [demgrad batch argument]...
#
# Submits a batch as an array job of PBS Professional or OpenPBS, and a job after it that checks the
# outputs. UNTRIED: nobody has run this template yet.
#
# PBS tells its tasks their index; their count goes with them in PBS_ARRAY_COUNT. While the second
# job lists missing outputs (status 1), submit again: what is there is kept. Status 2 is wrong usage,
# which its message names. Use absolute paths.
set -euo pipefail

parts=${1?how many parts?}
shift
[ "$parts" -ge 2 ] || { echo "an array job of PBS has two tasks or more" >&2; exit 2; }
arguments=$(printf ' %q' "$@")

array=$(qsub -N demgrad -J 0-$((parts - 1)) -r y -l select=1:ncpus=2:mem=1gb \
    -v PBS_ARRAY_COUNT="$parts" <<<"exec demgrad batch --part auto -j 2 --progress none$arguments")
qsub -N demgrad-merge -W depend=afterany:"$array" -l select=1:ncpus=1:mem=1gb \
    <<<"exec demgrad batch --verify -q$arguments"
