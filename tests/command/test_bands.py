"""Every band against numpy, made of the gradient's two components; errors against 10,000 draws."""

import json

import numpy as np
from osgeo import gdal

import support
from stencil_reference import gradient, whole
from support import CommandTest, EPS32, EPS64, holes, terrain

PIXEL = (30, 20)
FLOAT64 = ("--metric", "map", "--ot", "Float64")
ALL = ("slope", "aspect", "dzdy", "quality", "slope-degrees", "hillshade", "dzdx", "slope-percent",
       "error-slope", "error-dzdy", "error-dzdx")


def hillshade(p, q, azimuth=315, altitude=45, exaggeration=1):
    """gdaldem's formula: 1 + 254 times the cosine of the angle between light and ground."""
    azimuth, altitude = np.radians(azimuth), np.radians(altitude)
    p, q = exaggeration * p, exaggeration * q
    light = np.sin(altitude) - np.cos(altitude) * (p * np.sin(azimuth) + q * np.cos(azimuth))
    return 1 + 254 * np.maximum(light / np.sqrt(1 + p * p + q * q), 0)


def aspect(p, q):
    """Degrees clockwise from north of the way down."""
    return np.where((p == 0) & (q == 0), np.nan, np.degrees(np.arctan2(-p, -q)) % 360)


