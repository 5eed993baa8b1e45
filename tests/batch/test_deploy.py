"""The job scripts in deploy, with schedulers that run each job as soon as it is submitted."""

import os
import re
import shutil
import subprocess
import sys

import batch_support
from batch_support import BatchTest, support, terrain

DEPLOY = os.path.join(batch_support.HERE, "..", "..", "deploy")

# Runs a copy of the script in $JOBS, as Slurm does; the tasks of an array one by one.
SBATCH = """#!/bin/bash
set -u
dependency=none
while [[ ${1-} == --* ]]; do
    case $1 in
    --array=*) array=${1#--array=0-} && array=${array%%%*} ;;
    --dependency=*) dependency=${1#--dependency=} ;;
    esac
    shift
done
echo "$(basename "$1") $dependency" >>"$JOBS/submitted"
number=$(wc -l <"$JOBS/submitted")
cp "$1" "$JOBS/job$number"
shift
for ((task = 0; task <= ${array:-0}; task++)); do
    [ -z "${array-}" ] || export SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=0 \\
        SLURM_ARRAY_TASK_MAX=$array SLURM_ARRAY_TASK_COUNT=$((array + 1))
    bash "$JOBS/job$number" "$@" >>"$JOBS/log" 2>&1
    echo "$number: status $?" >>"$JOBS/log"
done
echo "$number;cluster"
"""

QSUB = """#!/bin/bash
set -u
while [ $# -gt 0 ]; do
    case $1 in
    -J) array=${2#0-} ;;
    -v) export "$2" ;;
    esac
    shift 2
done
script=$(cat)
for ((task = 0; task <= ${array:-0}; task++)); do
    [ -z "${array-}" ] || export PBS_ARRAY_INDEX=$task
    bash -c "$script" >>"$JOBS/log" 2>&1
    echo "status $?" >>"$JOBS/log"
done
echo "7[].server"
"""

AWS = """#!{python}
import json, os, subprocess, sys
words = sys.argv[1:]
value = lambda name: words[words.index(name) + 1] if name in words else None
size = value("--array-properties")
command = json.loads(value("--container-overrides"))["command"]
with open(os.environ["JOBS"] + "/log", "a") as log:
    for task in range(int(size.split("=")[1]) if size else 1):
        array = {{"AWS_BATCH_JOB_ARRAY_INDEX": str(task),
                  "AWS_BATCH_JOB_ARRAY_SIZE": size.split("=")[1]}} if size else {{}}
        done = subprocess.run(command, stdout=log, stderr=log, env={{**os.environ, **array}})
        print("status", done.returncode, file=log, flush=True)
print("job-7")
"""


