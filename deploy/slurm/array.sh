#!/bin/bash
# One task of the job array that submit.sh submits: does its part of `demgrad batch`.
#SBATCH --job-name=demgrad
#SBATCH --cpus-per-task=1
#SBATCH --requeue
#SBATCH --open-mode=append

exec "${DEMGRAD-demgrad}" batch --part auto -j "${SLURM_CPUS_PER_TASK:-1}" --progress none "$@"
