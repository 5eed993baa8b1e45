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
