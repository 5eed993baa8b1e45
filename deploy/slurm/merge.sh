#!/bin/bash
# The job that submit.sh has run after the array: checks that all outputs are there and writes
# gradient.vrt; while some are missing it submits all again, which keeps those that are there.
# Its arguments are those of submit.sh.
#SBATCH --job-name=demgrad-merge
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append

arguments=()
for argument in "${@:2}"; do
    [ "$argument" = --prune ] || arguments+=("$argument") # the array's first task did so
done
if "$DEMGRAD" batch --verify -q "${arguments[@]}"; then
    echo "all outputs are there"
    exit 0
fi
if [ "$DEMGRAD_ROUNDS" -le 1 ]; then
    echo "outputs are missing, and the last round is over; the tasks' logs say why" >&2
    exit 1
fi
export DEMGRAD_ROUNDS=$((DEMGRAD_ROUNDS - 1))
exec "$DEMGRAD_DEPLOY/submit.sh" "$@"