class Deploy(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(40, 60), 3, 1)
        self.jobs = self.path("jobs")
        os.mkdir(self.jobs)
        for name, text in (("sbatch", SBATCH), ("qsub", QSUB), ("aws", AWS.format(python=sys.executable))):
            with open(os.path.join(self.jobs, name), "w", encoding="ascii") as file:
                file.write(text)
            os.chmod(os.path.join(self.jobs, name), 0o755)
        os.symlink(support.DEMGRAD, os.path.join(self.jobs, "demgrad"))

    def submit(self, script, *arguments, parts="2", **environment):
        """Submits, and so runs, a batch of the folder of tiles; what its jobs wrote."""
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("SLURM_", "PBS_", "AWS_", "DEMGRAD"))}
        done = subprocess.run(
            [os.path.join(DEPLOY, script), parts, "--output-dir", self.out, *arguments, self.path("in")],
            env={**kept, "PATH": self.jobs + os.pathsep + os.environ["PATH"], "JOBS": self.jobs,
                 "JOB_QUEUE": "q", "JOB_DEFINITION": "d", **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stdout)
        with open(os.path.join(self.jobs, "log"), encoding="utf-8") as file:
            return file.read()

    def submitted(self):
        with open(os.path.join(self.jobs, "submitted"), encoding="ascii") as file:
            return file.read().split("\n")[:-1]

    def start_anew(self):
        """An orphan in the folder of outputs, and nothing else there."""
        shutil.rmtree(self.out)
        os.mkdir(self.out)
        gone = self.make(terrain(9, 9), name="gone.tif")
        self.batch(gone)
        os.remove(gone)
        for name in ("submitted", "log"):
            if os.path.exists(os.path.join(self.jobs, name)):
                os.remove(os.path.join(self.jobs, name))

    def test_all_is_made_in_one_round(self):
        """Also with the options that a verification takes no notice of, however they are written."""
        for script in ("slurm/submit.sh", "templates/pbs.sh", "templates/aws-batch.sh"):
            for words in ((), ("--prune",), ("--pru",), ("-prune",), ("--prune", "--edge-order", "2", "--prun")):
                with self.subTest(script + " " + " ".join(words)):
                    self.start_anew()
                    log = self.submit(script, *words)
                    self.assertEqual(re.findall(r"status (\d+)", log), ["0", "0", "0"], log)
                    made = {os.path.basename(self.output(tile)) for tile in self.tiles} | {"gradient.vrt"}
                    self.assertEqual(set(os.listdir(self.out)), made | (set() if words else {"gone_gradient.tif"}))

    def test_the_merge_job_waits_for_the_array(self):
        self.assertIn("all outputs are there", self.submit("slurm/submit.sh", parts="2%1"))
        self.assertEqual(self.submitted(), ["array.sh none", "merge.sh afterany:1"])

    def test_while_outputs_are_missing_all_is_submitted_again(self):
        with open(self.tiles[1], "r+b") as file:
            file.truncate(0)
        log = self.submit("slurm/submit.sh", DEMGRAD_ROUNDS="2")
        self.assertIn("the last round is over", log)
        self.assertEqual(self.submitted(), ["array.sh none", "merge.sh afterany:1", "array.sh none",
                                            "merge.sh afterany:3"])

    def test_what_the_next_round_mends(self):
        """The first task of the first round is killed."""
        script = self.path("demgrad")
        with open(script, "w", encoding="ascii") as file:
            file.write(f'#!/bin/sh\n[ -e "$JOBS/killed" ] || {{ touch "$JOBS/killed"; kill -9 $$; }}\n'
                       f'exec {support.DEMGRAD} "$@"\n')
        os.chmod(script, 0o755)
        log = self.submit("slurm/submit.sh", DEMGRAD=script)
        self.assertIn("all outputs are there", log)
        self.assertEqual(len(self.submitted()), 4)

    def test_wrong_usage_ends_the_rounds(self):
        """With the command's message, and its status."""
        for words, said in ((("--bands", "nonesuch"), "--bands nonesuch"), (("--no-such",), "--no-such"),
                            (("--co", "COMPRESS=NONESUCH"), "NONESUCH")):
            with self.subTest(words):
                self.start_anew()
                log = self.submit("slurm/submit.sh", *words)
                self.assertEqual(re.findall(r"status (\d+)\n", log), ["2", "2", "2"], log)
                merge = log.split("status 2\n")[2]
                self.assertIn("demgrad: error: ", merge)
                self.assertIn(said, merge)
                self.assertIn("nothing is submitted again", merge)
                self.assertEqual(len(self.submitted()), 2)

    def test_no_command(self):
        log = self.submit("slurm/submit.sh", DEMGRAD="/nonesuch/demgrad")
        self.assertEqual(re.findall(r": status (\d+)\n", log), ["127", "127", "127"], log)
        self.assertEqual(len(self.submitted()), 2)

    def test_wrong_usage_is_not_tried_again_elsewhere(self):
        """AWS Batch and Kubernetes are told to try again; not what ends with status 2."""
        with open(os.path.join(self.jobs, "aws"), "w", encoding="ascii") as file:
            file.write('#!/bin/sh\nprintf "%s\\n" "$@" >>"$JOBS/log"\n')
        self.assertIn("attempts=3,evaluateOnExit=[{onExitCode=2,action=EXIT}]\n",
                      self.submit("templates/aws-batch.sh"))
        with open(os.path.join(DEPLOY, "templates", "kubernetes.yaml"), encoding="ascii") as file:
            policy = file.read().split("podFailurePolicy:")[1].split("template:")[0]
        self.assertIn("FailJob", policy)
        self.assertIn("values: [2]", policy)


if __name__ == "__main__":
    batch_support.main()
