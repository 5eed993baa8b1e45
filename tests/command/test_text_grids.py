"""Grids of numbers as text: what is no number is told, where GDAL takes it for 0 or for its beginning."""

import gzip

import numpy as np
from osgeo import gdal

from support import CommandTest, main, terrain

ESRI = "ncols {w}\nnrows {h}\nxllcorner 0\nyllcorner 0\ncellsize 10\nNODATA_value -9999\n"
GRASS = "north: {n}\nsouth: 0\neast: {e}\nwest: 0\nrows: {h}\ncols: {w}\n"
HEIGHT, WIDTH = 12, 15
WORDS = ("abc", "NODATA", "NA", "*", "--5", "-", "1.5D+02", "12#", "12..5", "1e", "1_000")
NUMBERS = ("nan", "-nan", "NaN", "1.#QNAN", "-1.#IND", "+7", "5e2", "5.E-1", ".5", "-.5e+1", "1,5")


class TextGrids(CommandTest):
    def setUp(self):
        super().setUp()
        self.z = np.round(terrain(HEIGHT, WIDTH) + 500, 2)

    def words(self, word="5"):
        """The grid's numbers, of which one in row 3 is another word."""
        rows = [[f"{value}" for value in row] for row in self.z]
        rows[3][4] = word
        return rows

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def grid(self, word="5", head=ESRI, name="in.asc", rows=None):
        head = head.format(h=HEIGHT, w=WIDTH, n=10 * HEIGHT, e=10 * WIDTH)
        return self.write(name, head + "".join(" ".join(row) + "\n" for row in rows or self.words(word)))

    def points(self, word="5", separator=" ", head=""):
        rows = self.words(word)
        lines = [separator.join((str(10 * j), str(1000 - 10 * i), rows[i][j]))
                 for i in range(HEIGHT) for j in range(WIDTH)]
        return self.write("in.xyz", head + "\n".join(lines) + "\n")

    def assert_refused(self, path, *words):
        for command in (("gradient",), ("preview",), ("info",)):
            out = {"gradient": ("out.tif",), "preview": ("out.png",), "info": ()}[command[0]]
            self.assert_error(self.demgrad(*command, path, *out), 1, *words)

    def assert_taken(self, path):
        result = self.demgrad("gradient", "-q", "--overwrite", path, "out.tif")
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(self.demgrad("info", path).code, 0)

    def test_words_in_grids(self):
        for word in WORDS:
            with self.subTest(word):
                self.assert_refused(self.grid(word), "in.asc", "line 10", f'"{word}"')
                self.assert_refused(self.grid(word, GRASS), "in.asc", "line 10", f'"{word}"')

    def test_numbers_in_grids(self):
        for word in NUMBERS:
            for head in (ESRI, GRASS):
                with self.subTest(word):
                    self.assert_taken(self.grid(word, head))

    def test_words_in_points(self):
        for word in ("abc", "*", "1.5D2"):
            for separator, head in ((" ", ""), ("\t", "x\ty\tz\n"), (",", "X,Y,Z\n"), (";", "")):
                path = self.points(word, separator, head)
                if gdal.IdentifyDriver(path) is None:
                    continue
                with self.subTest(word + separator):
                    line = 3 * WIDTH + 5 + bool(head)
                    self.assert_refused(path, "in.xyz", f"line {line}", f'"{word}"')
        self.assert_taken(self.points(head="x y z\n"))

    def test_points_of_more_columns(self):
        """GDAL knows x, y and z by their names; other columns may be words."""
        for head, order in (("x y name z", "{x} {y} rock {z}"), ("class,height,lat,lon", "a,{z},{y},{x}"),
                            ("X;Y;Z;name", "{x};{y};{z};b")):
            for word, at in (("5", None), ("abc", '"abc"')):
                rows = self.words(word)
                path = self.write("in.xyz", head + "\n" + "".join(
                    order.format(x=10 * j, y=1000 - 10 * i, z=rows[i][j]) + "\n"
                    for i in range(HEIGHT) for j in range(WIDTH)))
                with self.subTest(head + word):
                    if at:
                        self.assert_refused(path, "in.xyz", f"line {3 * WIDTH + 6}", at)
                    else:
                        self.assert_taken(path)

    def test_numbers_in_two_words(self):
        self.assert_refused(self.points("1 234"), "in.xyz", f"line {3 * WIDTH + 5}", "more than the three")
        self.assert_taken(self.points("12,5", ";", "x;y;z\n"))

    def test_piped_in(self):
        for path, word in ((self.grid("abc"), '"abc"'), (self.points("1 234"), "more than the three")):
            for command in (["gradient", "/vsistdin/", "out.tif"], ["info", "/vsistdin/"]):
                with open(path, "rb") as file:
                    self.assert_error(self.demgrad(*command, stdin=file), 1, word)
        for path in (self.grid(), self.points()):
            with open(path, "rb") as file:
                result = self.demgrad("gradient", "-q", "--overwrite", "/vsistdin/", "out.tif", stdin=file)
            self.assertEqual(result.code, 0, result.err)

    def test_one_value_a_line(self):
        path = self.grid(rows=[[value] for row in self.words() for value in row])
        self.assert_taken(path)

    def test_a_wrong_number_of_numbers(self):
        rows = [row + ["7"] for row in self.words()]
        self.assert_refused(self.grid(rows=rows), f"{HEIGHT * (WIDTH + 1)} numbers", f"{WIDTH} x {HEIGHT}")

    def test_headers_of_grass(self):
        for key, value in (("north", "46:30N"), ("north", "46.5N"), ("null", "*"), ("multiplier", "10")):
            head = GRASS.replace("north: {n}", f"{key}: {value}") if key == "north" \
                else GRASS + f"{key}: {value}\n"
            with self.subTest(value):
                self.assert_refused(self.grid(head=head), "in.asc", f"{key}: {value}")
        self.assert_taken(self.grid(head=GRASS + "type: float\nmultiplier: 1\nnull: -9999\n"))

    def test_headers_of_raw_bands(self):
        """Esri's float grids: their header begins as a grid does, and has words."""
        self.z.astype("<f4").tofile(self.path("in.flt"))
        self.write("in.hdr", ESRI.format(w=WIDTH, h=HEIGHT) + "byteorder LSBFIRST\n")
        self.assert_taken(self.path("in.flt"))

    def test_packed_points(self):
        """GDAL unpacks these without being told."""
        for word in ("5", "abc"):
            with open(self.points(word), "rb") as file, gzip.open(self.path("in.xyz.gz"), "wb") as packed:
                packed.write(file.read())
            if word == "5":
                self.assert_taken(self.path("in.xyz.gz"))
            else:
                result = self.demgrad("gradient", "-q", "--crs", "EPSG:32632", "in.xyz.gz", "other.tif")
                self.assertEqual(result.code, 1, result.err)

    def test_points_below_a_vrt(self):
        path = self.points()
        gdal.Translate(self.path("in.vrt"), path)
        self.assert_taken(self.path("in.vrt"))
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        lines[-3] = lines[-3].rsplit(" ", 1)[0] + " abc"  # beyond what GDAL knows points by
        self.write("in.xyz", "\n".join(lines))
        result = self.demgrad("gradient", "-q", "--crs", "EPSG:32632", "in.vrt", "other.tif")
        self.assert_error(result, 1, "in.xyz", f"line {HEIGHT * WIDTH - 1}", '"abc"')

    def test_below_a_vrt_in_an_archive_and_in_a_batch(self):
        path = self.grid("abc")
        gdal.BuildVRT(self.path("in.vrt"), [path]).FlushCache()
        self.assert_refused(self.path("in.vrt"), "in.asc", '"abc"')
        with open(path, "rb") as file, gzip.open(self.path("in.asc.gz"), "wb") as packed:
            packed.write(file.read())
        self.assert_refused("/vsigzip/" + self.path("in.asc.gz"), "in.asc", '"abc"')
        result = self.demgrad("batch", "--output-dir", self.path("out"), path)
        self.assertEqual(result.code, 1)
        self.assertIn('"abc"', result.err)


if __name__ == "__main__":
    main()
