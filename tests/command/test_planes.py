"""A plane comes out exact everywhere, but for the rounding of the output's own type.

The heights are whole numbers or short binary fractions, so that differences are exact. What is left
is the rounding of the factors, products and their sum: 4 units in the last place of the largest term."""

import math

import numpy as np
from osgeo import gdal

import support
from support import (CommandTest, EPS32, EPS64, NORTH_UP, holes, map_gradient, plane,
                     signed_bytes)

COS, SIN = math.cos(math.radians(30)), math.sin(math.radians(30))
GRIDS = {
    "north-up": NORTH_UP,
    "south-up": (500000, 30, 0, 5000000, 0, 20),
    "mirrored": (500000, -30, 0, 5000000, 0, -20),
    "rotated": (500000, 10 * COS, 10 * SIN, 5000000, 10 * SIN, -10 * COS),
    "rotated by 90 degrees": (500000, 0, 20, 5000000, 30, 0),
    "skewed": (500000, 30, 7, 5000000, -3, -20),
    "mirrored and rotated": (500000, -10 * COS, 10 * SIN, 5000000, 10 * SIN, 10 * COS),
}
TYPES = {
    "Byte": (gdal.GDT_Byte, 0), "UInt16": (gdal.GDT_UInt16, 65000), "Int16": (gdal.GDT_Int16, -32700),
    "UInt32": (gdal.GDT_UInt32, 4294967000), "Int32": (gdal.GDT_Int32, -2147483600),
    "UInt64": (gdal.GDT_UInt64, 1 << 52), "Int64": (gdal.GDT_Int64, -(1 << 52)),
    "Float32": (gdal.GDT_Float32, 8848), "Float64": (gdal.GDT_Float64, 1 << 40),
}
if hasattr(gdal, "GDT_Float16"):  # from GDAL 3.11 on
    TYPES["Float16"] = (gdal.GDT_Float16, 1700)
US_FOOT = 1200 / 3937


