"""Wrong usage: exit 2, one line that names the option; and the help."""

import json
import os
import shutil
import subprocess
import threading

import support
from support import CommandTest, Result, terrain


COMPLETIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "completions")


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
        self.refuse("-metod", "horn", "in.tif", "out.tif", name="-metod: is no option of this command; did you mean --method?")

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
            "--z-factor": ["0", "x", "", "nan", "inf", "1e999", "1e40", "-1e40"],
            "--z-exaggeration": ["0", "-1", "nan", "1e39", "1e-39"],
            "--z-error": ["0", "-1", "nan", "1e300", "1e-39"],
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

    def test_empty_words(self):
        """Such as a variable that is not set leaves: told before the work, by the option's name."""
        for option in ("--report", "--preview", "--crs", "--if", "--x-coords", "--output-format", "--input"):
            self.refuse(option, "", "in.tif", "out.tif", name=option)
        self.refuse("in.tif", "", name="the output")
        self.refuse("-o", "", "in.tif", name="--output")
        self.refuse("", "out.tif", name="an input")
        self.refuse("in.tif", "", "out.tif", name="an input")
        for option in ("--output-dir", "--include", "--exclude", "--report"):
            self.refuse("--output-dir", "out", option, "", "in.tif", name=option, command="batch")
        self.refuse("--output-dir", "out", "", name="an input", command="batch")
        self.refuse("--output-dir", "out", "@", name="@", command="batch")
        self.refuse("", name="an input", command="info")
        self.refuse("in.tif", "", name="the output", command="preview")
        self.refuse("--ramp", "", "in.tif", "out.png", name="--ramp", command="preview")
        self.assertEqual(self.demgrad("preview", "-q", "--title", "", "in.tif", "out.png").code, 0)

    def test_numbers_too_small(self):
        self.assert_error(self.demgrad("gradient", "--z-factor", "1e-46", "in.tif", "out.tif"), 2, "z factor")

    def test_coordinate_files_that_hold_no_numbers(self):
        for text in ("", "# nothing\n", "1\n2 3\n", "1\nx\n", "1\n" + "2" * 5000):
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

    def test_mistakes_are_met(self):
        cases = [(("--metod", "horn"), "--method"), (("--overwrit",), None), (("--bnads", "dzdy"), "--bands"),
                 (("--method", "horm"), "mean horn?"), (("--bands", "slop"), "mean slope?"),
                 (("--metric", "grond"), "mean ground?"), (("--hillshade", "multidirectonal"),
                                                           "mean multidirectional?")]
        for words, meant in cases:
            result = self.demgrad("gradient", *words, "in.tif", "out.tif")
            if meant:
                self.assert_error(result, 2, "did you mean", meant)
        self.assert_error(self.demgrad("gradient", "--m", "x", "in.tif", "out.tif"), 2, "--metric",
                          "--method", "--memory")
        self.assert_error(self.demgrad("gradiant"), 2, "did you mean gradient?")
        self.assert_error(self.demgrad("in.tif", "out.tif"), 2, "demgrad gradient in.tif")
        self.assert_error(self.demgrad("help", "bacth"), 2, "did you mean batch?")

    def test_formats_and_creation_options_are_met(self):
        result = self.demgrad("gradient", "-f", "GTif", "in.tif", "out.tif")
        self.assertIn("did you mean GTiff?", result.err)
        result = self.demgrad("gradient", "--co", "COMPRES=LZW", "in.tif", "out.tif")
        self.assertIn("did you mean COMPRESS?", result.err)
        result = self.demgrad("gradient", "--co", "COMPRESS=LZWW", "in.tif", "out.tif")
        self.assertIn("; did you mean LZW?", result.err)

    def test_pictures_are_for_preview(self):
        """As an output's suffix; and the formats that it draws are named."""
        for name in ("out.png", "out.jpg", "out.PDF", "out.svg", "out.gif", "out.webp"):
            self.refuse("in.tif", name, name=name)
            result = self.demgrad("slope", "in.tif", name)
            self.assert_error(result, 2, "demgrad preview in.tif out.png", "out.tif")
        for name in ("out.gif", "out.tif", "out"):
            self.refuse("in.tif", name, name=".png, .svg, .pdf, .jpg or .jpeg", command="preview")
            result = self.demgrad("gradient", "--preview", name, "in.tif", "o.tif")
            self.assert_error(result, 2, ".png, .svg, .pdf, .jpg or .jpeg")

    def test_options_that_change_nothing(self):
        cases = (("--azimuth", "9", "hillshade"), ("--altitude", "9", "hillshade"), ("--z-exaggeration", "2", "hillshade"),
                 ("--hillshade", "combined", "hillshade"), ("--aspect-flat", "0", "aspect"), ("--z-error", "2", "error-"))
        for option, value, band in cases:
            result = self.demgrad("slope", "--progress", "none", "--overwrite", option, value, "in.tif", "out.tif")
            self.assertEqual(result.code, 0)
            self.assertRegex(result.err, f"^demgrad: warning: {option}: changes nothing, as --bands has no {band}")
            bands = f"slope,{band}slope" if band == "error-" else band
            quiet = self.demgrad("gradient", "--progress", "none", "--overwrite", "--bands", bands, option, value, "in.tif",
                                 "out.tif")
            self.assertNotIn("changes nothing", quiet.err)

    def test_options_that_another_one_leaves_idle(self):
        cases = ((("--window-size", 5), ("--method", "horn"), "has no window"), (("--window", 5), (), "has no window"),
                 (("--frame", "true"), ("--metric", "map"), "--metric ground"),
                 (("--frame", "true"), ("--spacing", 9), "--metric ground"),
                 (("--edge-order", 2), ("--nodata-edges", "propagate"), "propagate"),
                 (("--azimuth", 9), ("--bands", "hillshade", "--hillshade", "multidirectional"), "multidirectional"))
        for option, other, word in cases:
            name = "--window-size" if option[0] == "--window" else option[0]
            for words in (option + other, other + option):
                result = self.demgrad("gradient", "--progress", "none", "--overwrite", *words, "in.tif", "out.tif")
                self.assertEqual(result.code, 0)
                self.assertRegex(result.err, f"^demgrad: warning: {name}: changes nothing, as .*{word}")
        for words in (("--method", "evans", "--window", 5), ("--frame", "true"), ("--frame", "grid", "--spacing", 9),
                      ("--edge-order", 2), ("--nodata-edges", "propagate", "--edge-order", 1)):
            result = self.demgrad("gradient", "--progress", "none", "--overwrite", *words, "in.tif", "out.tif")
            self.assertNotIn("changes nothing", result.err)

    def test_gdals_long_spellings_work(self):
        for words in (("--input", "in.tif", "--output", "out.tif"), ("-i", "in.tif", "-o", "out.tif"),
                      ("-i", "in.tif", "out.tif"), ("in.tif", "-o", "out.tif"),
                      ("--of", "GTiff", "in.tif", "out.tif"), ("--format", "GTiff", "in.tif", "out.tif"),
                      ("--creation-option", "COMPRESS=LZW", "in.tif", "out.tif"),
                      ("--input-format", "GTiff", "in.tif", "out.tif"),
                      ("--output-data-type", "Float64", "in.tif", "out.tif"),
                      ("--datatype", "Float64", "in.tif", "out.tif"),
                      ("--nodata", "none", "in.tif", "out.tif"),
                      ("-of", "GTiff", "-co", "COMPRESS=LZW", "-b", "1", "in.tif", "out.tif")):
            self.assert_works(*words)

    def assert_works(self, *words):
        result = self.demgrad("gradient", "-q", "--overwrite", *words)
        self.assertEqual((result.code, result.err), (0, ""), words)
        self.assertTrue(os.path.exists(self.path("out.tif")), words)
        os.remove(self.path("out.tif"))

    def test_one_hyphen_two_and_a_value_after_an_equals_sign(self):
        for name, value in (("of", "GTiff"), ("co", "COMPRESS=LZW"), ("oo", "NUM_THREADS=1"), ("if", "GTiff"),
                            ("ot", "Float64"), ("a_nodata", "-9"), ("a_srs", support.UTM), ("az", "9"),
                            ("alt", "9"), ("srcnodata", "7"), ("zfactor", "2")):
            self.assert_works(f"-{name}", value, "in.tif", "out.tif")
            self.assert_works(f"--{name}", value, "in.tif", "out.tif")
            self.assert_works(f"--{name}={value}", "in.tif", "out.tif")
        for words in (("-z", "2"), ("-quiet",), ("--no-edges",), ("-overwrite",), ("-bands", "slope"), ("-nodata=-9",),
                      ("-b=1",), ("-metric", "map", "-metric=ground")):
            self.assert_works(*words, "in.tif", "out.tif")
        for words in (("-i=in.tif", "-o=out.tif"), ("-input", "in.tif", "-output", "out.tif"),
                      ("-iin.tif", "-o=out.tif"), ("--dem=in.tif", "--output=out.tif"), ("-qi", "in.tif", "out.tif")):
            self.assert_works(*words)
        self.assertEqual(self.demgrad("slope", "-help").out, self.demgrad("slope", "--help").out)
        for words in (("-o", "made"), ("--output", "made"), ("-output-dir=made",), ("--outdir", "made")):
            self.assertEqual(self.demgrad("batch", "-q", *words, "in.tif"), Result(0, "", ""), words)
            shutil.rmtree(self.path("made"))
        for name in ("projwin", "te", "tr", "t_srs", "srcwin", "bbox-crs", "alg", "gradient-alg", "compute_edges",
                     "zero_for_flat", "resolution", "xscale", "unit", "variant"):
            for word in (f"-{name}", f"--{name}", f"--{name}=1,2,3,4"):
                for command in ("gradient", "slope"):
                    result = self.demgrad(command, word, "1", "2", "3", "4", "in.tif", "out.tif")
                    self.assert_error(result, 2, f"error: {word}: ", f"; see demgrad help {command}")
                    self.assertNotIn("no option", result.err)

    def test_what_a_spelling_means(self):
        """The same as the word of demgrad's that stands for it."""
        for theirs, ours in ((("-a_nodata", "-9"), ("--nodata", "-9")), (("--no-edges",), ("--nodata-edges", "propagate")),
                             (("-ot", "Float64"), ("--ot", "Float64")), (("-srcnodata", "7"), ("--input-nodata", "7"))):
            got = [self.demgrad("gradient", "-q", *words, "in.tif", name).code or support.sha256(self.path(name))
                   for words, name in ((theirs, "a.tif"), (ours, "b.tif"))]
            self.assertEqual(got[0], got[1], theirs)
            os.remove(self.path("a.tif"))
            os.remove(self.path("b.tif"))

    def test_short_forms_name_their_own_help(self):
        for command in ("slope", "aspect", "hillshade"):
            for words in (("--nosuch",), ("--bnads", "x"), ("--metric", "x"), ("--metric",), ("-y",)):
                self.assert_error(self.demgrad(command, *words, "in.tif", "out.tif"), 2,
                                  f"; see demgrad help {command}")
            self.assert_error(self.demgrad(command, "in.tif"), 2, f"; see demgrad help {command}")

    def test_gdaldems_spellings_say_what_to_type(self):
        for words, instead in ((("-s", "111120"), "--z-factor"), (("-p",), "slope-percent"),
                               (("-alg", "Horn"), "--method"), (("-compute_edges",), "--nodata-edges"),
                               (("-combined",), "--hillshade combined"),
                               (("-srcwin", "0", "0", "9", "9"), "--window"),
                               (("-projwin", "0", "0", "9", "9"), "--bbox"),
                               (("-t_srs", "EPSG:4326"), "gdalwarp"),
                               (("-zero_for_flat",), "--aspect-flat"),
                               (("-wo", "X=Y"), "gdalwarp"), (("-order", "1"), "gdalwarp"),
                               (("-scale", "0", "1"), "gdal_translate"), (("--axis", "0"), "--bands dzdy"),
                               (("--dx", "30"), "--spacing"), (("--units=degrees",), "slope-degrees"),
                               (("--attrib", "slope_riserun"), "--bands"), (("--version",), "demgrad --version"),
                               (("elevation=in.tif",), "alone (in.tif)"), (("format=percent",), "(--format=percent)"), (("--spacing", "30", "30"), "commas"),
                               (("--bands", "slope", "aspect"), "commas")):
            self.assert_error(self.demgrad("gradient", *words, "in.tif", "out.tif"), 2, instead)

    def test_a_value_is_no_foreign_option(self):
        result = self.demgrad("preview", "-q", "--overwrite", "--title", "-s", "in.tif", "out.png")
        self.assertNotIn("--z-factor", result.err)

    def test_lists_are_for_batches(self):
        self.assert_error(self.demgrad("gradient", "@list", "out.tif"), 2, "@list", "demgrad batch")

    def test_help_fits_a_screen(self):
        for command in ("gradient", "slope", "aspect", "hillshade", "batch", "info", "preview"):
            short = self.demgrad("help", command).out.splitlines()
            self.assertTrue(short[0].startswith(f"usage: demgrad {command} "), short[0])
            whole = self.demgrad("help", command, "all").out.splitlines()
            self.assertLess(len(short), 24, command)  # the next prompt is the 24th row
            self.assertEqual(sum(line.startswith(f"  demgrad {command} ") for line in short), 3, short)
            self.assertLess(len(short), len(whole), command)
            for line in short + whole:
                self.assertLess(len(line), 81, line)
                self.assertEqual(line, line.rstrip())
            self.assertEqual(self.demgrad(command, "--help").out.splitlines(), short)

    def test_the_description_for_programs_names_every_option(self):
        usage = json.loads(self.demgrad("--json-usage").out)
        for command in ("gradient", "batch", "info", "preview"):
            whole = self.demgrad("help", command, "all").out
            names = [o["name"] for o in usage["options"] if command in o["commands"]]
            self.assertGreater(len(names), 15)
            for name in names:
                self.assertIn("--" + name, whole)

    def test_other_names_are_told(self):
        for told in (self.demgrad("help", "gradient", "all").out,
                     self.demgrad("help", "--man", "gradient").out.replace("\\-", "-")):
            words = " ".join(told.split())
            for names in ("lso --of, --format", "lso --creation-option", "lso --open-option", "lso --input-format",
                          "lso --output-data-type, --datatype"):
                self.assertIn(names, words)

    def test_manual_pages_name_every_option(self):
        usage = json.loads(self.demgrad("--json-usage").out)
        for command in ("gradient", "batch", "info", "preview"):
            page = self.demgrad("help", "--man", command).out.replace("\\-", "-")
            for option in usage["options"]:
                self.assertEqual(command in option["commands"], f"Fl -{option['name']}" + (
                    "" if option["argument"] is None else " Ar") in page, (command, option["name"]))

    def test_manual_pages_tell_the_command_s_own_bands(self):
        for command, bands in (("gradient", "dzdx,dzdy"), ("slope", "slope"), ("hillshade", "hillshade")):
            page = self.demgrad("help", "--man", command).out
            self.assertIn(f"The default is {bands}.\n", page.split("Fl \\-bands ")[1].split(".It ")[0])

    def test_manual_pages_are_clean_mdoc(self):
        if not shutil.which("mandoc"):
            self.skipTest("there is no mandoc")
        for command in ((), ("gradient",), ("slope",), ("aspect",), ("hillshade",), ("batch",), ("info",), ("preview",)):
            page = self.demgrad("help", "--man", *command).out
            lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=page,
                                  capture_output=True, text=True)
            self.assertEqual((lint.returncode, lint.stdout), (0, ""), command)

    def test_completions_know_options_and_their_values(self):
        def offered(*words):
            return self.demgrad("__complete", *words).out.split()

        self.assertIn("batch", offered("b"))
        self.assertEqual(offered("gradient", "--overw"), ["--overwrite"])
        self.assertEqual(offered("gradient", "--method", "h"), ["horn"])
        self.assertEqual(offered("gradient", "--bands", "dzdx,asp"), ["dzdx,aspect"])
        self.assertIn("GTiff", offered("gradient", "-f", "GT"))
        self.assertIn("BLOCKSIZE=", offered("gradient", "-f", "COG", "--co", ""))
        for chosen in (("-of", "COG"), ("--of=COG",), ("--output-format", "COG"), ("-f=COG",)):
            self.assertIn("BLOCKSIZE=", offered("gradient", *chosen, "-co", ""), chosen)
        self.assertNotIn("BLOCKSIZE=", offered("gradient", "--co", ""))
        self.assertNotIn("DIMAP", offered("gradient", "-f", "D"))  # GDAL does not write it
        self.assertIn("DIMAP", offered("gradient", "--if", "D"))
        self.assertIn("COMPRESS=DEFLATE", offered("gradient", "--co", "COMPRESS=D"))
        self.assertIn("EPSG:2056", offered("gradient", "--crs", "EPSG:205"))
        self.assertEqual(offered("batch", "--output-dir", ""), ["@folders"])
        self.assertEqual(offered("gradient", ""), ["@files"])
        self.assertEqual(offered("gradient", "--method=h"), ["--method=horn"])
        self.assertEqual(offered("gradient", "--bands=dzdx,asp"), ["--bands=dzdx,aspect"])
        self.assertEqual(offered("help", "slope", ""), ["all"])

    def type_into(self, shell, start, lines):
        """What a shell on a terminal makes of each line and a tab; Return and an echo tell."""
        master, slave = self.open_terminal()
        env = {**os.environ, "PATH": os.path.dirname(support.DEMGRAD) + os.pathsep + os.environ["PATH"],
               "PS1": "", "TERM": "dumb", "HOME": self.folder, "INPUTRC": "/dev/null"}
        process = subprocess.Popen(shell, stdin=slave, stdout=slave, stderr=slave, cwd=self.folder, env=env,
                                   start_new_session=True)
        os.close(slave)
        told = self.path("told")
        asked = f"if [ \"$1\" = __complete ]; then command demgrad \"$@\"; else printf '%s\\n' \"$*\" >>{told}; fi"
        os.write(master, f"demgrad() {{ {asked}; }}; {start}\n".encode())
        threading.Thread(target=self.drain, args=(master,), daemon=True).start()
        for line in lines:
            os.write(master, f"{line}\t\n".encode())
        os.write(master, b"exit\n")
        self.assertEqual(process.wait(120), 0)
        with open(told, encoding="utf-8") as file:
            return [line.strip() for line in file.read().splitlines()]

    def drain(self, master):
        try:
            while os.read(master, 4096):
                pass
        except OSError:
            pass  # the shell has ended

    COMPLETED = {"gradient --meth": "gradient --method", "gradient --method h": "gradient --method horn",
                 "gradient --method=ho": "gradient --method=horn", "bat": "batch", "help hill": "help hillshade",
                 "gradient --co COMPRESS=DEF": "gradient --co COMPRESS=DEFLATE",
                 "gradient --co=COMPRESS=DEF": "gradient --co=COMPRESS=DEFLATE",
                 "gradient --crs EPSG:3203": "gradient --crs EPSG:3203", "gradient --crs ESR": "gradient --crs ESRI:",
                 "gradient --bands dzdx,asp": "gradient --bands dzdx,aspect", "info i": "info in.tif"}

    def test_bash_completes(self):
        got = self.type_into(["bash", "--norc", "--noprofile", "-i"], f"source {COMPLETIONS}/demgrad.bash",
                             ["demgrad " + line for line in self.COMPLETED])
        self.assertEqual(got, list(self.COMPLETED.values()))

    def test_zsh_completes(self):
        if not shutil.which("zsh"):
            self.skipTest("there is no zsh")
        start = f"fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; compinit -u -d {self.path('dump')}"
        got = self.type_into(["zsh", "-f", "-i"], start, ["demgrad " + line for line in self.COMPLETED])
        self.assertEqual(got, list(self.COMPLETED.values()))

    def test_fish_completes(self):
        if not shutil.which("fish"):
            self.skipTest("there is no fish")
        env = {**os.environ, "PATH": os.path.dirname(support.DEMGRAD) + os.pathsep + os.environ["PATH"],
               "HOME": self.folder}
        for line, completed in self.COMPLETED.items():
            script = f"source {COMPLETIONS}/demgrad.fish; complete -C 'demgrad {line}'"
            got = subprocess.run(["fish", "--no-config", "-c", script], cwd=self.folder, capture_output=True, text=True,
                                 env=env)
            self.assertEqual(got.stdout.split()[:1], completed.split()[-1:], line)

    def test_version(self):
        result = self.demgrad("--version")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertRegex(result.out, r"^demgrad \d+\.\d+\.\d+, GDAL \S+, PROJ \S+, built from .+\n$")
        for word in ("-V", "version"):
            self.assertEqual(self.demgrad(word), result)

    def test_help_of_help(self):
        usage = self.demgrad("--help").out
        for words in (("help",), ("-h",), ("help", "help")):
            self.assertEqual(self.demgrad(*words), Result(0, usage, ""))
        whole = self.demgrad("help", "all").out
        for command in ("gradient", "slope", "aspect", "hillshade", "batch", "info", "preview"):
            self.assertIn(self.demgrad("help", command, "all").out, whole)
            self.assertEqual(self.demgrad("--help", command), self.demgrad("help", command))
        self.assert_error(self.demgrad("help", "slope", "everything"), 2, "everything", "demgrad help slope all")
        for word, instead in (("TRI", "type gdaldem TRI"), ("tpi", "type gdaldem TPI"), ("raster", "leave it out"),
                              ("r.slope.aspect", "demgrad slope"), ("verify", "demgrad batch --verify"),
                              ("--bands", "before a command")):
            self.assert_error(self.demgrad(word, "in.tif", "out.tif"), 2, instead)
        for wrong, meant in (("--versoin", "--version"), ("hepl", "help"), ("gradien", "gradient")):
            self.assert_error(self.demgrad(wrong), 2, f"did you mean {meant}?")

    def test_short_forms_help_tells_their_own(self):
        for command, options in (("slope", ()), ("aspect", ("--aspect-flat",)),
                                 ("hillshade", ("--azimuth", "--altitude"))):
            self.assertIn(f"({command})", self.demgrad("help", command, "all").out)
            told = self.demgrad("help", command).out
            self.assertNotIn("(dzdx,dzdy)", told)
            for option in options:
                self.assertIn(option, told)

    def test_options_after_and_between_the_names(self):
        for arguments in (("in.tif", "-q", "out.tif", "--metric", "map"),
                          ("-qj2", "in.tif", "--metric=map", "out.tif"),
                          ("--metric", "map", "-q", "--", "in.tif", "out.tif")):
            result = self.demgrad("gradient", "--overwrite", *arguments)
            self.assertEqual((result.code, result.err, result.out), (0, "", ""), arguments)


if __name__ == "__main__":
    support.main()
