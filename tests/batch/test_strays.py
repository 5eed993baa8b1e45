"""Temporary folders that killed runs leave: the next run in that folder removes them, in whatever process
namespace either is, and nothing else: no live run's, nothing that demgrad did not make, nothing that a link
leads to."""

import glob
import os
import re
import shutil
import signal
import subprocess
import time

import batch_support
from batch_support import BatchTest, support, terrain

SLOW = ["--co", "COMPRESS=DEFLATE", "--co", "ZLEVEL=9", "-j", "1"]


class Strays(BatchTest):
    def setUp(self):
        super().setUp()
        self.small = self.make(terrain(30, 40), name="small.tif")
        self.large = self.make(terrain(2500, 2500), name="large.tif", options=["TILED=YES"])

    def strays(self):
        return sorted(glob.glob(os.path.join(self.out, ".demgrad-*")))

    def command(self, kind, *arguments):
        if kind == "batch":
            return [support.DEMGRAD, "batch", "-q", *arguments, "--output-dir", self.out]
        return [support.DEMGRAD, "gradient", "-q", "--overwrite", *arguments]

    def slow(self, kind):
        return self.command(kind, *SLOW) + [self.large] + (
            [os.path.join(self.out, "slow.tif")] if kind == "gradient" else [])

    def start_slow(self, kind):
        """A run that is at work on its output, and its temporary folder."""
        before = self.strays()
        process = subprocess.Popen(self.slow(kind), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        for _ in range(2000):
            new = [stray for stray in self.strays()
                   if stray not in before and glob.glob(os.path.join(stray, "new", "*"))]
            if new:
                return process, new[0]
            time.sleep(0.005)
        self.fail("the run made no temporary folder")

    def run_small(self, kind, *arguments):
        command = self.command(kind, *arguments) + [self.small]
        command += [os.path.join(self.out, "small.tif")] if kind == "gradient" else []
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_they_go_on_the_next_run_of_either_command(self):
        for killed in ("gradient", "batch"):
            for rerun in ("gradient", "batch"):
                with self.subTest(f"{killed}, then {rerun}"):
                    process, stray = self.start_slow(killed)
                    process.kill()
                    process.wait()
                    self.assertEqual(self.strays(), [stray])
                    self.run_small(rerun)
                    self.assertEqual(self.strays(), [])

    def test_none_stays_in_a_folder_that_is_moved_meanwhile(self):
        """Nor in one that another takes the name of; and the disk is not blamed."""
        moved, other = self.out + "-moved", self.out + "-other"
        changes = {"moved": lambda: None, "replaced": lambda: os.mkdir(self.out),
                   "linked": lambda: (os.mkdir(other), os.symlink(other, self.out))}
        for kind in ("gradient", "batch"):
            for name, change in changes.items():
                with self.subTest(f"{kind}, {name}"):
                    process, stray = self.start_slow(kind)
                    process.send_signal(signal.SIGSTOP)
                    os.rename(self.out, moved)
                    change()
                    process.send_signal(signal.SIGCONT)
                    _, err = process.communicate(timeout=120)
                    self.assertEqual(process.returncode, 1)
                    self.assertIn(b"was moved, replaced or removed", err.splitlines()[0])
                    self.assertNotIn(b"disk", err)
                    self.assertFalse(os.path.exists(os.path.join(moved, os.path.basename(stray))))
                    for folder in (self.out, other):
                        self.assertEqual(os.listdir(folder) if os.path.exists(folder) else [], [])
                    if os.path.islink(self.out):
                        os.remove(self.out)
                        os.rmdir(other)
                    elif os.path.exists(self.out):
                        os.rmdir(self.out)
                    os.rename(moved, self.out)

    def test_those_of_live_runs_stay(self):
        for kind in ("gradient", "batch"):
            process, stray = self.start_slow(kind)
            process.send_signal(signal.SIGSTOP)
            for rerun in ("gradient", "batch"):
                self.run_small(rerun)
            self.run_small("batch", "--verify")
            self.assertEqual(self.strays(), [stray])
            process.send_signal(signal.SIGCONT)
            _, err = process.communicate(timeout=120)
            self.assertEqual((process.returncode, err), (0, b""))
            self.assertEqual(self.strays(), [])

    def test_names_cannot_be_guessed(self):
        names = set()
        for _ in range(2):
            process, stray = self.start_slow("gradient")
            names.add(os.path.basename(stray))
            self.assertEqual(os.stat(stray).st_mode & 0o777, 0o700)
            process.terminate()
            process.wait()
            self.assertEqual(self.strays(), [])
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertRegex(name, r"^\.demgrad-[0-9a-f]{16}$")

    # What demgrad did not make

    def victim(self):
        os.mkdir(self.path("victim"))
        with open(self.path("victim/a"), "w", encoding="ascii") as file:
            file.write("precious")

    def assert_victim_lives(self):
        with open(self.path("victim/a"), encoding="ascii") as file:
            self.assertEqual(file.read(), "precious")

    def test_links_are_not_followed(self):
        """Neither in folders that have a temporary one's name, nor in one that is stale."""
        self.victim()
        process, stray = self.start_slow("batch")
        process.kill()
        process.wait()
        old = os.path.join(self.out, f".demgrad-4194303-0-{os.uname().nodename}")
        forged = os.path.join(self.out, ".demgrad-0123456789abcdef")
        for folder in (old, forged):
            os.mkdir(folder)
            shutil.copy(os.path.join(stray, "lock"), folder)
        linked = os.path.join(self.out, ".demgrad-fedcba9876543210")
        for name in (old + "/x", forged + "/x", stray + "/new/x", stray + "/x", linked):
            os.symlink(self.path("victim"), name)
        for arguments in ([], ["--verify"], ["--overwrite"]):
            self.run_small("batch", *arguments)
            self.assert_victim_lives()
        self.assertFalse(os.path.lexists(stray))
        self.assertTrue(os.path.isdir(old) and os.path.islink(linked))

    def test_what_others_made_stays(self):
        """Also where all is verified."""
        names = [".demgrad-notes", ".demgrad-1-1-somewhere", ".demgrad-0123456789abcdef",
                 ".demgrad-x"]
        for name in names:
            os.mkdir(os.path.join(self.out, name))
            with open(os.path.join(self.out, name, "mine"), "w", encoding="ascii") as file:
                file.write("mine")
        with open(os.path.join(self.out, ".demgrad-00000000000000ff"), "w", encoding="ascii") as file:
            file.write("mine")
        before = self.strays()
        for arguments in ([], ["--verify"]):
            self.run_small("batch", *arguments)
            self.assertEqual(self.strays(), before)
        for name in names:
            self.assertEqual(os.listdir(os.path.join(self.out, name)), ["mine"])

    # Containers: every one has a process 1 or 2, and often the same host name

    def in_namespace(self, script, **how):
        """Runs a shell script in a process namespace of its own."""
        command = ["unshare", "--pid", "--fork", "--mount-proc", "bash", "-c", script]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, **how)

    def need_namespaces(self):
        probe = self.in_namespace("true")
        if not shutil.which("unshare") or (probe.communicate(), probe.returncode)[1]:
            self.skipTest("this user may not make process namespaces")

    def shell(self, *command):
        return " ".join(f"'{word}'" for word in command)

    def test_a_container_that_was_killed_does_not_hinder_the_next(self):
        self.need_namespaces()
        slow = self.shell(*self.slow("batch"))
        killed = self.in_namespace(f"{slow} & p=$!; until ls {self.out}/.demgrad-*/new/* 2>/dev/null; "
                                   "do sleep 0.01; done; kill -9 $p; wait $p")
        killed.communicate(timeout=60)
        self.assertEqual(len(self.strays()), 1)
        rerun = self.in_namespace(f"{slow} & wait $!")
        _, err = rerun.communicate(timeout=120)
        self.assertEqual((rerun.returncode, err), (0, ""))
        self.assertEqual(self.strays(), [])

    def test_two_containers_at_once(self):
        """The one does not take the other's folder for a dead run's, though no such process is seen."""
        self.need_namespaces()
        first = self.in_namespace(f"{self.shell(*self.slow('gradient'))} & wait $!")
        for _ in range(2000):
            if self.strays():
                break
            time.sleep(0.005)
        self.assertEqual(len(self.strays()), 1)
        for kind in ("gradient", "batch"):
            command = self.command(kind) + [self.small] + (
                [os.path.join(self.out, "small.tif")] if kind == "gradient" else [])
            second = self.in_namespace(f"{self.shell(*command)} & wait $!")
            _, err = second.communicate(timeout=60)
            self.assertEqual((second.returncode, err), (0, ""))
        self.assertEqual(len(self.strays()), 1)
        _, err = first.communicate(timeout=120)
        self.assertEqual((first.returncode, err), (0, ""))
        self.assertEqual(self.strays(), [])

    # Where locks do not tell

    def test_without_locks_nothing_is_removed(self):
        """As on some network file systems."""
        probe = subprocess.run(["strace", "-o", "/dev/null", "true"], check=False,
                               capture_output=True) if shutil.which("strace") else None
        if not probe or probe.returncode:
            self.skipTest("needs strace")
        refuse = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=flock", "-e",
                  "inject=flock:error=ENOLCK"]
        process = subprocess.Popen(refuse + self.slow("gradient"), stdin=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        while not self.strays() and process.poll() is None:
            time.sleep(0.005)
        stray = self.strays()
        self.run_small("batch")
        self.assertEqual(self.strays(), stray)
        _, err = process.communicate(timeout=120)
        self.assertEqual((process.returncode, re.sub(rb"strace: .*\n", b"", err)), (0, b""))
        self.assertEqual(self.strays(), [])


if __name__ == "__main__":
    batch_support.main()
