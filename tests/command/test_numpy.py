"""The numbers are numpy.gradient's, and where data ends those of numpy.gradient over each run of data.

In Float64 what is left is rounding. numpy weighs elevations, demgrad their differences, so that the
bound goes with the largest elevation: 16 units in the last place of max|z| over the least spacing."""

import numpy as np
from osgeo import gdal

import support
from support import (CommandTest, EPS32, EPS64, NORTH_UP, combine, differences, holes, map_gradient,
                     terrain)

NO_GRID = dict(geotransform=None, srs=None)
FLOAT64 = ("--ot", "Float64")


def bound_of(z, spacing):
    return 16 * EPS64 * np.nanmax(np.abs(z)) / spacing


class Numpy(CommandTest):
    def write_places(self, name, places):
        with open(self.path(name), "w", encoding="ascii") as file:
            file.writelines(f"{place!r}\n" for place in places.tolist())
        return self.path(name)

    def random_places(self, count, seed):
        steps = np.random.default_rng(seed).uniform(0.5, 3, count)
        return np.cumsum(steps) - 10

    def test_one_spacing(self):
        """--spacing D is numpy.gradient(z, D): columns and rows as they are stored."""
        z = terrain(31, 47)
        self.make(z, type=gdal.GDT_Float64, **NO_GRID)
        for order in (1, 2):
            got = self.gradient("--spacing", "2.5", "--edge-order", order, *FLOAT64,
                                self.path("in.tif"))
            down, across = np.gradient(z, 2.5, edge_order=order)
            self.assert_close(got, [across, down], bound_of(z, 2.5))

    def test_two_spacings_point_upwards_on_a_north_up_raster(self):
        z = terrain(31, 47)
        for grid, sign in ((NORTH_UP, -1), ((0, 30, 0, 0, 0, 20), 1)):
            self.make(z, type=gdal.GDT_Float64, geotransform=grid)
            got = self.gradient("--spacing", "0.7,3", *FLOAT64, self.path("in.tif"))
            down, across = np.gradient(z, 3, 0.7)
            self.assert_close(got, [across, sign * down], bound_of(z, 0.7))

    def test_coordinates(self):
        z = terrain(23, 37)
        self.make(z, type=gdal.GDT_Float64, **NO_GRID)
        x, y = self.random_places(37, 1), self.random_places(23, 2)
        files = ("--x-coords", self.write_places("x.txt", x),
                 "--y-coords", self.write_places("y.txt", y))
        for order in (1, 2):
            got = self.gradient(*files, "--edge-order", order, *FLOAT64, self.path("in.tif"))
            down, across = np.gradient(z, y, x, edge_order=order)
            self.assert_close(got, [across, down], bound_of(z, 0.5))

    def test_falling_coordinates(self):
        z = terrain(23, 37)
        self.make(z, type=gdal.GDT_Float64)
        x, y = self.random_places(37, 1), -self.random_places(23, 2)
        got = self.gradient("--x-coords", self.write_places("x.txt", x),
                            "--y-coords", self.write_places("y.txt", y), *FLOAT64,
                            self.path("in.tif"))
        down, across = np.gradient(z, y, x)
        self.assert_close(got, [across, down], bound_of(z, 0.5))

    def test_coordinates_along_one_axis_and_spacing_along_the_other(self):
        z = terrain(23, 37)
        self.make(z, type=gdal.GDT_Float64, **NO_GRID)
        y = self.random_places(23, 2)
        got = self.gradient("--spacing", "4,9", "--y-coords", self.write_places("y.txt", y),
                            *FLOAT64, self.path("in.tif"))
        down, across = np.gradient(z, y, 4)
        self.assert_close(got, [across, down], bound_of(z, 0.5))

    def test_coordinates_with_holes(self):
        z = np.where(holes(), terrain(19, 23), np.nan)
        self.make(z, type=gdal.GDT_Float64, **NO_GRID)
        x, y = self.random_places(23, 1), self.random_places(19, 2)
        files = ("--x-coords", self.write_places("x.txt", x),
                 "--y-coords", self.write_places("y.txt", y))
        for order, edges in ((1, "one-sided"), (2, "one-sided"), (2, "propagate")):
            got = self.gradient(*files, "--edge-order", order, "--nodata-edges", edges, *FLOAT64,
                                self.path("in.tif"))
            how = dict(edge_order=order, propagate=edges == "propagate")
            expected = [differences(z, 1, x, **how), differences(z, 0, y, **how)]
            self.assert_close(got, expected, bound_of(z, 0.5), f"{order} {edges}")

    def test_bands_are_picked_and_ordered(self):
        z = terrain(12, 14)
        self.make(z)
        both = self.gradient("--metric", "map", self.path("in.tif"))
        for choice, expected in (("dzdy,dzdx", both[::-1]), ("dzdx", both[:1]), ("dzdy", both[1:])):
            got = self.gradient("--metric", "map", "--bands", choice, self.path("in.tif"))
            self.assertTrue(np.array_equal(got, expected), choice)

    def test_one_band_needs_pixels_along_its_own_axis_only(self):
        z = terrain(1, 9)
        self.make(z, type=gdal.GDT_Float64)
        got = self.gradient("--spacing", "2", "--bands", "dzdx", *FLOAT64, self.path("in.tif"))
        self.assert_close(got[0], np.gradient(z[0], 2)[np.newaxis], bound_of(z, 2))

    def test_map_metric_on_utm(self):
        z = terrain(31, 47)
        self.make(z, type=gdal.GDT_Float64)
        for order in (1, 2):
            got = self.gradient("--metric", "map", "--edge-order", order, *FLOAT64,
                                self.path("in.tif"))
            down, across = np.gradient(z, 20, 30, edge_order=order)
            self.assert_close(got, [across, -down], bound_of(z, 20))

    def test_smallest_rasters(self):
        for shape, order in (((2, 2), 1), ((3, 3), 2), ((2, 9), 1), ((9, 3), 2)):
            z = terrain(*shape)
            self.make(z, type=gdal.GDT_Float64)
            got = self.gradient("--metric", "map", "--edge-order", order, *FLOAT64,
                                self.path("in.tif"))
            down, across = np.gradient(z, 20, 30, edge_order=order)
            self.assert_close(got, [across, -down], bound_of(z, 20), f"{shape}")


