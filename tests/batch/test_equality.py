"""Every output equals, bit for bit, that window of the gradient of all inputs as one raster."""

import os
import shutil
import unittest

import numpy as np
from osgeo import gdal

import batch_support
from batch_support import (BatchTest, DEMS, JACKSBORO, NORTH_UP, pixels, shifted, terrain,
                           write_raster)


def dem(name):
    return os.path.join(DEMS, *name.split("/"))


class Equality(BatchTest):
    def test_jacksboro(self):
        whole = self.whole([os.path.join(batch_support.SAMPLES, "jacksboro.tif")])
        report = self.batch(*JACKSBORO)
        self.assert_windows(JACKSBORO, whole)
        self.assertEqual([tile["neighbours"] for tile in report["tiles"]], [3, 3, 3, 3])
        for options in (["--edge-order", 2], ["--nodata-edges", "propagate"], ["--bands", "dzdy"],
                        ["--ot", "Float64"], ["--spacing", "70,90"], ["--bands", "dzdy,dzdx"]):
            with self.subTest(options):
                self.check(JACKSBORO, *options)

    def test_order_of_inputs_threads_and_memory_change_no_byte(self):
        self.batch(*JACKSBORO)
        expected = {name: pixels(os.path.join(self.out, name)).tobytes() for name in self.outputs()}
        for options in (["-j", 1], ["-j", 7], ["--memory", "1GB"], ["--memory", "128MB"]):
            self.batch("--overwrite", *options, *JACKSBORO[::-1])
            got = {name: pixels(os.path.join(self.out, name)).tobytes() for name in expected}
            self.assertEqual(got, expected, options)

    def test_little_memory_for_many_threads(self):
        """Too little for whole rows of tiles, each of which is wider than a block."""
        tiles = self.regular(terrain(2400, 7000), 10, 8, options=["TILED=YES"])
        whole = self.whole(tiles)
        for threads, options in ((8, []), (4, []), (8, ["--co", "INTERLEAVE=PIXEL"]),
                                 (8, ["--co", "TILED=NO"])):
            with self.subTest(f"{options} -j {threads}"):
                self.batch("--overwrite", "-j", threads, "--memory", "128MB", *options, *tiles)
                self.assert_windows(tiles, whole)

    def test_a_column_of_tiles_one_block_wide(self):
        """Rows of one tile end in the middle of a group of rows, and of the next one's block."""
        z, ends = terrain(2200, 256), [0, 968, 1160, 1908, 2200]
        tiles = self.cut(z, [(0, a, 256, b - a) for a, b in zip(ends, ends[1:])])
        for threads in 1, 2:
            self.check(tiles, "-j", threads)

    def test_tiles_of_several_types_and_scales(self):
        """The type that is computed in, and the scale, are those of the whole."""
        z = terrain(60, 90).round()
        parts = [(0, 0, 30, 60), (30, 0, 30, 60), (60, 0, 30, 60)]
        types = (gdal.GDT_Int16, gdal.GDT_Int32, gdal.GDT_Float64)
        tiles = [self.cut(z, [part], name=f"{i}.tif", type=types[i])[0]
                 for i, part in enumerate(parts)]
        self.check(tiles)
        scaled = self.cut(z, parts[:1], name="3.tif", scale=0.5, offset=3, type=gdal.GDT_Float32)
        self.check(scaled + tiles[1:])

    def test_south_up_and_rotated(self):
        for grid in ((500000, 30, 0, 5000000, 0, 20), (500000, 24, 18, 5000000, 18, -24)):
            self.check(self.regular(terrain(90, 110), 4, 3, grid=grid))

    def test_masks_and_alpha(self):
        random = np.random.default_rng(9)
        z, valid = terrain(60, 90), random.random((60, 90)) > 0.1
        for how in ("mask", "alpha"):
            os.makedirs(self.path(how))
            tiles = [write_raster(self.path(f"{how}/{how}{col}.tif"), z[:, col:col + 30],
                                  geotransform=shifted(NORTH_UP, col, 0),
                                  **{how: valid[:, col:col + 30] * (1 if how == "mask" else 255)})
                     for col in (0, 30, 60)]
            self.check(tiles)

    def test_around_the_globe(self):
        """The first tile's western neighbour is the last one."""
        z = terrain(90, 360)
        world = (-180, 1, 0, 45, 0, -1)
        tiles = self.regular(z, 6, 3, grid=world, srs="EPSG:4326")
        self.check(tiles)
        self.check(tiles, "--wrap", "no")
        repeated = np.hstack([z, z[:, :1]])
        self.check(self.regular(repeated, 5, 2, grid=world, srs="EPSG:4326", folder="repeated"))

    def test_around_the_globe_with_a_gap(self):
        """The grid still goes round, though no tile is at the antimeridian in the north."""
        z = terrain(90, 360)
        parts = [(0, 60, 100, 30), (100, 0, 150, 90), (250, 30, 110, 60), (0, 0, 40, 50)]
        self.check(self.cut(z, parts, grid=(-180, 1, 0, 45, 0, -1), srs="EPSG:4326"))

    def test_polar_tiles(self):
        """Rows of one convergence do not exist here."""
        grid = (-500000, 5000, 0, 450000, 0, -5000)
        tiles = self.regular(terrain(190, 200), 5, 4, grid=grid, srs="EPSG:3413")
        for options in ([], ["--frame", "true"]):
            self.check(tiles, *options)

    def test_geotransforms_that_were_rounded(self):
        size, z = 1 / 3600, terrain(40, 90)
        tiles = []
        for i in range(3):
            grid = (round(7 + 30 * i * size, 10), size, 0, 46, 0, -size)
            tiles += self.cut(z[:, 30 * i:30 * i + 30], [(0, 0, 30, 40)], grid=grid,
                              name=f"r{i}.tif", srs="EPSG:4326")
        self.check(tiles)

    def test_metadata_is_that_of_gradient(self):
        self.batch(*JACKSBORO)
        self.whole(JACKSBORO)
        whole, tile = gdal.Open(self.path("whole.tif")), gdal.Open(self.output(JACKSBORO[0]))
        items = tile.GetMetadata()
        self.assertEqual(items.pop("DEMGRAD_INPUT"), os.path.realpath(JACKSBORO[0]))
        self.assertRegex(items.pop("DEMGRAD_FINGERPRINT"), "^[0-9a-f]{16}-[0-9a-f]{32}-[0-9a-f]{16}$")
        self.assertEqual(items, whole.GetMetadata())
        for i in (1, 2):
            band, other = tile.GetRasterBand(i), whole.GetRasterBand(i)
            self.assertEqual((band.GetDescription(), band.GetUnitType()),
                             (other.GetDescription(), other.GetUnitType()))
            self.assertTrue(np.isnan(band.GetNoDataValue()))


