"""A batch that is killed at any moment leaves whole outputs and stale files; the next run makes the
rest, to the same bytes, and removes what is stale."""

import os
import random
import shutil
import signal
import subprocess
import time

import batch_support
from batch_support import BatchTest, support, terrain

KILLS = int(os.environ.get("DEMGRAD_KILLS", "8"))
SEED = int(os.environ.get("DEMGRAD_SEED", "20240611"))


class Kill(BatchTest):
    def setUp(self):
        super().setUp()
        self.tiles = self.regular(terrain(800, 1000), 10, 8)
        self.options = ["--co", "COMPRESS=DEFLATE"]

    def start(self):
        command = [support.DEMGRAD, "batch", "-q", "--output-dir", self.out, *self.options]
        return subprocess.Popen([*command, *self.tiles], stdin=subprocess.DEVNULL,
                                stderr=subprocess.PIPE)

    def undisturbed(self):
        """The outputs of a run that nobody kills, and its seconds."""
        started = time.monotonic()
        self.batch(*self.options, *self.tiles)
        seconds = time.monotonic() - started
        outputs = self.outputs()
        self.empty()
        return outputs, seconds

    def empty(self):
        shutil.rmtree(self.out)
        os.mkdir(self.out)

    def touch(self, name):
        open(os.path.join(self.out, name), "w", encoding="ascii").close()

    def leftovers(self):
        return [name for name in os.listdir(self.out) if name.startswith(".")]

    def test_kill_at_random_moments(self):
        expected, seconds = self.undisturbed()
        moments, stale, kept = random.Random(SEED), 0, 0
        for i in range(KILLS):
            moment = moments.uniform(0.1, 1) * seconds
            text = f"kill {i} of seed {SEED}, after {moment:.3f} s"
            process = self.start()
            time.sleep(moment)
            process.kill()
            process.communicate()
            stale += len(self.leftovers())
            whole = self.outputs()
            for name, data in whole.items():
                self.assertEqual(data, expected[name], f"{name} is torn: {text}")
            self.batch(*self.options, *self.tiles)
            self.assertEqual(self.outputs(), expected, text)
            self.assertEqual(self.report()["kept"], len(whole), text)
            kept += len(whole)
            self.empty()
        self.assertGreater(kept, 0, "every kill came before the first output")
        print(f"{KILLS} kills: {stale} stale files, {kept} outputs kept")

    def test_stale_files(self):
        """Those of dead processes of this machine go on any rerun; all go when all is verified."""
        process = self.start()
        process.communicate()
        host = os.uname().nodename
        dead, other = f".demgrad-{process.pid}-3-{host}", f".demgrad-1-1-not{host}"
        alive = f".demgrad-{os.getpid()}-2-{host}"
        for name in (dead, other, alive):
            os.mkdir(os.path.join(self.out, name))
            self.touch(os.path.join(name, "t000_gradient.tif"))
        self.touch(f".demgrad-{process.pid}-4-{host}")  # as that of a mosaic
        self.assertEqual(self.run_batch(*self.options, *self.tiles).code, 0)
        self.assertEqual(sorted(self.leftovers()), sorted([other, alive]))
        self.assertEqual(self.run_batch("--verify", *self.options, *self.tiles).code, 0)
        self.assertEqual(self.leftovers(), [])

    def test_temporary_files_name_their_process_and_machine(self):
        """Else nobody could tell whose they are."""
        process, seen = self.start(), set()
        while process.poll() is None:
            seen.update(self.leftovers())
        process.communicate()
        self.assertTrue(seen, "no temporary file was seen")
        for name in seen:
            self.assertTrue(name.startswith(f".demgrad-{process.pid}-"), name)
            self.assertTrue(name.endswith("-" + os.uname().nodename), name)

    def test_signals_that_ask(self):
        """SIGINT and SIGTERM end it with its outputs whole and nothing stale."""
        expected, seconds = self.undisturbed()
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start()
            time.sleep(0.4 * seconds)
            process.send_signal(number)
            process.communicate(timeout=20)
            self.assertIn(process.returncode, (128 + number, 0))
            self.assertEqual(self.leftovers(), [])
            for name, data in self.outputs().items():
                self.assertEqual(data, expected[name], name)
            self.batch(*self.options, *self.tiles)
            self.assertEqual(self.outputs(), expected)
            self.empty()


if __name__ == "__main__":
    batch_support.main()
