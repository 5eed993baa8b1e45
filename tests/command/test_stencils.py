"""Every stencil against its definition in numpy, least squares, and planes with every kind of hole."""

import itertools
import os

import numpy as np
from osgeo import gdal

import support
from stencil_reference import difference, gradient, mask_of
from support import CommandTest, EPS64, holes, plane, terrain

PIXEL = (30, 20)
METHODS = [("central", 3), ("horn", 3), ("evans", 3), ("evans", 5), ("evans", 11), ("florinsky", 5),
           ("fourth", 5)]
FLOAT64 = ("--metric", "map", "--ot", "Float64")


def name_of(method, window):
    return ("--method", method, "--window", window)


def bound_of(z):
    """Rounding: numpy's reference weighs elevations' differences in another order."""
    return 64 * EPS64 * np.nanmax(np.abs(z)) / min(PIXEL)


class Stencils(CommandTest):
    def check(self, z, method, window, **how):
        arguments = [*name_of(method, window), "--edge-order", how.get("edge_order", 1)]
        if how.get("propagate"):
            arguments += ["--nodata-edges", "propagate"]
        got = self.gradient(*FLOAT64, *arguments, self.path("in.tif"))
        expected = gradient(z, PIXEL, method=method, window=window, **how)
        self.assert_close(got, expected, bound_of(z), f"{method} {window} {how}")

    def test_definition_with_every_kind_of_hole(self):
        z = np.where(holes(), terrain(19, 23), np.nan)
        self.make(z, type=gdal.GDT_Float64)
        for (method, window), order, propagate in itertools.product(METHODS, (1, 2), (False, True)):
            with self.subTest(f"{method} {window} {order} {propagate}"):
                self.check(z, method, window, edge_order=order, propagate=propagate)

    def test_definition_with_random_holes(self):
        for seed, share in enumerate((0, 0.003, 0.3, 0.8)):
            random = np.random.default_rng(seed)
            z = np.where(random.random((61, 83)) < share, np.nan, terrain(61, 83, seed))
            self.make(z, type=gdal.GDT_Float64)
            for method, window in METHODS:
                with self.subTest(f"{share} {method} {window}"):
                    self.check(z, method, window, edge_order=1 + seed % 2)

    def test_wide_windows(self):
        z = terrain(140, 170)
        z[30:33, 100:140] = np.nan
        self.make(z, type=gdal.GDT_Float64)
        for window in (31, 99):
            self.check(z, "evans", window)

    def test_planes_are_exact_everywhere(self):
        """Rims, corners and rims of holes, with both edge orders; nothing but what has no neighbour is
        lost. The plane's values are exact, so that a few roundings are all there may be."""
        valid = holes()
        for grid in (support.NORTH_UP, (0, 20, 15, 0, 15, -20)):
            z = plane(*valid.shape, 3, 5, 100)
            self.make(np.where(valid, z, -9999), type=gdal.GDT_Int16, nodata=-9999,
                      geotransform=grid)
            jacobian = np.array([[grid[1], grid[4]], [grid[2], grid[5]]], float)
            truth = np.linalg.solve(jacobian, [3, 5]).reshape(2, 1, 1)
            masked = np.where(valid, z, np.nan)
            for (method, window), order in itertools.product(METHODS + [("evans", 99)], (1, 2)):
                along, across = (difference(masked, axis, method, window, order) for axis in (1, 0))
                exists = np.isfinite([along, -across] if grid[2] == 0 else [along + across] * 2)
                got = self.gradient(*FLOAT64, *name_of(method, window), "--edge-order", order,
                                    self.path("in.tif"))
                with self.subTest(f"{method} {window} {order} {grid}"):
                    self.assert_close(got, np.where(exists, truth, np.nan), 16 * EPS64)

    def test_elevations_size_costs_no_digits(self):
        """A plane far up is the plane itself, in Float32 arithmetic too."""
        z = plane(40, 50, 0.25, -0.5)
        for method, window in METHODS:
            self.make(z)
            low = self.gradient("--metric", "map", *name_of(method, window), self.path("in.tif"))
            self.make(z + 8000)
            high = self.gradient("--metric", "map", *name_of(method, window), self.path("in.tif"))
            self.assertTrue(np.array_equal(low, high), method)

    def test_evans_is_least_squares(self):
        """The derivative of a quadratic fitted to the window, by numpy.linalg.lstsq."""
        z = terrain(30, 34)
        self.make(z, type=gdal.GDT_Float64)
        for window in (3, 5, 9):
            got = self.gradient(*FLOAT64, *name_of("evans", window), self.path("in.tif"))
            self.check_fit(got, z, window, [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)])

    def test_florinsky_is_a_third_order_fit(self):
        z = terrain(30, 34)
        self.make(z, type=gdal.GDT_Float64)
        got = self.gradient(*FLOAT64, *name_of("florinsky", 5), self.path("in.tif"))
        self.check_fit(got, z, 5, [(i, j) for i in range(4) for j in range(4 - i)])

    def check_fit(self, got, z, window, powers):
        half = window // 2
        y, x = np.mgrid[-half:half + 1, -half:half + 1]
        terms = np.stack([x.ravel() ** i * y.ravel() ** j for i, j in powers], axis=1).astype(float)
        for row, col in itertools.product(range(half, 30 - half, 4), range(half, 34 - half, 3)):
            part = z[row - half:row + half + 1, col - half:col + half + 1].ravel()
            fit = np.linalg.lstsq(terms, part, rcond=None)[0]
            per_column, per_row = fit[powers.index((1, 0))], fit[powers.index((0, 1))]
            expected = [per_column / PIXEL[0], -per_row / PIXEL[1]]
            self.assert_close(got[:, row, col], expected, 1e-11)

    def test_florinsky_window_by_hand(self):
        """One raised pixel at a time shows the window's weights, in 1/420."""
        expected = np.array([[31, -44, 0, 44, -31], [-5, -62, 0, 62, 5], [-17, -68, 0, 68, 17],
                             [-5, -62, 0, 62, 5], [31, -44, 0, 44, -31]]) / 420
        z = np.zeros((45, 45))
        for i, j in itertools.product(range(5), range(5)):
            z[9 * i + 2 + i - 2 + 2, 9 * j + 2 + j - 2 + 2] = 420
        self.make(z, type=gdal.GDT_Float64, geotransform=(0, 1, 0, 0, 0, -1))
        got = self.gradient(*FLOAT64, *name_of("florinsky", 5), self.path("in.tif"))
        weights = got[0][4::9, 4::9] / 420
        self.assert_close(weights, expected, 1e-15)
        self.assert_close(got[1][4::9, 4::9] / 420, -expected.T, 1e-15)

    def test_fourth_order_of_a_long_wave(self):
        """The error is (2 pi / wave)^4 / 30 of the slope: 3e-12 at 2,000 pixels a wave, under the
        1.6e-6 of the central difference."""
        wave = 2000
        columns = np.arange(2 * wave)
        z = np.tile(np.sin(2 * np.pi * columns / wave), (6, 1)) * 1000
        truth = np.cos(2 * np.pi * columns / wave) * 1000 * 2 * np.pi / wave
        self.make(z, type=gdal.GDT_Float64, geotransform=(0, 1, 0, 0, 0, -1))
        got = self.gradient(*FLOAT64, "--method", "fourth", self.path("in.tif"))
        error = np.abs(got[0] - truth)[:, 2:-2].max() / np.abs(truth).max()
        self.assertLess(error, 1e-11 + 2 * EPS64 * 1000 / np.abs(truth).max())

    def test_noise_is_damped_as_the_weights_say(self):
        """The standard deviation of white noise's gradient is the root of the squared weights' sum."""
        z = np.random.default_rng(5).standard_normal((400, 400))
        self.make(z, type=gdal.GDT_Float64, geotransform=(0, 1, 0, 0, 0, -1))
        for method, window in METHODS:
            got = self.gradient(*FLOAT64, *name_of(method, window), self.path("in.tif"))
            mask = mask_of(method, window)
            lines = mask[:1] + [line for line in mask[1:] for _ in range(2)]
            gain = sum(2 * i * w for line in lines for i, w in enumerate(line, 1))
            expected = np.sqrt(sum(2 * w * w for line in lines for w in line)) / gain
            # Neighbours share pixels: as many independent values as there are windows.
            tolerance = 5 * max(window, 3) / 400 / np.sqrt(2)
            inside = got[0, window:-window, window:-window]
            self.assertLess(abs(inside.std() / expected - 1), tolerance, method)


