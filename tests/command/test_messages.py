"""How messages are told: as JSON for callers, in colours for people only."""

import json
import os
import subprocess

import support
from support import CommandTest, terrain


class Json(CommandTest):
    def objects(self, result):
        return [json.loads(line) for line in result.err.splitlines()]

    def test_errors_and_warnings_are_an_object_a_line(self):
        self.make(terrain(30, 40), srs=None)
        result = self.demgrad("gradient", "--errors", "json", "in.tif", "out.tif")
        self.assertEqual(result.code, 0)
        told = self.objects(result)
        self.assertEqual(told[0]["level"], "warning")
        self.assertTrue(told[0]["message"].startswith("in.tif: has no CRS"), told[0])
        self.assertNotIn("demgrad: ", result.err)
        result = self.demgrad("gradient", "--errors=json", "in.tif", "out.tif")
        self.assertEqual(result.code, 1)
        last = self.objects(result)[-1]
        self.assertEqual(last["level"], "error")
        self.assertIn("out.tif", last["message"])

    def test_progress_and_errors_are_one_stream(self):
        self.make(terrain(300, 400), srs=None)
        for command, rest in (("gradient", ("in.tif", "out.tif")), ("batch", ("--output-dir", self.path("d"), "in.tif"))):
            result = self.demgrad(command, "--errors", "json", "--progress", "json", *rest)
            self.assertEqual((result.code, result.out), (0, ""))
            told = self.objects(result)
            kinds = {"progress" if "done" in o else o["level"] for o in told}
            self.assertEqual(kinds, {"progress", "warning", "note"}, told)
            ends = [o.get("tiles_done") for o in told if o.get("done") == 1]
            self.assertEqual(len(ends), len(set(ends)), told)
            self.assertEqual([o for o in told if "done" in o][-1]["done"], 1)

    def test_wrong_usage_is_one_too_wherever_it_stands(self):
        for words in (("--nosuch", "--errors", "json"), ("--errors", "json", "--nosuch"),
                      ("--errors=JSON", "--nosuch", "a", "b"), ("--nosuch", "--err", "json")):
            result = self.demgrad("gradient", *words)
            self.assertEqual(result.code, 2)
            self.assertEqual(self.objects(result)[0]["level"], "error")
            self.assertIn("--nosuch", self.objects(result)[0]["message"])
        self.assert_error(self.demgrad("gradient", "--errors", "xml", "a", "b"), 2, "text or json")

    def test_any_text_is_valid_json(self):
        name = 'a"b\\c\n\x1b\udcff.tif'
        result = self.demgrad("gradient", "--errors", "json", name, "out.tif")
        self.assertEqual(result.code, 1)
        self.assertEqual(len(self.objects(result)), 1)
        self.assertIn('a"b\\c', self.objects(result)[0]["message"])


class Colours(CommandTest):
    def on_a_terminal(self, *arguments, **environment):
        ours, theirs = self.open_terminal()
        process = subprocess.Popen([support.DEMGRAD, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=theirs,
                                   env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"},
                                        "TERM": "xterm", **environment})
        os.close(theirs)
        text = b""
        try:
            while more := os.read(ours, 4096):
                text += more
        except OSError:
            pass  # the other end is closed
        os.close(ours)
        process.wait()
        return text.decode()

    def test_on_a_terminal_only(self):
        self.assertIn("\x1b[", self.on_a_terminal("gradient", "gone.tif", "out.tif"))
        self.assertNotIn("\x1b", self.demgrad("gradient", "gone.tif", "out.tif", env={"TERM": "xterm"}).err)

    def test_never_where_they_are_not_wanted(self):
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            told = self.on_a_terminal("gradient", "gone.tif", "out.tif", **environment)
            self.assertTrue(told.startswith("demgrad: error: gone.tif"), told)
            self.assertNotIn("\x1b", told)
        told = self.on_a_terminal("gradient", "--errors", "json", "gone.tif", "out.tif")
        self.assertEqual(json.loads(told)["level"], "error")

    def test_an_empty_no_color_says_nothing(self):
        self.assertIn("\x1b[", self.on_a_terminal("gradient", "gone.tif", "out.tif", NO_COLOR=""))


if __name__ == "__main__":
    support.main()