class Edges(CommandTest):
    """Random ground with random holes, against the rules written down in support.py."""

    grids = {"north-up": NORTH_UP, "rotated": (0, 8, 6, 0, 6, -8), "skewed": (0, 30, 5, 0, 0, -20)}

    def check(self, z, grid, *arguments, **how):
        expected = map_gradient(z, grid, **how)
        got = self.gradient("--metric", "map", "--edge-order", how.get("edge_order", 1), *arguments,
                            self.path("in.tif"))
        self.assert_close(got, expected, bound_of(z, 8), f"{grid} {how}")

    def test_random_holes(self):
        for seed, share in enumerate((0.02, 0.3, 0.7)):
            random = np.random.default_rng(seed)
            z = np.where(random.random((41, 53)) < share, np.nan, terrain(41, 53, seed))
            for name, grid in self.grids.items():
                self.make(z, type=gdal.GDT_Float64, geotransform=grid)
                for order in (1, 2):
                    with self.subTest(f"{share} {name} {order}"):
                        self.check(z, grid, *FLOAT64, edge_order=order)

    def test_every_kind_of_hole(self):
        z = np.where(holes(), terrain(19, 23), np.nan)
        for name, grid in self.grids.items():
            self.make(z, type=gdal.GDT_Float64, geotransform=grid)
            for order in (1, 2):
                for propagate in (False, True):
                    with self.subTest(f"{name} {order} {propagate}"):
                        edges = ("--nodata-edges", "propagate" if propagate else "one-sided")
                        self.check(z, grid, *edges, *FLOAT64, edge_order=order,
                                   propagate=propagate)

    def test_float32_arithmetic(self):
        """In Float32 all roundings are those of differences: the elevation's size costs nothing."""
        z = np.where(holes(60, 700), terrain(60, 700), np.nan).astype(np.float32).astype(float)
        self.make(z)
        for order in (1, 2):
            expected = map_gradient(z, NORTH_UP, edge_order=order)
            got = self.gradient("--metric", "map", "--edge-order", order, self.path("in.tif"))
            self.assert_close(got, expected, 8 * EPS32 * np.nanmax(np.abs(expected)))

    def test_all_patterns_of_a_row_of_five(self):
        """Every set of valid pixels in a row of five, stacked with empty rows between."""
        z = np.full((64, 5), np.nan)
        for pattern in range(32):
            for column in range(5):
                if pattern >> column & 1:
                    z[2 * pattern, column] = 7 * column * column + column + pattern
        for name, values in (("row", z), ("column", z.T.copy())):
            self.make(values, type=gdal.GDT_Float64)
            for order in (1, 2):
                with self.subTest(f"{name} {order}"):
                    self.check(values, NORTH_UP, *FLOAT64, edge_order=order)

    def test_a_row_of_holes_has_its_own_component_only(self):
        """Rows without neighbours above and below: dz/dx is there, dz/dy is nodata."""
        z = np.full((9, 12), np.nan)
        z[::2] = terrain(5, 12)
        self.make(z, type=gdal.GDT_Float64)
        got = self.gradient("--metric", "map", *FLOAT64, self.path("in.tif"))
        self.assertTrue(np.isnan(got[1]).all())
        self.assert_close(got[0], combine(differences(z, 1), differences(z, 0), (1 / 30, 0)),
                          bound_of(z, 30))

    def test_nothing_but_nodata(self):
        self.make(np.full((5, 6), np.nan))
        self.assertTrue(np.isnan(self.gradient(self.path("in.tif"))).all())


if __name__ == "__main__":
    support.main()