class Invariance(CommandTest):
    def test_threads_memory_blocks_and_cpus_change_nothing(self):
        z = terrain(700, 900)
        z[200:210, 300:500] = np.nan
        self.make(z, options=["TILED=YES"])
        for method, window in METHODS + [("evans", 61)]:
            bands = ("--bands", "dzdy,slope,dzdx,aspect,quality", *name_of(method, window))
            expected = self.gradient(*bands, "-j", 1, self.path("in.tif"))
            for how in (("-j", 4), ("-j", 2, "--memory", "128MB"), ("--co", "TILED=NO"),
                        ("--co", "BLOCKXSIZE=64", "--co", "BLOCKYSIZE=32")):
                got = self.gradient(*bands, *how, self.path("in.tif"))
                self.assertTrue(np.array_equal(got, expected, equal_nan=True), f"{method} {how}")
            for tier in ("baseline", "x86-64-v3"):
                got = self.gradient(*bands, self.path("in.tif"), env={"DEMGRAD_CPU": tier})
                self.assertTrue(np.array_equal(got, expected, equal_nan=True), f"{method} {tier}")

    def test_tiles_equal_the_whole(self):
        self.make(terrain(300, 400))
        for method, window in METHODS + [("evans", 61)]:
            options = ("--bands", "dzdx,hillshade", *name_of(method, window))
            whole = self.gradient(*options, self.path("in.tif"))
            folder = self.path(f"{method}{window}")
            os.mkdir(folder)
            done = self.demgrad("batch", "-q", *options, "--tile", "130x90", "--output-dir", folder,
                                self.path("in.tif"))
            self.assertEqual(done.code, 0, done.err)
            for row, col in itertools.product(range(4), range(4)):
                tile = support.read_raster(os.path.join(folder, f"in_r{row}_c{col}_gradient.tif"))
                part = whole[:, 90 * row:90 * (row + 1), 130 * col:130 * (col + 1)]
                self.assertTrue(np.array_equal(tile, part), f"{method} {window} {row} {col}")

    def test_round_the_globe(self):
        """A raster of 360 degrees has no rim to the east and west: turning it turns the gradient."""
        z = terrain(60, 180)
        grid = (-180, 2, 0, 60, 0, -2)
        for method, window in METHODS:
            turned = []
            for turn in (0, 67):
                self.make(np.roll(z, turn, 1), geotransform=grid, srs="EPSG:4326")
                got = self.gradient(*name_of(method, window), self.path("in.tif"))
                turned.append(np.roll(got, -turn, 2))
            self.assertTrue(np.array_equal(*turned), method)

    def test_round_a_coarse_globe_more_than_once(self):
        """Where the window is wider than the globe, and where the last column is the first again."""
        wide = ("--method", "evans", "--window-size", 99)
        for columns in (8, 36, 48):
            step = 360 / columns
            grid = (-180, step, 0, 60, 0, -step / 4)
            z = terrain(12, columns)
            turned = []
            for turn in (0, 5):
                self.make(np.roll(z, turn, 1), geotransform=grid, srs="EPSG:4326")
                turned.append(np.roll(self.gradient(*wide, self.path("in.tif")), -turn, 2))
            self.assertTrue(np.array_equal(*turned), columns)
            self.make(np.hstack([z, z[:, :1]]), geotransform=grid, srs="EPSG:4326")
            repeated = self.gradient(*wide, self.path("in.tif"))
            self.assertTrue(np.array_equal(repeated[:, :, :-1], turned[0]))
            self.assertTrue(np.array_equal(repeated[:, :, -1], turned[0][:, :, 0]))


