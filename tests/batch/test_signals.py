"""SIGINT, SIGTERM and SIGHUP end every command, whatever it waits for: the status says which, one line
what was kept, and nothing unfinished is left. Issue 15: 8."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import batch_support
from batch_support import BatchTest, support, terrain

SIGNALS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP

# Seconds that nothing but a process that does not end takes. Half a second is what is promised; the
# machine may have other things to do.
NEVER = 20


class Signals(BatchTest):
    def setUp(self):
        super().setUp()
        self.good = self.make(terrain(30, 40), "good.tif")
        self.pipe = self.path("pipe.tif")
        os.mkfifo(self.pipe)

    def start(self, *arguments, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen([support.DEMGRAD, *map(str, arguments)], cwd=self.folder, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)

    def end(self, process, *numbers, code=None):
        """Sends the signals; what the command says, once it has ended as it must."""
        try:
            for number in numbers:
                process.send_signal(number)
            out, err = process.communicate(timeout=NEVER)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.fail(f"{numbers} did not end {process.args[1:]}")
        self.assertEqual(process.returncode, code or 128 + numbers[0], (process.args[1:], out, err))
        for folder in (self.folder, self.out):
            self.assertEqual([n for n in os.listdir(folder) if n.startswith(".")], [], process.args)
        return err

    def states(self, process):
        """Of its threads, as the kernel's letters; X of one that ends meanwhile."""
        tasks, states = f"/proc/{process.pid}/task", []
        for task in os.listdir(tasks):
            try:
                with open(f"{tasks}/{task}/stat", encoding="latin-1") as file:
                    states.append(file.read().rpartition(")")[2].split()[0])
            except (FileNotFoundError, ProcessLookupError):
                states.append("X")
        return states

    def waits(self, process):
        """Until all threads of the process sleep, which it does at what never comes."""
        asleep = 0
        for _ in range(400):
            time.sleep(0.05)
            self.assertIsNone(process.poll(), process.args)
            states = self.states(process)
            asleep = asleep + 1 if len(states) > 1 and set(states) == {"S"} else 0
            if asleep == 3:
                return process
        self.fail(f"{process.args} works on and on")

    def test_a_pipe_that_nobody_writes_to(self):
        out, good, pipe = self.out, self.good, self.pipe
        for words, command in (
                (": interrupted\n", ["info", pipe]),
                (": interrupted\n", ["info", "--json", good, pipe]),
                ("nothing was kept", ["gradient", pipe, "o.tif"]),
                ("nothing was kept", ["gradient", good, pipe, "o.tif"]),
                ("nothing was kept", ["gradient", "--x-coords", pipe, good, "o.tif"]),
                ("the output was kept", ["gradient", "-q", "--overwrite", "--report", pipe, good,
                                             "new.tif"]),
                ("0 outputs were kept", ["batch", "-q", "--output-dir", out, good, pipe]),
                ("0 outputs were kept", ["batch", "-q", "--output-dir", out, pipe, good]),
                ("0 outputs were kept", ["batch", "-q", "--output-dir", out, f"@{pipe}"]),
                ("1 output was kept", ["batch", "-q", "--report", pipe, "--output-dir", out, good])):
            for number in SIGNALS:
                with self.subTest(f"{number.name}: {command}"):
                    err = self.end(self.waits(self.start(*command)), number)
                    self.assertEqual(len(err.splitlines()), 1, err)
                    self.assertIn(words, err)
                    self.assertFalse(os.path.exists(self.path("o.tif")))
            for name in os.listdir(out):
                os.remove(os.path.join(out, name))
            if os.path.exists(self.path("new.tif")):
                os.remove(self.path("new.tif"))

    def test_verify(self):
        self.batch(self.good)
        for number in SIGNALS:
            process = self.start("batch", "--verify", "--output-dir", self.out, self.good, self.pipe)
            self.assertIn("interrupted", self.end(self.waits(process), number))

    def serve_nothing(self):
        """A server that takes every connection and never answers; its address."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)

        def accept():
            with contextlib.ExitStack() as taken, contextlib.suppress(OSError):
                while True:
                    taken.enter_context(listener.accept()[0])
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(listener.close)
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)
        return f"/vsicurl/http://127.0.0.1:{listener.getsockname()[1]}/x.tif"

    def test_a_server_that_never_answers(self):
        url = self.serve_nothing()
        for command in (["info", url], ["gradient", url, "o.tif"], ["gradient", self.good, url, "o.tif"],
                        ["batch", "--output-dir", self.out, url, self.good],
                        ["batch", "--verify", "--output-dir", self.out, self.good, url]):
            for number in SIGNALS:
                with self.subTest(f"{number.name}: {command}"):
                    err = self.end(self.waits(self.start(*command)), number)
                    self.assertIn("interrupted", err)

    def test_an_output_that_hangs_half_written(self):
        """By the first signal, and at once by a second one."""
        hung = self.path("hung.vrt")
        for number in SIGNALS:
            for numbers in ((number,), (number, number), (number, signal.SIGTERM)):
                process = self.start("gradient", "--overwrite", self.hanging(hung), "o.tif")
                self.assertIn("nothing was kept", self.end(self.waits(process), *numbers,
                                                           code=128 + number))
                self.assertFalse(os.path.exists(self.path("o.tif")))

    def hanging(self, vrt):
        """A raster that opens, and hangs where it is read: its lower half is a pipe."""
        with open(vrt, "w", encoding="ascii") as file:
            file.write('<VRTDataset rasterXSize="40" rasterYSize="600"><SRS>EPSG:32632</SRS>'
                       "<GeoTransform>500000,30,0,4900000,0,-20</GeoTransform>"
                       '<VRTRasterBand dataType="Float32" band="1">')
            for name, row in ((self.good, 0), (self.pipe, 570)):
                file.write(f"<SimpleSource><SourceFilename>{name}</SourceFilename>"
                           '<SourceProperties RasterXSize="40" RasterYSize="30" DataType="Float32"/>'
                           '<SrcRect xOff="0" yOff="0" xSize="40" ySize="30"/>'
                           f'<DstRect xOff="0" yOff="{row}" xSize="40" ySize="30"/></SimpleSource>')
            file.write("</VRTRasterBand></VRTDataset>")
        return vrt

    def test_batch_keeps_what_is_finished(self):
        tiles = self.regular(terrain(60, 80), 2, 2)
        hung = self.hanging(self.path("hung.vrt"))
        for number in SIGNALS:
            expected = [os.path.basename(self.output(tile)) for tile in tiles]
            process = self.start("batch", "-q", "-j", "1", "--output-dir", self.out, *tiles, hung)
            self.waits(process)
            done = sorted(os.path.basename(n) for n in os.listdir(self.out) if not n.startswith("."))
            self.assertTrue(set(done) <= set(expected), done)
            self.assertIn(f"{len(done)} output", self.end(process, number))
            self.assertEqual(sorted(os.listdir(self.out)), done)
            self.batch(*tiles)
            self.assertEqual(sorted(os.listdir(self.out)), expected)
            again = self.start("batch", "-q", "-j", "1", "--output-dir", self.out, *tiles, hung)
            self.assertIn("4 outputs were kept", self.end(self.waits(again), number))
            shutil.rmtree(self.out)
            os.mkdir(self.out)

    def test_a_long_scan(self):
        """Thousands of tiles are looked at before the first pixel: it does not go on with the rest."""
        tiles = self.path("list")
        with open(tiles, "w", encoding="ascii") as file:
            file.write("".join(f"{self.good}\n" for _ in range(100000)))
        for number in SIGNALS:
            for command in (["batch", "-q", "--output-dir", self.out, "@list"],
                            ["batch", "--verify", "--output-dir", self.out, "@list"]):
                process = self.start(*command)
                while len(os.listdir(f"/proc/{process.pid}/task")) < 2:
                    time.sleep(0.01)  # until it has started
                time.sleep(0.2)
                self.assertIn("interrupted", self.end(process, number))

    def test_the_comparison_of_overlaps(self):
        big = [self.make(terrain(50, 60), "a.tif"), self.make(terrain(50, 60, seed=2), "b.tif")]
        for name in big:
            os.remove(name)
            subprocess.run([support.sys.executable, "-c", SPARSE, name], check=True)
        result = self.start("batch", "-q", "--output-dir", self.out, "--report", "r.json", *big)
        deadline = time.monotonic() + 300
        while len([n for n in os.listdir(self.out) if not n.startswith(".")]) < 2:
            self.assertIsNone(result.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.assertIn("2 outputs were kept", self.end(result, signal.SIGINT))
        self.assertFalse(os.path.exists(self.path("r.json")))

    def test_ignored_signals_stay_ignored(self):
        """As under nohup; what is not ignored ends it all the same."""
        process = self.start("info", self.pipe,
                             preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.waits(process)
        process.send_signal(signal.SIGHUP)
        time.sleep(1)
        self.assertIsNone(process.poll())
        self.end(process, signal.SIGTERM)

    def test_a_closed_progress_pipe_where_all_else_hangs(self):
        """What is told of one tile finds no reader, while another thread waits for a pipe."""
        tiles = self.regular(terrain(60, 80), 2, 2)
        hung = self.hanging(self.path("hung.vrt"))
        reading, writing = os.pipe()
        os.close(reading)
        process = subprocess.Popen(
            [support.DEMGRAD, "batch", "--progress", "gdal", "-j", "2", "--output-dir", self.out, hung,
             *tiles], stdout=writing, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        os.close(writing)
        self.assertIn("interrupted", self.end(process, code=128 + signal.SIGPIPE))


SPARSE = """
import sys
from osgeo import gdal
gdal.UseExceptions()
made = gdal.GetDriverByName("GTiff").Create(sys.argv[1], 6000, 6000, 1, gdal.GDT_Byte,
                                            ["SPARSE_OK=YES", "TILED=YES"])
made.SetGeoTransform((500000, 30, 0, 5000000, 0, -20))
"""


if __name__ == "__main__":
    batch_support.main()
