"""What the command says holds names and metadata, whatever bytes they are of: on the terminal nothing
that steers it, in JSON always UTF-8. Issue 15: 7."""

import json
import os
import subprocess
import unicodedata

import numpy as np

import support
from support import CommandTest, terrain

# Escape sequences and line breaks, C1 controls as UTF-8 and raw, overrides of direction, DEL, no UTF-8.
HOSTILE = (b"e\x1b[31m\ndemgrad: error: fake", b"c\xc2\x9b31m\x9b31m", b"d\xe2\x80\xaefit\xe2\x81\xa6",
           b"q\x07\x08\x7f\r\tz", b"b\xff\xc3(", b"p\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8f", b"s\xed\xa0\x80")


def steers(text):
    """The characters of a text, line ends aside, that do something to a terminal."""
    return [c for c in text if c != "\n" and (
        unicodedata.category(c) in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(c) in
        ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") or c in "\u200e\u200f\u061c")]


class Texts(CommandTest):
    def run_bytes(self, *arguments):
        done = subprocess.run([support.DEMGRAD, *arguments], cwd=self.folder, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False)
        for said in (done.stdout, done.stderr):
            self.assertEqual(steers(said.decode("utf-8")), [], said)
        return done

    def assert_lines(self, text, count=1):
        lines = text.decode().splitlines()
        self.assertEqual(len(lines), count, lines)
        for line in lines:
            self.assertRegex(line, "^demgrad: (error|warning): ")

    def rename(self, name, **how):
        made = self.make(terrain(20, 30), **how)
        path = os.path.join(os.fsencode(self.folder), name)
        os.rename(made, path)
        return name

    def test_errors_and_warnings_with_hostile_names(self):
        self.make(terrain(20, 30), "good.tif")
        for part in HOSTILE:
            with self.subTest(part):
                name = self.rename(part + b".tif", srs=None)
                warning, last = self.run_bytes("gradient", "--progress", "none", "--overwrite", name,
                                               part + b"o.tif").stderr.splitlines()
                self.assert_lines(warning)
                self.assertRegex(last, rb"o\.tif: 30 x 20 pixels; ")
                self.assert_lines(self.run_bytes("info", name).stderr)
                self.assert_lines(self.run_bytes("info", part + b".gone").stderr)
                self.assert_lines(self.run_bytes("gradient", "good.tif", part + b"/out.tif").stderr)
                self.assert_lines(self.run_bytes("gradient", "--report", part + b"/r.json", "good.tif",
                                                 "out.tif").stderr)

    def test_wrong_usage_with_hostile_values(self):
        for part in HOSTILE:
            with self.subTest(part):
                for arguments in ((part,), ("gradient", b"--" + part), ("gradient", "--band", part),
                                  ("gradient", "-" + "\x9b"), ("gradient", "--co", part),
                                  ("gradient", "--x-coords", part), ("batch", "--part", part)):
                    done = self.run_bytes(*arguments)
                    self.assert_lines(done.stderr)
                    self.assertEqual(done.returncode, 2)

    def test_metadata(self):
        """A unit and a CRS's name come from the file."""
        for part in HOSTILE[:4]:
            text = part.decode("utf-8", "replace").replace('"', "")
            wkt = (f'LOCAL_CS["{text}",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
            self.make(terrain(20, 30), srs=wkt, unit=text[:20])
            with self.subTest(text):
                self.run_bytes("info", "in.tif")
                told = json.loads(self.run_bytes("info", "--json", "in.tif").stdout)
                self.assertEqual(told["crs"]["kind"], "local")
                self.run_bytes("gradient", "--overwrite", "in.tif", "out.tif")

    def test_batch(self):
        os.mkdir(self.path("out"))
        for part in HOSTILE:
            with self.subTest(part):
                name = self.rename(part + b".tif", srs=None)
                self.run_bytes("batch", "--verify", "--output-dir", "out", name)
                self.run_bytes("batch", "--output-dir", "out", "--report", "r.json", name,
                               b"x" + part + b".gone")
                report = self.load("r.json")
                self.assertEqual([tile["state"] for tile in report["tiles"]].count("failed"), 1)

    def load(self, name):
        with open(self.path(name), "rb") as file:
            text = file.read().decode("utf-8")
        self.assertEqual(steers(text), [])
        return json.loads(text)

    def test_json_reads_back_as_the_name(self):
        """Exactly, but for bytes that are not UTF-8: those read as \\xff, which is Python's
        backslashreplace."""
        for part in HOSTILE + (b'"\\quoted\\"', "ü €".encode()):
            with self.subTest(part):
                name = self.rename(part + b".tif")
                done = self.run_bytes("gradient", "-q", "--overwrite", "--report", "r.json", name, "o.tif")
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(self.load("r.json")["inputs"],
                                 [name.decode("utf-8", "backslashreplace")])

    def test_info_says_json_on_failure_too(self):
        self.make(np.full((1, 1), 1.0))
        for name in ("gone.tif", "in.tif", ".", b"gone\xff\x1b.tif"):
            done = self.run_bytes("info", "--json", name)
            self.assertEqual(done.returncode, 1)
            self.assert_lines(done.stderr)
            error = json.loads(done.stdout)["error"]
            self.assertEqual(done.stderr.decode(), f"demgrad: error: {error}\n")

    def test_a_long_name_does_not_hide_what_is_wrong(self):
        """Up to the 4,095 bytes that the system takes, the whole name; of longer ones the ends."""
        for size, is_whole in ((1000, True), (4090, True), (20000, False)):
            name = "/".join(["ab"] * (size // 3))
            done = self.run_bytes("info", name)
            line = done.stderr.decode()
            self.assertEqual(line[:26], "demgrad: error: ab/ab/ab/a")
            self.assertTrue("ab: cannot be opened as a raster: " in line, line[-500:])
            self.assertLess(len(line), 9000)
            self.assertEqual(name + ":" in line, is_whole)

    def test_progress_json_is_utf8(self):
        name = self.rename(HOSTILE[0] + b".tif")
        done = self.run_bytes("gradient", "--progress", "json", name, "o.tif")
        for line in done.stderr.decode().splitlines():
            json.loads(line)


if __name__ == "__main__":
    support.main()