class Bands(CommandTest):
    def make_terrain(self):
        z = np.where(holes(60, 70), terrain(60, 70), np.nan)
        z[40:50, 30:60] = 7.0  # flat
        self.make(z, type=gdal.GDT_Float64)
        return z

    def test_values(self):
        """In any mix and order, from the two components in Float64."""
        z = self.make_terrain()
        for method in ("central", "horn"):
            got = dict(zip(ALL, self.gradient(*FLOAT64, "--method", method, "--bands", ",".join(ALL),
                                              "--z-error", 2, self.path("in.tif"))))
            p, q = gradient(z, PIXEL, method=method)
            slope = np.hypot(got["dzdx"], got["dzdy"])
            self.assert_close(got["dzdx"], p, 1e-11)
            self.assert_close(got["dzdy"], q, 1e-11)
            self.assert_close(got["slope"], slope, 8 * EPS64 * np.nanmax(slope))
            self.assert_close(got["slope-percent"], 100 * slope, 800 * EPS64 * np.nanmax(slope))
            self.assert_close(got["slope-degrees"], np.degrees(np.arctan(slope)), 720 * EPS64)
            self.assert_close(got["hillshade"], hillshade(got["dzdx"], got["dzdy"]), 2040 * EPS64)
            expected = aspect(got["dzdx"], got["dzdy"])
            self.assert_close(got["aspect"], expected, 2880 * EPS64)
            exists = np.isfinite(got["dzdx"]) & np.isfinite(got["dzdy"])
            quality = np.where(exists, np.where(whole(z, method), 2, 1), 0)
            self.assertTrue(np.array_equal(got["quality"], quality))

    def test_float32_is_float64_rounded(self):
        self.make(np.where(holes(60, 70), terrain(60, 70), np.nan))
        bands = ("--metric", "map", "--bands", "slope,slope-degrees,slope-percent,hillshade,dzdx,dzdy")
        coarse = self.gradient(*bands, self.path("in.tif"))
        fine = self.gradient(*bands, "--ot", "Float64", self.path("in.tif"))
        largest = np.nanmax(np.abs(fine), axis=(1, 2)).reshape(-1, 1, 1)
        self.assert_close(coarse, fine, 16 * EPS32 * largest)

    def test_names_units_and_nodata(self):
        self.make_terrain()
        names = {"dzdx": "dz/dx", "dzdy": "dz/dy"}
        units = {"slope-degrees": "degrees", "aspect": "degrees", "slope-percent": "%",
                 "hillshade": "", "quality": ""}
        got = self.gradient("--bands", ",".join(ALL), "--z-error", 1, "--nodata", "-9999",
                            self.path("in.tif"))
        dataset = gdal.Open(self.path("out.tif"))
        for i, band in enumerate(ALL):
            self.assertEqual(dataset.GetRasterBand(i + 1).GetDescription(), names.get(band, band))
            self.assertEqual(dataset.GetRasterBand(i + 1).GetUnitType(), units.get(band, "m/m"))
            self.assertEqual(dataset.GetRasterBand(i + 1).GetNoDataValue(), -9999)
        self.assertFalse((got == -9999).any())  # read back as NaN, which was written nowhere else
        self.assertEqual(float(dataset.GetMetadataItem("DEMGRAD_Z_ERROR")), 1)

    def test_flat_ground(self):
        self.make(np.zeros((9, 12)))
        got = self.gradient("--bands", "aspect,slope,hillshade,quality", self.path("in.tif"))
        self.assertTrue(np.isnan(got[0]).all())
        self.assertTrue((got[1] == 0).all())
        self.assert_close(got[2], 1 + 254 * np.sin(np.pi / 4), 255 * EPS32)
        got = self.gradient("--bands", "aspect", "--aspect-flat", "-1", self.path("in.tif"))
        self.assertTrue((got == -1).all())

    def test_flat_ground_may_be_nodata_by_its_value(self):
        """As gdaldem's -9999, which is no value a millionth off it."""
        self.make(np.zeros((9, 9)), geotransform=(0, 3, 0, 0, 0, -2))
        result = self.demgrad("aspect", "--progress", "none", "--aspect-flat", -9999, "--nodata", -9999,
                              self.path("in.tif"), self.path("out.tif"))
        self.assertEqual(result.code, 0)
        self.assertNotIn("warning", result.err)
        self.assertTrue((gdal.Open(self.path("out.tif")).ReadAsArray() == -9999).all())

    def test_azimuths_go_round(self):
        """However often."""
        self.make(terrain(20, 30))
        for turns, azimuth in ((1e17, 1e17 % 360), (-1e17, -1e17 % 360), (1e19, 1e19 % 360), (725, 5), (-45, 315)):
            light = ("--bands", "hillshade", self.path("in.tif"))
            self.assertEqual(self.gradient("--azimuth", turns, *light).tobytes(),
                             self.gradient("--azimuth", azimuth, *light).tobytes(), turns)

    def test_aspects_of_the_compass(self):
        """The way down, whatever the order of rows: ground that falls to the east has 90."""
        rows, columns = np.mgrid[0:9, 0:9].astype(float)
        for grid in ((0, 10, 0, 0, 0, -10), (0, 10, 0, 0, 0, 10), (0, -10, 0, 0, 0, -10)):
            east, north = grid[1] * columns, grid[5] * rows
            for degrees, (x, y) in {0: (0, 1), 45: (1, 1), 90: (1, 0), 135: (1, -1), 180: (0, -1),
                                    225: (-1, -1), 270: (-1, 0), 315: (-1, 1)}.items():
                self.make(-x * east - y * north, geotransform=grid)
                got = self.gradient("--metric", "map", "--bands", "aspect", self.path("in.tif"))
                self.assertTrue((got == degrees).all(), f"{grid} {degrees}")

    def test_just_short_of_north(self):
        """What Float32 rounds up to 360 is 0, also where it was computed in doubles."""
        rows, columns = np.mgrid[0:9, 0:12].astype(float)
        for type in (gdal.GDT_Float64, gdal.GDT_Float32):
            for slope in (1e-4, 1e-6, 3e-7, 2.66e-7, 2.6e-7, 1e-8, 1e-12):
                self.make(rows + slope * columns, type=type, geotransform=(0, 1, 0, 0, 0, -1))
                for output in ("Float32", "Float64"):
                    bands = ("--spacing", 1, "--bands", "aspect,dzdx", "--ot", output)
                    got, dzdx = self.gradient(*bands, self.path("in.tif"))
                    self.assertLess(got.max(), 360)
                    away = np.abs(got - np.degrees(np.arctan2(-dzdx, 1)) % 360)
                    self.assertLess(np.minimum(away, 360 - away).max(), 2e-5)

    def test_light(self):
        self.make(terrain(40, 50), type=gdal.GDT_Float64)
        p, q = self.gradient(*FLOAT64, self.path("in.tif"))
        for azimuth, altitude, exaggeration in ((315, 45, 1), (10, 80, 0.2), (-45, 30, 3), (725, 0, 1)):
            got = self.gradient(*FLOAT64, "--bands", "hillshade", "--azimuth", azimuth, "--altitude",
                                altitude, "--z-exaggeration", exaggeration, self.path("in.tif"))
            self.assert_close(got[0], hillshade(p, q, azimuth, altitude, exaggeration), 5e-12)

    def test_report_has_every_band(self):
        self.make(np.where(holes(60, 70), terrain(60, 70), np.nan))
        self.gradient("--bands", "slope,aspect", "--method", "evans", "--window", 5, "--report",
                      self.path("report.json"), self.path("in.tif"))
        with open(self.path("report.json"), encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual((report["method"], report["window_size"]), ("evans", 5))
        self.assertEqual([band["name"] for band in report["output"]["bands"]], ["slope", "aspect"])
        got = support.read_raster(self.path("out.tif"))
        for band, values in zip(report["output"]["bands"], got):
            self.assertEqual(band["min"], np.nanmin(values))
            self.assertEqual(band["max"], np.nanmax(values))
            self.assertEqual(band["valid"], np.isfinite(values).sum())

    def test_bands_need_both_axes(self):
        self.make(terrain(1, 9), type=gdal.GDT_Float64)
        result = self.demgrad("gradient", "--spacing", 2, "--bands", "slope", self.path("in.tif"),
                              self.path("out.tif"))
        self.assert_error(result, 1, "--bands")

    def test_wrong_bands(self):
        self.make(terrain(20, 30))
        for options, code, words in (
                (("--bands", "dzdx,steepness"), 2, ("steepness", "slope-degrees")),
                (("--bands", "slope,slope"), 2, ("once",)), (("--bands", ""), 2, ("--bands",)),
                (("--bands", "error-slope"), 2, ("--z-error",)), (("--z-error", "0"), 2, ("above 0",)),
                (("--bands", "quality", "--nodata", "1"), 2, ("nodata value 1", "quality")),
                (("--bands", "aspect", "--aspect-flat", "inf"), 2, ("flat", "-1")),
                (("--bands", "aspect", "--aspect-flat", "1e39"), 2, ("flat", "-1")),
                (("--altitude", "91"), 2, ("90",)), (("--hillshade", "igor"), 2, ("combined",)),
                (("--z-exaggeration", "0"), 2, ("above 0",))):
            result = self.demgrad("gradient", *options, self.path("in.tif"), self.path("out.tif"))
            self.assert_error(result, code, *words)


class Errors(CommandTest):
    """A patch of ground with a hole, 10,000 times with noise of its own, in one raster. What the
    gradient of a pixel varies by is what the error bands say: within 4.5 standard deviations of the
    sample's standard deviation, 1 / sqrt(2 N) of it."""

    COUNT, SIZE, GAP = 100, 8, 3
    NOISE = 0.25

    def draw(self, grid, arguments, scale=1.0, unit_m=1.0):
        step = self.SIZE + self.GAP
        rows, columns = np.mgrid[0:self.SIZE, 0:self.SIZE]
        ground = 100 + 9.0 * columns - 6.0 * rows + 0.3 * columns * rows
        ground[2, 5] = ground[6, 1] = ground[7, 1] = np.nan
        patch = np.full((step, step), np.nan)
        patch[:self.SIZE, :self.SIZE] = ground
        clean = np.tile(patch, (self.COUNT, self.COUNT))
        noise = np.random.default_rng(9).standard_normal(clean.shape) * self.NOISE
        for name, z in (("clean.tif", clean), ("noisy.tif", clean + noise)):
            self.make(z / scale / unit_m, name, type=gdal.GDT_Float64, geotransform=grid, scale=scale)
        bands = ("--bands", "dzdx,dzdy,slope,error-dzdx,error-dzdy,error-slope", "--z-error",
                 self.NOISE, "--ot", "Float64", *arguments)
        return [self.gradient(*bands, self.path(name)) for name in ("clean.tif", "noisy.tif")]

    def check(self, grid, *arguments, **how):
        clean, noisy = self.draw(grid, arguments, **how)
        draws = self.COUNT ** 2
        step = self.SIZE + self.GAP
        with np.errstate(invalid="ignore"):
            scores = (noisy[:3] - clean[:3]) / clean[3:]
        exists = np.isfinite(clean[:3, :step, :step])
        self.assertGreater(exists.sum(), 3 * 50)
        self.assertTrue(np.array_equal(exists, np.isfinite(clean[3:, :step, :step])))
        patches = scores.reshape(3, self.COUNT, step, self.COUNT, step)
        spread = patches.std(axis=(1, 3))[exists]
        worst = np.abs(spread - 1).max()
        self.assertLess(worst, 4.5 / np.sqrt(2 * draws), f"{arguments} {how}")

    def test_draws_on_the_map(self):
        for method, window in (("central", 3), ("horn", 3), ("evans", 5), ("florinsky", 5),
                               ("fourth", 5)):
            for order in (1, 2):
                with self.subTest(f"{method} {order}"):
                    self.check((0, 3, 0, 0, 0, -2), "--metric", "map", "--method", method, "--window",
                               window, "--edge-order", order)

    def test_draws_where_axes_mix(self):
        """Rotated and skewed: both components hang on both differences, and these on each other."""
        for method in ("central", "horn"):
            self.check((0, 3, 1.5, 0, -1, -2), "--metric", "map", "--method", method)

    def test_draws_on_the_ground_in_feet(self):
        self.check((500000, 3, 0, 5500000, 0, -2), "--z-unit", "ft", "--frame", "true", scale=-0.125,
                   unit_m=0.3048)

    def test_wide_windows_have_the_noise_of_their_weights(self):
        """A weight is the gradient of a pixel that is 1 among others that are 0."""
        z = terrain(15, 17)
        z[np.random.default_rng(5).random(z.shape) < 0.07] = np.nan
        self.make(z, type=gdal.GDT_Float64)
        each = np.eye(z.size).reshape(*z.shape, z.size) + np.where(np.isfinite(z), 0, np.nan)[..., None]
        for window, order in ((5, 1), (9, 1), (9, 2), (21, 2), (99, 1)):
            how = {"method": "evans", "window": window, "edge_order": order}
            (p, q), (x, y) = gradient(z, PIXEL, **how), gradient(each, PIXEL, **how)
            var_x, cov, var_y = (x * x).sum(axis=2), (x * y).sum(axis=2), (y * y).sum(axis=2)
            var_slope = (p * p * var_x + 2 * p * q * cov + q * q * var_y) / (p * p + q * q)
            got = self.gradient(*FLOAT64, "--method", "evans", "--window", window, "--edge-order", order,
                                "--z-error", 3, "--bands", "error-dzdx,error-dzdy,error-slope",
                                self.path("in.tif"))
            self.assert_close(got ** 2, 9 * np.stack([var_x, var_y, var_slope]), 1e-13)

    def test_flat_ground_has_the_mean_over_directions(self):
        self.make(np.zeros((9, 9)), geotransform=(0, 3, 0, 0, 0, -2))
        x, y, slope = self.gradient("--metric", "map", "--z-error", 2, "--bands",
                                    "error-dzdx,error-dzdy,error-slope", self.path("in.tif"))
        self.assert_close(slope, np.sqrt((x * x + y * y) / 2), 4 * EPS32)
        self.assert_close(x[4, 4], 2 * np.sqrt(0.5) / 3, EPS32)


if __name__ == "__main__":
    support.main()
