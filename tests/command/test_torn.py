"""Nothing torn: a full disk, a signal or a closed pipe leaves no output, no temporary file, and an
output that was there byte for byte."""

import glob
import os
import resource
import shutil
import signal
import subprocess
import time

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, sha256, terrain, write_raster

SMALL = terrain(20, 30)
LIMIT = 600_000  # bytes a file may grow to in the tests of a full disk


def limit_files():
    """Every write beyond LIMIT fails, as on a full disk; the signal for it is left at its default."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


class FullDisk(CommandTest):
    def check(self, *arguments, **how):
        for existing in (False, True):
            if existing:
                write_raster(self.path("out.tif"), SMALL)
            before = self.files(), existing and sha256(self.path("out.tif"))
            result = self.demgrad("gradient", "-q", "--overwrite", *arguments, "in.tif", "out.tif",
                                  **how)
            self.assert_error(result, 1, "out.tif")
            self.assertNotIn(".demgrad-", result.err)
            self.assertEqual((self.files(), existing and sha256(self.path("out.tif"))), before)

    def test_limit_while_writing(self):
        self.make(terrain(900, 1100))
        for threads in (1, 2):
            for options in ((), ("--co", "COMPRESS=DEFLATE"), ("--co", "TILED=NO")):
                with self.subTest(f"{threads} {options}"):
                    self.check("-j", threads, *options, preexec_fn=limit_files)

    def test_limit_at_the_flush(self):
        """The output fits in GDAL's cache, so that the writes come with the close."""
        self.make(terrain(300, 300))
        self.check(preexec_fn=limit_files)

    def test_a_file_without_room(self):
        """Files of this size are laid out before the work."""
        self.make(terrain(2100, 2100))
        self.check(preexec_fn=limit_files)

    def test_limit_in_a_cog(self):
        self.make(terrain(600, 700))
        self.check("-f", "COG", "--co", "COMPRESS=NONE", preexec_fn=limit_files)

    def test_limit_in_the_report(self):
        """A report that cannot be written is an error too."""
        self.make(SMALL)
        if not os.path.exists("/dev/full"):
            self.skipTest("needs /dev/full")
        result = self.demgrad("gradient", "-q", "--report", "/dev/full", "in.tif", "out.tif")
        self.assert_error(result, 1, "/dev/full")

    def test_what_is_said_is_lost(self):
        """Progress may be, what info says may not. A run's last line is on stderr."""
        self.make(SMALL)
        if not os.path.exists("/dev/full"):
            self.skipTest("needs /dev/full")
        with open("/dev/full", "wb") as full:
            for command, code, said in ((["gradient", "in.tif", "out.tif"], 0, b"out.tif: "),
                                        (["info", "in.tif"], 1, b"demgrad: error: ")):
                done = subprocess.run([support.DEMGRAD, *command], cwd=self.path(""), stdout=full,
                                      stderr=subprocess.PIPE, check=False)
                self.assertEqual((done.returncode, done.stderr.count(b"\n")), (code, 1), command)
                self.assertTrue(done.stderr.startswith(said), done.stderr)

    def mount(self, *arguments):
        folder = self.path("small")
        os.mkdir(folder)
        mount = subprocess.run(["mount", *arguments, folder], capture_output=True, check=False)
        if mount.returncode:
            self.skipTest("this user may not mount a file system")
        self.addCleanup(subprocess.run, ["umount", folder], check=False)
        return folder

    def test_a_small_disk(self):
        """A file system on a disk, where room is reserved first."""
        disk = self.path("disk")
        with open(disk, "wb") as file:
            file.truncate(20_000_000)
        mkfs = shutil.which("mkfs.ext4", path="/sbin:/usr/sbin")
        if not mkfs or subprocess.run([mkfs, "-q", disk], check=False).returncode:
            self.skipTest("needs mkfs.ext4")
        self.make(terrain(2100, 2100))
        folder = self.mount("-o", "loop", disk)
        result = self.demgrad("gradient", "-q", "in.tif", "small/out.tif")
        self.assert_error(result, 1, "no room for its 36 MB: No space left on device")
        self.assertEqual(os.listdir(folder), ["lost+found"])

    def test_a_small_file_system(self):
        self.make(terrain(2100, 2100), name="large.tif")
        self.make(terrain(600, 700))
        folder = self.mount("-t", "tmpfs", "-o", "size=1m", "none")
        result = self.demgrad("gradient", "-q", "large.tif", "small/out.tif")
        self.assert_error(result, 1, "small/out.tif")
        for options in ((), ("-f", "COG"), ("--co", "TILED=NO"), ("--sync",)):
            with self.subTest(options):
                result = self.demgrad("gradient", "-q", *options, "in.tif", "small/out.tif")
                self.assert_error(result, 1, "small/out.tif")
                self.assertEqual(os.listdir(folder), [])


