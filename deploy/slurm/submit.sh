#!/bin/bash
# usage: deploy/slurm/submit.sh PARTS[%LIMIT] [demgrad batch argument]...
#
# Submits `demgrad batch` as a Slurm job array of that many tasks, at most LIMIT of them at a time,
# and a merge job that waits for it, checks the outputs and submits again while some are missing.
# The folder of the outputs and the inputs must be seen by every node under the same paths.
#
# sbatch's own variables say the rest, such as SBATCH_PARTITION, SBATCH_ACCOUNT, SBATCH_TIMELIMIT:
#
#   DEMGRAD         the program (demgrad)
#   DEMGRAD_ROUNDS  how often the array is submitted at most (3)
set -euo pipefail

if [ "${1-}" = --help ] || [ "${1-}" = -h ]; then
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit
fi
if [ $# -lt 3 ] || ! [[ $1 =~ ^([1-9][0-9]*)(%[1-9][0-9]*)?$ ]]; then
    sed -n '2s/^# //p' "$0" >&2
    exit 2
fi
# Slurm runs copies of the scripts, which have to find each other.
DEMGRAD_DEPLOY=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEMGRAD_DEPLOY DEMGRAD="${DEMGRAD-demgrad}" DEMGRAD_ROUNDS="${DEMGRAD_ROUNDS-3}"
indices=0-$((BASH_REMATCH[1] - 1))${BASH_REMATCH[2]}

array=$(sbatch --parsable --array="$indices" "$DEMGRAD_DEPLOY/array.sh" "${@:2}")
array=${array%%;*} # the rest names the cluster
# afterok would never run: a task that was killed and requeued has failed once.
merge=$(sbatch --parsable --dependency=afterany:"$array" "$DEMGRAD_DEPLOY/merge.sh" "$@")
echo "array job $array, merge job ${merge%%;*}"