class Planes(CommandTest):
    def check(self, z, grid, *arguments, eps=EPS32, valid=None, truth=None, name="in.tif", **how):
        """Runs both edge orders and compares with the plane's gradient, (2, 1, 1) or made from z."""
        valid = np.ones(z.shape, bool) if valid is None else valid
        for order in (1, 2):
            got = self.gradient("--metric", "map", "--edge-order", order, *arguments,
                                self.path(name))
            reference = map_gradient(np.where(valid, z, np.nan).astype(float), grid,
                                     edge_order=order, **how)
            if truth is not None:
                reference = np.where(np.isfinite(reference), np.reshape(truth, (2, 1, 1)), np.nan)
            bound = 4 * eps * np.nanmax(np.abs(reference))
            self.assert_close(got, reference, bound, f"{arguments} order {order}")

    def exact(self, grid, per_column, per_row, metres=1.0):
        """The plane's gradient: solves per_column, per_row = J^T (dz/dx, dz/dy)."""
        jacobian = np.array([[grid[1], grid[4]], [grid[2], grid[5]]], float) * metres
        return np.linalg.solve(jacobian, [per_column, per_row])

    def test_every_type(self):
        grid, valid = GRIDS["rotated"], holes()
        for name, (type, base) in TYPES.items():
            with self.subTest(name):
                z = plane(*valid.shape, 3, 5, base)
                self.make(z, type=type, geotransform=grid, mask=valid)
                self.check(z - base, grid, valid=valid, truth=self.exact(grid, 3, 5))

    def test_signed_bytes(self):
        z = plane(19, 23, 3, 5, -70)
        self.make(**signed_bytes(z))
        self.check(z, NORTH_UP, truth=self.exact(NORTH_UP, 3, 5))

    def test_every_orientation(self):
        valid = holes()
        for name, grid in GRIDS.items():
            with self.subTest(name):
                z = plane(*valid.shape, 1.5, -0.25, 100)
                self.make(np.where(valid, z, -9999), geotransform=grid, nodata=-9999)
                self.check(z, grid, valid=valid, truth=self.exact(grid, 1.5, -0.25))

    def test_float64_output(self):
        valid = holes()
        for name in ("north-up", "skewed"):
            for type in (gdal.GDT_Float32, gdal.GDT_Int16):
                z = plane(*valid.shape, 3, -7, 100)
                self.make(np.where(valid, z, -9999), type=type, geotransform=GRIDS[name],
                          nodata=-9999)
                self.check(z, GRIDS[name], "--ot", "Float64", eps=EPS64, valid=valid,
                           truth=self.exact(GRIDS[name], 3, -7))

    def test_signs_are_those_of_the_compass(self):
        """Ground that rises to the east has dz/dx > 0, to the north dz/dy > 0, in any orientation."""
        for name, grid in GRIDS.items():
            with self.subTest(name):
                rows, columns = np.mgrid[0:19, 0:23] + 0.5
                east = grid[1] * columns + grid[2] * rows
                north = grid[4] * columns + grid[5] * rows
                self.make(east * 0.25 + north * 0.5, type=gdal.GDT_Float64, geotransform=grid)
                got = self.gradient("--metric", "map", self.path("in.tif"))
                self.assert_close(got, np.reshape([0.25, 0.5], (2, 1, 1)), 1e-6)

    def test_us_feet_on_the_map(self):
        self.make(plane(19, 23, 3, 5), srs="EPSG:2264")
        self.check(plane(19, 23, 3, 5), NORTH_UP, metres=US_FOOT,
                   truth=self.exact(NORTH_UP, 3, 5, US_FOOT))

    def test_unit_of_heights(self):
        """Option before band before vertical CRS; scale and offset go first."""
        z, truth = plane(19, 23, 3, 5), self.exact(NORTH_UP, 3, 5)
        cases = {
            "band in feet": (dict(unit="ft"), (), 0.3048),
            "band in US feet": (dict(unit="US survey foot"), (), US_FOOT),
            "vertical CRS in US feet": (dict(srs="EPSG:32632+6360"), (), US_FOOT),
            "vertical CRS in metres": (dict(srs="EPSG:32632+5703"), (), 1),
            "band before vertical CRS": (dict(srs="EPSG:32632+6360", unit="m"), (), 1),
            "--z-unit ft": ({}, ("--z-unit", "ft"), 0.3048),
            "--z-unit before band": (dict(unit="m"), ("--z-unit", "ft"), 0.3048),
            "--z-factor": ({}, ("--z-factor", "2.5"), 2.5),
            "--z-factor before band": (dict(unit="ft"), ("--z-factor", "-1"), -1),
            "scale": (dict(scale=0.125, offset=-50), (), 0.125),
            "scale and feet": (dict(scale=0.125, offset=7, unit="ft"), (), 0.125 * 0.3048),
            "scale and factor": (dict(scale=0.125, unit="ft"), ("--z-factor", "2"), 0.25),
        }
        for name, (how, arguments, rise) in cases.items():
            with self.subTest(name):
                self.make(z, type=gdal.GDT_Int16, **how)
                self.check(z, NORTH_UP, *arguments, rise=rise, truth=truth * rise)

    def test_spacing_turns_no_corner_wrong(self):
        valid = holes()
        z = plane(*valid.shape, 3, 5, 40)
        self.make(np.where(valid, z, -9999), nodata=-9999)
        for order in (1, 2):
            got = self.gradient("--spacing", "12,4", "--edge-order", order, self.path("in.tif"))
            expected = np.reshape([3 / 12, -5 / 4], (2, 1, 1))
            has = map_gradient(np.where(valid, z, np.nan).astype(float), NORTH_UP)
            self.assert_close(got, np.where(np.isfinite(has), expected, np.nan), 4 * EPS32 * 1.25)


if __name__ == "__main__":
    support.main()
