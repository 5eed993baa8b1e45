"""Formats of numbers as text with a header of their own: what GDAL takes for other numbers is an error that names
the line and the word, and what is sound is read as before."""

import gzip
import os
import unittest

import numpy as np
from osgeo import gdal

from support import CommandTest, can_write, main, terrain

HEIGHT, WIDTH = 8, 6
WORDS = ("NA", "*", "---", "abc", "1.5D+02", "12,5", "1e", "1_000", "--5", "12#")

ISG = ("Some words.\nbegin_of_head ======\nmodel name : EXAMPLE\nunits : meters\nlat min = 40.0\nlat max = 42.0\n"
       "lon min = 120.0\nlon max = 121.5\ndelta lat = 0.25\ndelta lon = 0.25\nnrows = {h}\nncols = {w}\n"
       "nodata = -9999.0000\nISG format = 1.0\nend_of_head ======\n")
GXF = ("! A comment.\n#TITLE\nAny\n#POINTS\n{w}\n#ROWS\n{h}\n#PTSEPARATION\n10\n#RWSEPARATION\n10\n#XORIGIN\n0\n#YORIGIN\n0\n"
       "#DUMMY\n-99999\n#SENSE\n1\n#GRID\n")
GSAG = "DSAA\n{w} {h}\n0 50\n0 70\n-1000 1500\n"
ZMAP = ("!\n! A comment.\n!\n@GRID FILE, GRID, 4\n        20,     1E+30,          ,         7,         1\n"
        "         {h},         {w},0.0,60.0,0.0,80.0\n0.0, 0.0, 0.0\n@\n")


