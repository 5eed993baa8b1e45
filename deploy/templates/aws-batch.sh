#!/bin/bash
# usage: aws-batch.sh PARTS [demgrad batch argument]...
#
# Submits a batch as an array job of AWS Batch. UNTRIED: nobody has run this template yet.
#
# The job definition's image has demgrad in it, and a file system of inputs and outputs (EFS or FSx)
# mounted. AWS Batch tells its tasks index and count. The second job runs when the first has
# succeeded; where a task failed for good it never does: then submit again, which keeps what is there.
# Wrong usage, status 2, is not tried again.
#
#   JOB_QUEUE, JOB_DEFINITION  names of those in your account
set -euo pipefail

parts=${1?how many parts?}
shift

# The command as the JSON list that AWS Batch takes. Arguments must not contain " or \.
overrides() {
    local list
    list=$(printf ',"%s"' "$@")
    echo "{\"command\":[${list:1}]}"
}

array=$(aws batch submit-job --job-name demgrad --job-queue "$JOB_QUEUE" \
    --job-definition "$JOB_DEFINITION" --array-properties size="$parts" \
    --retry-strategy 'attempts=3,evaluateOnExit=[{onExitCode=2,action=EXIT}]' --query jobId --output text \
    --container-overrides "$(overrides demgrad batch --part auto --progress none "$@")")
aws batch submit-job --job-name demgrad-merge --job-queue "$JOB_QUEUE" \
    --job-definition "$JOB_DEFINITION" --depends-on jobId="$array" \
    --container-overrides "$(overrides demgrad batch --verify -q "$@")"
