#!/bin/bash
# The job that submit.sh has run after the array: checks that all outputs are there and writes
# gradient.vrt; while some are missing it submits all again, which keeps those that are there.
# Its arguments are those of submit.sh. Where demgrad says something else than that all are there, or
# some are not (wrong usage, status 2), the rounds end: others would end in the same way.
#SBATCH --job-name=demgrad-merge
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append

"$DEMGRAD" batch --verify -q "${@:2}"
status=$?
if [ $status -eq 0 ]; then
    echo "all outputs are there"
    exit 0
fi
if [ $status -ne 1 ]; then
    echo "demgrad ended with status $status; nothing is submitted again" >&2
    exit $status
fi
if [ "$DEMGRAD_ROUNDS" -le 1 ]; then
    echo "outputs are missing, and the last round is over; the tasks' logs say why" >&2
    exit 1
fi
export DEMGRAD_ROUNDS=$((DEMGRAD_ROUNDS - 1))
exec "$DEMGRAD_DEPLOY/submit.sh" "$@"