class TextFormats(CommandTest):
    def setUp(self):
        super().setUp()
        self.z = np.round(terrain(HEIGHT, WIDTH) + 500, 2)

    def write(self, name, text, end="\n"):
        with open(self.path(name), "w", encoding="utf-8", newline=end) as file:
            file.write(text)
        return self.path(name)

    def words(self, word=None):
        """One of row 3 is another word."""
        rows = [[f"{value:.2f}" for value in row] for row in self.z]
        if word is not None:
            rows[3][4] = word
        return rows

    def free(self, head, name):
        def make(rows, end="\n", between=" "):
            text = head.format(h=HEIGHT, w=WIDTH) + "".join(between.join(row) + "\n" for row in rows)
            return self.write(name, text, end)
        return make

    def zmap(self, rows, end="\n", between=None):
        """By columns, in fields of 20, at most four a line."""
        columns = [[row[j] for row in rows] for j in range(len(rows[0]))]
        lines = ["".join(f"{word:>20}" for word in column[i:i + 4])
                 for column in columns for i in range(0, len(column), 4)]
        return self.write("in.dat", ZMAP.format(h=HEIGHT, w=WIDTH) + "\n".join(lines) + "\n", end)

    def formats(self):
        """Each with the line of row 3's other word."""
        return (("ISG", self.free(ISG, "in.isg"), ISG.count("\n") + 4),
                ("GXF", self.free(GXF, "in.gxf"), GXF.count("\n") + 4),
                ("GSAG", self.free(GSAG, "in.grd"), GSAG.count("\n") + 4),
                ("ZMap", self.zmap, ZMAP.count("\n") + 9))

    def assert_refused(self, path, *words):
        self.assert_error(self.demgrad("gradient", path, "out.tif"), 1, os.path.basename(path), *words)
        self.assertFalse(os.path.exists(self.path("out.tif")))
        self.assert_error(self.demgrad("info", path), 1, os.path.basename(path), *words)

    def assert_taken(self, path, driver, same_as=None):
        self.assertEqual(gdal.IdentifyDriver(path).ShortName, driver)
        got = self.gradient(path)
        os.remove(self.path("out.tif"))
        self.assertTrue(np.isfinite(got).any())
        if same_as is not None:
            np.testing.assert_array_equal(got, same_as)
        self.assertEqual(self.demgrad("info", path).code, 0)
        return got

    def test_words(self):
        for driver, make, line in self.formats():
            for word in WORDS:
                with self.subTest(f"{driver} {word}"):
                    self.assert_refused(make(self.words(word)), f"line {line} has", f'"{word}"')

    def test_numbers(self):
        for driver, make, _ in self.formats():
            plain = self.assert_taken(make(self.words()), driver)
            with self.subTest(f"{driver} CRLF"):
                self.assert_taken(make(self.words(), end="\r\n"), driver, plain)
            if driver != "ZMap":
                self.assert_taken(make(self.words(), between="\t"), driver, plain)
            for word, value in (("+7.0", "7.0"), ("5.5e2", "550.0"), ("5.5E+02", "550.0"), (".5", "0.5"), ("-5.", "-5.0")):
                with self.subTest(f"{driver} {word}"):
                    expected = self.assert_taken(make(self.words(value)), driver)
                    self.assert_taken(make(self.words(word)), driver, expected)

    def test_nodata(self):
        for driver, make, _ in self.formats():
            word = {"ISG": "-9999.0000", "GXF": "-99999", "GSAG": "1.70141e38", "ZMap": "0.1000000E+31"}[driver]
            with self.subTest(driver):
                row = HEIGHT - 4 if driver in ("GXF", "GSAG") else 3
                self.assertTrue(np.isnan(self.assert_taken(make(self.words(word)), driver)[:, row, 4]).all())

    def test_a_wrong_number_of_numbers(self):
        for driver, make, line in self.formats():
            rows = self.words()
            for name, wrong in (("more", rows + [["5.00"] * WIDTH]), ("fewer", rows[:-1])):
                if driver == "ZMap":
                    wrong = [row + ["5.00"] for row in rows] if name == "more" else [row[:-1] for row in rows]
                with self.subTest(f"{driver} {name}"):
                    self.assert_refused(make(wrong), "numbers", f"{WIDTH} x {HEIGHT}")
            if driver == "GXF":
                rows[3] += ["5.00"]
                self.assert_refused(make(rows), f"line {line}", "begin each row on a line of its own")

    def test_made_by_gdal(self):
        """What GDAL writes has the gradient of what it was written from."""
        grid = (500000, 10, 0, 5000000, 0, -10)
        path = self.make(self.z.astype(np.float32), geotransform=grid)
        for driver, name in (("GSAG", "out.grd"), ("ZMap", "out.dat"), ("R", "out.rda"), ("AAIGrid", "out.asc")):
            if not can_write(driver):
                continue
            options = ["ASCII=YES", "COMPRESS=NO"] if driver == "R" else []
            gdal.Translate(self.path(name), path, format=driver, creationOptions=options).FlushCache()
            with self.subTest(driver):
                got = self.demgrad("gradient", "-q", "--overwrite", "--spacing", "10", self.path(name), "got.tif")
                self.assertEqual(got.code, 0, got.err)
                with open(self.path(name), encoding="latin-1") as file:
                    text = file.read()
                self.assertNotIn("NA\n", text)
                found = gdal.Open(self.path("got.tif")).ReadAsArray()
                z = gdal.Open(self.path(name)).ReadAsArray()
                self.assert_close(found[0], np.gradient(z, 10, axis=1), 1e-3)

    def test_geosoft(self):
        make = self.free(GXF, "in.gxf")
        line = GXF.count("\n") + 4
        for word in ("-9", "-999"):
            self.assert_refused(make(self.words(word)), f"line {line}", f'"{word}"', '"-99999"', "nodata")
        rows = self.words()
        rows[3] = [" "]
        self.assert_refused(make(rows[:4] + self.words()[3:]), f"line {line}", "blanks alone")
        wrapped = [row[i:i + 4] for row in self.words() for i in (0, 4)]
        self.assert_taken(make(wrapped), "GXF", self.assert_taken(make(self.words()), "GXF"))
        for key, value in (("#XORIGIN", "1,5"), ("#PTSEPARATION", "1.5D1")):
            head = GXF.replace(f"{key}\n", f"{key}\n{value}\n#ANY\n")
            self.assert_refused(self.free(head, "in.gxf")(self.words()), key, value)
        head = GXF.replace("#XORIGIN\n0", "#XORIGIN 5")
        self.assert_refused(self.free(head, "in.gxf")(self.words()), "#XORIGIN 5")
        star = self.free(GXF.replace("-99999", "*"), "in.gxf")
        self.assertTrue(np.isnan(self.assert_taken(star(self.words("*")), "GXF")[:, HEIGHT - 4, 4]).all())
        self.assert_refused(star(self.words("0.0")), f"line {line}", '"0.0"', '"*"')

    def test_compressed_geosoft(self):
        """Base 90, as GDAL documents it; `!` is nodata, and a quote repeats."""
        def pack(value):
            return chr(37 + value // 90) + chr(37 + value % 90)
        rows = [[pack(round(value)) for value in row] for row in np.abs(self.z)]
        rows[3][4] = "!!"
        head = GXF.replace("#SENSE\n1\n", "#SENSE\n1\n#GTYPE\n2\n#TRANSFORM\n1,0\n")
        path = self.write("in.gxf", head.format(h=HEIGHT, w=WIDTH) + "".join("".join(row) + "\n" for row in rows))
        self.assert_taken(path, "GXF")

    def test_fields(self):
        """ZMap's fields may touch each other; what has no point is multiplied, what is blank is 0."""
        line = ZMAP.count("\n") + 9
        for word, text in (("1234", "without a decimal point"), ("", 'has ""'), ("1 2.5", '"1 2.5"'), ("nan", '"nan"')):
            self.assert_refused(self.zmap(self.words(word)), f"line {line}", text)
        expected = self.assert_taken(self.zmap(self.words("123.0")), "ZMap")
        self.assert_taken(self.zmap(self.words("0000000000000123.000")), "ZMap", expected)
        self.assert_taken(self.zmap(self.words("0")), "ZMap", self.assert_taken(self.zmap(self.words("0.0")), "ZMap"))

    @unittest.skipUnless(can_write("R"), "GDAL writes no R here")
    def test_objects_of_r(self):
        path = self.make(self.z.astype(np.float64))
        gdal.Translate(self.path("in.rda"), path, format="R", creationOptions=["ASCII=YES", "COMPRESS=NO"]).FlushCache()
        with open(self.path("in.rda"), encoding="ascii") as file:
            lines = file.read().split("\n")
        lines[20] = "NA"
        self.assert_refused(self.write("in.rda", "\n".join(lines)), "line 21", '"NA"')

    def test_meshes_of_japan(self):
        def make(word=None):
            fields = [[f"{int(value):5d}" for value in row] for row in self.z]
            if word:
                fields[3][4] = f"{word:>5}"
            head = f"523567     19  19  19  {WIDTH:3d}{HEIGHT:3d}0350000135000003600001360000".ljust(1009)
            return self.write("in.mem", head + "\r\n" + "".join(
                f"523567{i + 1:3d}" + "".join(row) + "\r\n" for i, row in enumerate(fields)))
        self.assertEqual(self.demgrad("gradient", "-q", "--spacing", "10", make(), "ok.tif").code, 0)
        for word in ("NA", "*", "1 5"):
            self.assert_refused(make(word), "line 5", f'"{word}"')

    def test_below_a_vrt_in_an_archive_and_piped_in(self):
        for driver, make, line in self.formats():
            with self.subTest(driver):
                path = make(self.words("NA"))
                with open(path, "rb") as file, gzip.open(path + ".gz", "wb") as packed:
                    packed.write(file.read())
                self.assert_refused(f"/vsigzip/{path}.gz", f"line {line}", '"NA"')
                with open(path, "rb") as file:
                    self.assert_error(self.demgrad("info", "/vsistdin/", stdin=file), 1, '"NA"')
                if driver == "GSAG":
                    gdal.BuildVRT(self.path("in.vrt"), [path]).FlushCache()
                    self.assert_error(self.demgrad("info", self.path("in.vrt")), 1, "in.grd", '"NA"')


if __name__ == "__main__":
    main()
