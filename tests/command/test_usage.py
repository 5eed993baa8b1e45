"""Wrong usage: exit 2, one line that names the option; and the help."""

import os

import support
from support import CommandTest, terrain


class Usage(CommandTest):
    def setUp(self):
        super().setUp()
        self.make(terrain(8, 9))

    def refuse(self, *arguments, name=None, command="gradient"):
        result = self.demgrad(command, *arguments)
        with self.subTest(" ".join(map(str, arguments))):
            self.assert_error(result, 2, name or arguments[0])
            self.assertEqual((result.out, self.files()), ("", ["in.tif"]))

    def test_unknown_command(self):
        self.assert_error(self.demgrad("gradients", "in.tif", "out.tif"), 2, "gradients")
        self.assert_error(self.demgrad("--nosuch"), 2, "--nosuch")

    def test_no_command(self):
        result = self.demgrad()
        self.assertEqual((result.code, result.out), (2, ""))
        self.assertIn("usage", result.err)

    def test_unknown_options(self):
        for option in ("--nosuch", "--nosuch=1", "-z", "--metrik", "--x"):
            self.refuse(option, "in.tif", "out.tif", name=option.split("=")[0])
        self.refuse("in.tif", "out.tif", "--nosuch", name="--nosuch")
        self.refuse("--json", "in.tif", "out.tif", name="--json")
        self.refuse("--overwrite", "in.tif", name="--overwrite", command="info")

    def test_unknown_letters_in_a_bundle(self):
        self.refuse("-qz", "in.tif", "out.tif", name="z")
        self.refuse("-zq", "in.tif", "out.tif", name="z")

    def test_value_for_a_flag(self):
        self.refuse("--quiet=yes", "in.tif", "out.tif", name="--quiet")

    def test_missing_value(self):
        for option in ("--band", "-b", "--metric", "-f", "--co", "--report", "-j"):
            self.refuse("in.tif", "out.tif", option, name=option)

    def test_missing_names(self):
        self.refuse(name="INPUT")
        self.refuse("in.tif", name="OUTPUT")
        self.refuse(name="INPUT", command="info")

    def test_bad_values(self):
        cases = {
            "--band": ["0", "-1", "x", "1.5", "", "1x", "99999999999", "nan"],
            "--bands": ["", "dzdz", "dzdx,", "dzdx,dzdx", "dzdx,dzdy,dzdx", "dz/dx"],
            "--method": ["sobel", ""],
            "--edge-order": ["0", "3", "x", "", "1.0"],
            "--nodata-edges": ["x", ""],
            "--metric": ["x", "", "MAP "],
            "--frame": ["x", ""],
            "--spacing": ["0", "-1", "x", "", "1,", ",1", "1,2,3", "nan", "inf", "1e999", "1 m"],
            "--z-unit": ["x", "", "furlong"],
            "--z-factor": ["0", "x", "", "nan", "inf", "1e999"],
            "--wrap": ["x", ""],
            "--ot": ["Int16", "x", ""],
            "--nodata": ["x", "", "1e999"],
            "--num-threads": ["0", "-2", "x", "", "1.5"],
            "--memory": ["0", "1", "64MB", "x", "", "-512MB", "512", "512XB", "nanMB", "infGB"],
            "--progress": ["x", ""],
            "--co": ["NOVALUE", ""],
            "--oo": ["NOVALUE", ""],
            "--config": ["NOVALUE", ""],
            "--x-coords": ["gone.txt"],
            "--y-coords": ["gone.txt", "in.tif"],
        }
        for option, values in cases.items():
            for value in values:
                self.refuse(option, value, "in.tif", "out.tif")

    def test_coordinate_files_that_hold_no_numbers(self):
        for text in ("", "# nothing\n", "1\n2 3\n", "1\nx\n"):
            with open(self.path("c.txt"), "w", encoding="ascii") as file:
                file.write(text)
            result = self.demgrad("gradient", "--x-coords", "c.txt", "in.tif", "out.tif")
            self.assert_error(result, 2, "--x-coords", "c.txt")
            os.remove(self.path("c.txt"))

    def test_options_that_exclude_each_other(self):
        for first, second in ((("--spacing", "1"), ("--metric", "map")),
                              (("--spacing", "1"), ("--metric", "ground")),
                              (("--z-unit", "ft"), ("--z-factor", "2"))):
            self.refuse(*first, *second, "in.tif", "out.tif", name=second[0])
            self.refuse(*second, *first, "in.tif", "out.tif", name=first[0])

    def test_help_is_asked_for(self):
        for arguments in (("--help",), ("-h",), ("gradient", "--help"), ("info", "-h")):
            result = self.demgrad(*arguments)
            self.assertEqual((result.code, result.err), (0, ""), arguments)
            self.assertIn("usage: demgrad", result.out)

    def test_version(self):
        result = self.demgrad("--version")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertRegex(result.out, r"^demgrad \d+\.\d+\.\d+")

    def test_options_after_and_between_the_names(self):
        for arguments in (("in.tif", "-q", "out.tif", "--metric", "map"),
                          ("-qj2", "in.tif", "--metric=map", "out.tif"),
                          ("--metric", "map", "-q", "--", "in.tif", "out.tif")):
            result = self.demgrad("gradient", "--overwrite", *arguments)
            self.assertEqual((result.code, result.err, result.out), (0, "", ""), arguments)

    def test_numbers_are_read_alike_in_any_language(self):
        """A locale with a decimal comma changes nothing."""
        result = self.demgrad("gradient", "-q", "--spacing", "1.5,2.5", "in.tif", "out.tif",
                              env={"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"})
        self.assertEqual((result.code, result.err), (0, ""))


if __name__ == "__main__":
    support.main()