class Stops(CommandTest):
    def setUp(self):
        """A raster that takes a while: 50 million pixels that are not stored, through DEFLATE."""
        super().setUp()
        dataset = gdal.GetDriverByName("GTiff").Create(
            self.path("in.tif"), 5000, 10000, 1, gdal.GDT_Int16, ["SPARSE_OK=YES", "TILED=YES"])
        dataset.SetGeoTransform(support.NORTH_UP)
        dataset.SetSpatialRef(support.crs(support.UTM))
        dataset.GetRasterBand(1).WriteArray(terrain(600, 700))
        dataset = None

    def start(self, *arguments, **how):
        return subprocess.Popen(
            [support.DEMGRAD, "gradient", "--overwrite", *map(str, arguments), "in.tif", "out.tif"],
            cwd=self.folder, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, **how)

    def wait_until_writing(self, process):
        for _ in range(2000):
            if any(name.startswith(".demgrad-") for name in os.listdir(self.folder)):
                return
            if process.poll() is not None:
                break
            time.sleep(0.005)
        self.fail("the run ended before it was stopped, or never began to write")

    def check_stopped(self, process, code, before):
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, code, err)
        self.assertEqual((self.files(), sha256(self.path("out.tif"))), before)
        self.assertLessEqual(len(err.splitlines()), 1, err)

    def existing(self):
        write_raster(self.path("out.tif"), SMALL)
        return self.files(), sha256(self.path("out.tif"))

    def test_signals(self):
        slow = ("--co", "COMPRESS=DEFLATE", "--co", "ZLEVEL=9", "-q")
        """Of users, of schedulers before they kill, of limits of time."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU, signal.SIGUSR1,
                       signal.SIGUSR2, signal.SIGALRM):
            for threads in (1, 3):
                with self.subTest(f"{number.name} -j {threads}"):
                    before = self.existing()
                    process = self.start(*slow, "-j", threads)
                    self.wait_until_writing(process)
                    time.sleep(0.2)
                    process.send_signal(number)
                    self.check_stopped(process, 128 + number, before)

    def test_few_threads(self):
        """Where the system gives fewer than are asked for, the run goes on with those, and says nothing."""
        if os.geteuid() != 0:
            self.skipTest("needs a user who has no other processes")
        os.chmod(self.folder, 0o777)
        for most in (1, 3, 6, 8, 10):
            for command in (("gradient", "in.tif", f"out{most}.tif"),
                            ("batch", "--tile", "400x400", "--output-dir", f"out{most}", "in.tif")):
                try:
                    result = self.demgrad(
                        command[0], "-q", "-j", 4, "--co", "COMPRESS=DEFLATE", *command[1:], user=65534,
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NPROC, (most, most)))
                except PermissionError:
                    self.skipTest("nobody may not run demgrad here")
                self.assertEqual((result.code, result.err), (0, ""), command)

    def test_an_input_that_changes_meanwhile(self):
        """What was read may be of both."""
        for change in ("grows", "is replaced", "is touched"):
            with self.subTest(change):
                before = self.existing()
                process = self.start("-q", "--co", "COMPRESS=DEFLATE")
                self.wait_until_writing(process)
                process.send_signal(signal.SIGSTOP)
                shutil.copy2(self.path("in.tif"), self.path("copy.tif"))
                if change == "grows":
                    with open(self.path("in.tif"), "ab") as file:
                        file.write(b"more")
                elif change == "is replaced":
                    shutil.copy(self.path("copy.tif"), self.path("new.tif"))
                    os.replace(self.path("new.tif"), self.path("in.tif"))
                else:
                    os.utime(self.path("in.tif"))
                process.send_signal(signal.SIGCONT)
                _, err = process.communicate(timeout=60)
                os.replace(self.path("copy.tif"), self.path("in.tif"))
                self.assertEqual(process.returncode, 1, err)
                self.assertIn("in.tif: was changed while it was read", err)
                self.assertEqual((self.files(), sha256(self.path("out.tif"))), before)

    def test_a_signal_while_a_cog_is_copied(self):
        """The COG is made from a finished file: the second half of the run stops too."""
        before = self.existing()
        process = self.start("-f", "COG", "-q", "--co", "LEVEL=9")
        for _ in range(4000):
            if process.poll() is not None:
                self.fail("the run ended before it was stopped")
            if glob.glob(self.path(".demgrad-*/new/*")):
                break
            time.sleep(0.005)
        time.sleep(0.1)
        process.terminate()
        self.check_stopped(process, 128 + signal.SIGTERM, before)

    def test_a_closed_progress_pipe(self):
        for form, stream in (("gdal", "stdout"), ("json", "stderr")):
            with self.subTest(form):
                before = self.existing()
                reading, writing = os.pipe()
                how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: writing}
                process = subprocess.Popen(
                    [support.DEMGRAD, "gradient", "--overwrite", "--progress", form, "--co",
                     "COMPRESS=DEFLATE", "in.tif", "out.tif"], cwd=self.folder, **how)
                os.close(writing)
                os.read(reading, 1)
                os.close(reading)
                self.assertEqual(process.wait(60), 128 + signal.SIGPIPE)
                self.assertEqual((self.files(), sha256(self.path("out.tif"))), before)

    def test_a_closed_pipe_does_not_matter_where_nothing_is_told(self):
        reading, writing = os.pipe()
        os.close(reading)
        process = self.start("--progress", "none", stdout=writing)
        os.close(writing)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertRegex(err, r"\Aout\.tif: 5000 x 10000 pixels; .*\n\Z")

    def test_ignored_signals_stay_ignored(self):
        """As under nohup."""
        process = self.start("-q", "--co", "COMPRESS=DEFLATE",
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_until_writing(process)
        process.send_signal(signal.SIGHUP)
        _, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err), (0, ""))


class Names(CommandTest):
    def test_sync(self):
        self.make(SMALL)
        expected = self.gradient("in.tif", out="expected.tif")
        self.assertTrue(np.array_equal(self.gradient("--sync", "in.tif"), expected))

    def test_two_runs_at_once_do_not_meet(self):
        """Both write the same output: one of the two wins, whole."""
        self.make(terrain(600, 700))
        self.gradient("in.tif", out="expected.tif")
        runs = [subprocess.Popen([support.DEMGRAD, "gradient", "-q", "--overwrite", "in.tif",
                                  "out.tif"], cwd=self.folder) for _ in range(3)]
        self.assertEqual([run.wait(60) for run in runs], [0, 0, 0])
        self.assertEqual(sha256(self.path("out.tif")), sha256(self.path("expected.tif")))
        self.assert_no_leftovers()


if __name__ == "__main__":
    support.main()
