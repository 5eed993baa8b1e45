"""--window and --bbox: the gradient of a part is that part of the whole's gradient, bit for bit."""

import itertools
import json
import math

import numpy as np
from osgeo import gdal, osr

import support
from support import CommandTest, NORTH_UP, read_raster, terrain

METHODS = (("central",), ("horn",), ("fourth",), ("florinsky",), ("evans", 3), ("evans", 7), ("evans", 99))
BANDS = "dzdx,dzdy,slope,aspect,hillshade,quality"


def method(name, size=None):
    return ("--method", name) + (("--window-size", size) if size else ())


def riddled(height, width, seed=5):
    z = terrain(height, width, seed)
    random = np.random.default_rng(seed)
    z[random.random(z.shape) < 0.03] = np.nan
    z[height // 3:height // 2, width // 4:width // 2] = np.nan
    return z


def windows(height, width, count, seed):
    """Corners, rims, and random ones: column, row, width, height."""
    yield from ((width - 1, height - 1, 1, 1), (0, 0, width, 1), (width - 1, 0, 1, height),
                (1, 1, width - 2, height - 2))
    random = np.random.default_rng(seed)
    for _ in range(count):
        col, row = random.integers(0, width), random.integers(0, height)
        yield (int(col), int(row), int(random.integers(1, width - col + 1)),
               int(random.integers(1, height - row + 1)))


def comma(values):
    return ",".join(repr(float(v)) if isinstance(v, float) else str(v) for v in values)


class Parts(CommandTest):
    def check_windows(self, options, inputs, count=6, seed=1, text=""):
        self.gradient(*options, *inputs, out="whole.tif")
        whole, grid = read_raster(self.path("whole.tif")), self.grid("whole.tif")
        for col, row, width, height in windows(*whole.shape[1:], count, seed):
            part = self.gradient(*options, f"--window={col},{row},{width},{height}", *inputs)
            expected = whole[:, row:row + height, col:col + width]
            self.assertTrue(np.array_equal(part, expected, equal_nan=True),
                            f"{text} {options} {(col, row, width, height)}")
            self.assertEqual(self.grid("out.tif"), self.moved(grid, col, row))

    def grid(self, name):
        return gdal.Open(self.path(name)).GetGeoTransform()

    @staticmethod
    def moved(g, col, row):
        return (g[0] + col * g[1] + row * g[2], g[1], g[2], g[3] + col * g[4] + row * g[5], g[4], g[5])

    def test_every_stencil(self):
        self.make(riddled(130, 170), options=["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=16"])
        for how in METHODS:
            self.check_windows((*method(*how), "--bands", BANDS), ["in.tif"], 4, len(how[0]))

    def test_edges_frames_and_types(self):
        turned = (500000, 18, 12, 5000000, 12, -18)
        for grid, type in ((NORTH_UP, gdal.GDT_Int16), (turned, gdal.GDT_Float64)):
            self.make(np.nan_to_num(riddled(60, 70), nan=-9999), type=type, nodata=-9999,
                      geotransform=grid)
            for options in (("--edge-order", 2), ("--nodata-edges", "propagate"), ("--frame", "true"),
                            ("--ot", "Float64", "--nodata", -1), ("--memory", "128MB", "-j", 3)):
                self.check_windows(options, ["in.tif"], 3, 7, str(type))

    def test_a_larger_raster_by_blocks_of_the_output(self):
        self.make(riddled(900, 1100), options=["TILED=YES"])
        self.check_windows(("--co", "BLOCKXSIZE=64", "--co", "BLOCKYSIZE=128", "-j", 2), ["in.tif"], 6, 3)

    def test_degrees_round_the_globe(self):
        self.make(riddled(60, 72), srs="EPSG:4326", geotransform=(-180, 5, 0, 90, 0, -3))
        for how in (("central",), ("horn",), ("evans", 9)):
            self.check_windows(method(*how), ["in.tif"], 5, 2)
        whole = self.gradient("--wrap", "no", "in.tif")
        rim = self.gradient("--wrap", "no", "--window", "0,0,1,60", "in.tif")
        self.assertTrue(np.array_equal(rim, whole[:, :, :1], equal_nan=True))
        self.assertFalse(np.array_equal(rim, self.gradient("--window", "0,0,1,60", "in.tif"),
                                        equal_nan=True), "the seam makes no difference here")

    def test_a_polar_map(self):
        """Its factors differ from pixel to pixel."""
        self.make(riddled(80, 90), srs="EPSG:3413", geotransform=(-45000, 1000, 0, 40000, 0, -1000))
        self.check_windows(("--frame", "true"), ["in.tif"], 6, 4)

    def test_coordinates_are_the_wholes(self):
        self.make(riddled(40, 50), geotransform=None, srs=None)
        for axis, count in (("x", 50), ("y", 40)):
            with open(self.path(axis), "w", encoding="ascii") as file:
                file.writelines(f"{i * 10 + math.sin(i)}\n" for i in range(count))
        whole = self.gradient("--x-coords", "x", "--y-coords", "y", "in.tif")
        part = self.gradient("--x-coords", "x", "--y-coords", "y", "--window", "7,5,20,11", "in.tif")
        self.assertTrue(np.array_equal(part, whole[:, 5:16, 7:27], equal_nan=True))

    def test_a_mosaic(self):
        z = riddled(90, 120)
        names = []
        for i, (row, col) in enumerate(((0, 0), (0, 60), (40, 0), (40, 55))):
            part = z[row:row + 50, col:col + 65]
            names.append(self.make(part, name=f"{i}.tif", geotransform=self.moved(NORTH_UP, col, row)))
        for how in (("central",), ("evans", 7)):
            self.check_windows((*method(*how), "--bands", BANDS), names, 6, 9)

    def test_short_forms_and_reports(self):
        self.make(riddled(50, 60))
        whole = self.gradient("--bands", "slope", "in.tif")
        done = self.demgrad("slope", "-q", "--window", "3,4,20,10", "--report", "r.json", "in.tif", "s.tif")
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertTrue(np.array_equal(read_raster(self.path("s.tif")), whole[:, 4:14, 3:23],
                                       equal_nan=True))
        with open(self.path("r.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual((report["output"]["width"], report["output"]["height"]), (20, 10))
        self.assertEqual(report["assumed"]["output"]["window"], [3, 4, 20, 10])
        info = self.demgrad("info", "--window", "3,4,20,10", "in.tif").out
        self.assertIn("3,4,20,10", info)
        self.assertIn("20 x 10 pixels", info)

    def test_only_blocks_that_it_meets_are_read(self):
        """The other blocks' bytes are garbage."""
        path = self.make(terrain(256, 256), options=["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64",
                                                     "COMPRESS=DEFLATE"])
        whole = self.gradient("in.tif")
        dataset = gdal.Open(path)
        places = {(row, col): int(dataset.GetRasterBand(1).GetMetadataItem(f"BLOCK_OFFSET_{col}_{row}", "TIFF"))
                  for row in range(4) for col in range(4)}
        del dataset
        with open(path, "r+b") as file:
            for (row, col), place in places.items():
                if row != 2 or col not in (1, 2):
                    file.seek(place)
                    file.write(b"\xff" * 40)
        self.assertEqual(self.demgrad("gradient", "in.tif", "no.tif").code, 1)
        part = self.gradient("--window", "66,130,124,60", "in.tif")
        self.assertTrue(np.array_equal(part, whole[:, 130:190, 66:190]))
        self.assertEqual(self.demgrad("gradient", "--window", "64,130,124,60", "in.tif", "no.tif").code, 1)


class Boxes(CommandTest):
    moved = staticmethod(Parts.moved)

    def box(self, box, *options, name="in.tif"):
        """The part, as read_raster has it, and its first pixel."""
        part = self.gradient("--bbox=" + box, *options, name)
        inverse = gdal.InvGeoTransform(gdal.Open(self.path(name)).GetGeoTransform())
        corner = gdal.Open(self.path("out.tif")).GetGeoTransform()
        col, row = gdal.ApplyGeoTransform(inverse, corner[0], corner[3])
        return part, round(col), round(row)

    def check(self, box, col, row, width, height, *options):
        whole = self.gradient("in.tif", out="whole.tif")
        part, got_col, got_row = self.box(box, *options)
        self.assertEqual((got_col, got_row, *part.shape[:0:-1]), (col, row, width, height), box)
        self.assertTrue(np.array_equal(part, whole[:, row:row + height, col:col + width],
                                       equal_nan=True), box)

    def test_pixels_that_a_box_meets(self):
        """500000 and 5000000 are the upper left corner; pixels are 30 m wide and 20 m high."""
        self.make(riddled(40, 50))
        self.check("500000,4999200,501500,5000000", 0, 0, 50, 40)
        self.check("500030,4999980,500060,5000000", 1, 0, 1, 1)
        self.check("500031,4999979,500061,4999999", 1, 0, 2, 2)
        self.check("500061,4999999,500031,4999979", 1, 0, 2, 2)
        self.check("500045,4999985,500046,4999986", 1, 0, 1, 1)
        self.check("500030.0001,4999979.9999,500060.0001,4999999.9999", 1, 0, 1, 1)
        self.check("500000,4999200,500000.1,4999200.1", 0, 39, 1, 1)

    def test_rotated_and_upside_down(self):
        g = (500000, 18, 12, 5000000, 12, -18)
        self.make(riddled(40, 50), geotransform=g)
        x, y = gdal.ApplyGeoTransform(list(g), 20.5, 10.5)
        self.check(comma((x - 1, y - 1, x + 1, y + 1)), 20, 10, 1, 1)
        self.make(riddled(40, 50), geotransform=(500000, 30, 0, 5000000, 0, 20))
        self.check("500030,5000020,500090,5000060", 1, 1, 2, 2)

    def test_in_another_crs(self):
        self.make(riddled(400, 500))
        to = osr.CoordinateTransformation(support.crs("EPSG:32632"), support.crs("EPSG:4326"))
        g = NORTH_UP
        edges = [(100 + i / 10, row) for i in range(501) for row in (200, 240)] + [
            (col, 200 + i / 10) for i in range(401) for col in (100, 150)]
        points = [to.TransformPoint(*gdal.ApplyGeoTransform(list(g), *edge))[:2] for edge in edges]
        box = np.array([np.min(points, axis=0), np.max(points, axis=0)]).ravel()
        back = osr.CoordinateTransformation(support.crs("EPSG:4326"), support.crs("EPSG:32632"))
        rim = [back.TransformPoint(x, y)[:2] for x in np.linspace(box[0], box[2], 500)
               for y in (box[1], box[3])]
        rim += [back.TransformPoint(x, y)[:2] for y in np.linspace(box[1], box[3], 500)
                for x in (box[0], box[2])]
        pixels = np.array([gdal.ApplyGeoTransform(gdal.InvGeoTransform(list(g)), *p) for p in rim])
        low, high = np.floor(pixels.min(axis=0)), np.ceil(pixels.max(axis=0))
        for crs in ("EPSG:4326", "OGC:CRS84", support.crs("EPSG:4326").ExportToWkt()):
            _, col, row = self.box(comma(map(float, box)) + "," + crs)
            part = gdal.Open(self.path("out.tif"))
            got = np.array([col, row, col + part.RasterXSize, row + part.RasterYSize])
            # Where the rim bends most, 21 points a side miss less than a pixel here.
            self.assertLessEqual(np.abs(got - np.concatenate([low, high])).max(), 1, crs)

    def test_what_cannot_be(self):
        self.make(terrain(40, 50))
        cases = (("--window", "0,0,51,1", 1, ("51", "50 x 40")), ("--window", "0,40,1,1", 1, ("50 x 40",)),
                 ("--window", "2147483647,0,2147483647,1", 1, ("50 x 40",)),
                 ("--window", "-1,0,2,2", 2, ("--window",)), ("--window", "0,0,0,5", 2, ("--window",)),
                 ("--window", "1,2,3", 2, ("COL,ROW,WIDTH,HEIGHT",)), ("--window", "4", 2, ("odd",)),
                 ("--bbox", "499999,4999200,500100,5000000", 1, ("500000,4999200,501500,5000000",)),
                 ("--bbox", "8,45,9,46", 1, ("500000,4999200,501500,5000000",)),
                 ("--bbox", "1,45,2,46,EPSG:4326", 1, ("outside", "500000,4999200,501500,5000000")),
                 ("--bbox", "1,45,2,46,EPSG:x", 1, ("EPSG:x",)), ("--bbox", "1,2,1,4", 2, ("corners",)),
                 ("--bbox", "1,2,3", 2, ("X0,Y0,X1,Y1",)), ("--bbox", "1,2,3,nan", 2, ("--bbox",)),
                 ("--bbox", "1,2,3,4,", 2, ("--bbox",)))
        for option, value, code, words in cases:
            result = self.demgrad("gradient", f"{option}={value}", "in.tif", "out.tif")
            self.assert_error(result, code, *words)
            self.assertEqual(self.files(), ["in.tif"])
        result = self.demgrad("gradient", "--window", "0,0,2,2", "--bbox", "1,2,3,4", "in.tif", "out.tif")
        self.assert_error(result, 2, "--bbox", "--window")
        result = self.demgrad("batch", "--bbox", "1,2,3,4", "--output-dir", "d", "in.tif")
        self.assert_error(result, 2, "--bbox")
        self.make(terrain(40, 50), geotransform=None, srs=None)
        self.assert_error(self.demgrad("gradient", "--spacing", 1, "--bbox", "1,2,3,4", "in.tif", "out.tif"),
                          1, "--window")

    def test_pictures_are_of_the_output(self):
        self.make(riddled(200, 250))
        self.need_pictures()
        done = self.demgrad("gradient", "-q", "--window", "10,20,100,50", "--preview", "p.png", "--bands",
                            "slope", "in.tif", "out.tif")
        self.assert_error(done, 1, "--bands")
        done = self.demgrad("gradient", "-q", "--window", "10,20,100,50", "--preview", "p.png", "in.tif",
                            "out.tif")
        self.assertEqual((done.code, done.err), (0, ""))
        self.assertIn("p.png", self.files())

    def picture(self, *arguments):
        done = self.demgrad("preview", "-q", "--overwrite", "--bare", *arguments, "p.png")
        self.assertEqual((done.code, done.err), (0, ""), arguments)
        return support.read_raster(self.path("p.png"))[:3]

    def test_a_picture_of_a_part_is_that_part_of_the_picture(self):
        """With one range, pixel for pixel and in means of 2 x 2; a factor that rounds may move a colour by one."""
        self.need_pictures()
        self.make(riddled(240, 320), geotransform=(500000, 30, 0, 5000000, 0, -30))
        self.gradient("in.tif", out="gradient.tif")
        windows = ((40, 60, 120, 80), (0, 0, 100, 60), (200, 140, 120, 100), (0, 0, 320, 240))
        ways = (("slope", "0,60"), ("relief", "-500,500"), ("components", "-2,2"), ("quality", "0,2"))
        for (style, ends), each, window in itertools.product(ways, (1, 2), windows):
            col, row, width, height = (n // each for n in window)
            for name, extra in (("in.tif", ("--method", "evans", "--window-size", 5)), ("gradient.tif", ())):
                if style == "quality" and name != "in.tif":
                    continue
                how = ("--style", style, "--range", ends, *extra)
                maps = 2 if style == "components" else 1
                whole = self.picture(*how, "--size", 320 // each * maps, name)
                part = self.picture(*how, "--window", ",".join(map(str, window)), "--size", width * maps, name)
                for i in range(maps):
                    expected = whole[:, row:row + height, i * 320 // each + col:i * 320 // each + col + width]
                    got = part[:, :, i * width:(i + 1) * width]
                    self.assertEqual(got.shape, expected.shape, (how, window))
                    self.assertLessEqual(np.abs(got - expected).max(), 1, (how, window, each))

    def test_a_picture_of_a_box(self):
        self.need_pictures()
        self.make(riddled(60, 80), geotransform=(500000, 30, 0, 5000000, 0, -30))
        box = (500000 + 10 * 30, 5000000 - 50 * 30, 500000 + 70 * 30, 5000000 - 20 * 30)
        by_box = self.picture("--bbox", ",".join(map(str, box)), "--size", 60, "in.tif")
        with open(self.path("p.pgw"), encoding="ascii") as file:
            place = [float(line) for line in file]
        self.assertEqual(place, [30, 0, 0, -30, box[0] + 15, box[3] - 15])
        by_window = self.picture("--window", "10,20,60,30", "--size", 60, "in.tif")
        self.assertTrue(np.array_equal(by_box, by_window))
        for words in (("--window", "70,0,20,9"), ("--bbox", "1,2,3,4")):
            self.assert_error(self.demgrad("preview", *words, "in.tif", "q.png"), 1, "in.tif", "outside")

    def test_one_number_is_the_size_of_a_window(self):
        self.make(riddled(40, 50))
        long = self.gradient("--method", "evans", "--window-size", 7, "in.tif")
        for short in (("--window", 7), ("--window=7",)):
            got = self.gradient("--method", "evans", *short, "in.tif")
            self.assertTrue(np.array_equal(got, long, equal_nan=True))
        both = self.gradient("--method", "evans", "--window", 7, "--window", "3,4,5,6", "in.tif")
        self.assertTrue(np.array_equal(both, long[:, 4:10, 3:8], equal_nan=True))


if __name__ == "__main__":
    support.main()