class Usage(CommandTest):
    def test_metadata_name_the_method(self):
        self.make(terrain(20, 30))
        self.gradient("--method", "evans", "--window", 7, self.path("in.tif"))
        metadata = gdal.Open(self.path("out.tif")).GetMetadata()
        self.assertEqual(metadata["DEMGRAD_METHOD"], "evans")
        self.assertEqual(metadata["DEMGRAD_WINDOW_SIZE"], "7")
        self.gradient("--method", "horn", self.path("in.tif"))
        metadata = gdal.Open(self.path("out.tif")).GetMetadata()
        self.assertEqual(metadata["DEMGRAD_METHOD"], "horn")
        self.assertNotIn("DEMGRAD_WINDOW_SIZE", metadata)

    def test_wrong_methods_and_windows(self):
        self.make(terrain(20, 30))
        for options, word in ((("--method", "sobel"), "horn"), (("--window", "4"), "odd"),
                              (("--window", "1"), "odd"), (("--window", "101"), "99")):
            self.assert_error(self.demgrad("gradient", *options, self.path("in.tif"),
                                           self.path("out.tif")), 2, options[0], word)

    def test_coordinates_go_with_central_alone(self):
        self.make(terrain(20, 30), geotransform=None, srs=None)
        with open(self.path("x.txt"), "w", encoding="ascii") as file:
            file.writelines(f"{i * i}\n" for i in range(30))
        result = self.demgrad("gradient", "--method", "horn", "--x-coords", self.path("x.txt"),
                              "--spacing", "1", self.path("in.tif"), self.path("out.tif"))
        self.assert_error(result, 2, "horn", "central")


if __name__ == "__main__":
    support.main()