@unittest.skipUnless(os.path.isdir(DEMS), "the real rasters are not here")
class RealPairs(BatchTest):
    def check_pair(self, *names):
        self.check([dem(name) for name in names])

    def test_srtm(self):
        self.check_pair("srtm/N41E001.hgt.zip", "srtm/N42E001.hgt.zip")

    def test_opentopodata_at_the_equator(self):
        self.check_pair("opentopodata/N00E010.hgt", "opentopodata/N00E011.hgt.zip")

    def test_eudem(self):
        self.check_pair("opentopodata/eudem_N2000000E3000000.TIF",
                        "opentopodata/eudem_N2000000E4000000.TIF")

    def test_linz(self):
        self.check_pair(*(f"lidar/linz_input_dem_0{i}.tif" for i in (1, 2, 3)))


class PixelKind(BatchTest):
    def test_whether_pixels_are_points_is_each_inputs_own(self):
        """However many threads there are and whatever is there already, in the mosaic's last tile or not."""
        kinds = ("Area", "Point", "Point", "Area")
        tiles = self.regular(terrain(20, 80), 4, 1)
        for tile, kind in zip(tiles, kinds):
            grid = gdal.Open(tile).GetGeoTransform()
            dataset = gdal.Open(tile, gdal.GA_Update)
            dataset.SetMetadataItem("AREA_OR_POINT", kind)
            dataset.SetGeoTransform(grid)
            dataset = None
        first = None
        for options in (("-j", 1), ("-j", 2), ("--part", "1/2"), ("--part", "0/2")):
            self.batch(*options, *tiles)
            if len(self.outputs()) == 4:
                found = [gdal.Open(self.output(tile)).GetMetadataItem("AREA_OR_POINT") for tile in tiles]
                self.assertEqual(tuple(found), kinds, options)
                first = first or self.outputs()
                self.assertEqual(self.outputs(), first, options)
                for tile in tiles[:2]:
                    os.remove(self.output(tile))
            if options[0] == "-j":
                shutil.rmtree(self.out)


if __name__ == "__main__":
    batch_support.main()
