"""Elevations coded in red, green and blue: the same gradient as of the elevations themselves."""

import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, map_gradient, read_raster, terrain

# The whole number that three bytes hold, from metres, by the two forms' own definitions.
TO_CODE = {"terrain-rgb": lambda z: np.rint((z + 10000) * 10), "terrarium": lambda z: np.rint((z + 32768) * 256)}
TO_METRES = {"terrain-rgb": lambda c: -10000 + c * 0.1, "terrarium": lambda c: c / 256 - 32768}


def to_bytes(code):
    code = code.astype(int)
    return np.stack([code >> 16, code >> 8 & 255, code & 255])


class Decode(CommandTest):
    def make_coded(self, form, z, name="rgb.tif", **how):
        """The elevations as they can be told from the code."""
        code = TO_CODE[form](z)
        self.make(to_bytes(code), name=name, type=gdal.GDT_Byte, **how)
        return TO_METRES[form](code)

    def check(self, form, z, *options, valid=True, **how):
        """The least step of a code, over two pixels, is what float32 must not lose."""
        metres = np.where(valid, self.make_coded(form, z, **how), np.nan)
        got = self.gradient("--decode", form, "--metric", "map", "--ot", "Float64", *options, "rgb.tif")
        expected = map_gradient(metres, NORTH_UP)
        self.assert_close(got, expected, 1e-9, f"{form} {options}")

    def test_both_forms_by_their_definition(self):
        for form in TO_CODE:
            self.check(form, terrain(60, 70, largest=8000))
            self.check(form, terrain(60, 70, largest=3000), options=["TILED=YES", "INTERLEAVE=BAND"])

    def test_ground_metric_and_float32_equal_elevations_of_their_own(self):
        for form in TO_CODE:
            z = self.make_coded(form, terrain(50, 60, largest=4000), srs="EPSG:4326",
                                geotransform=(7, 0.01, 0, 46, 0, -0.01))
            self.make(z, name="z.tif", type=gdal.GDT_Float64, srs="EPSG:4326",
                      geotransform=(7, 0.01, 0, 46, 0, -0.01))
            expected = self.gradient("z.tif")
            self.assert_close(self.gradient("--decode", form, "rgb.tif"), expected,
                              4 * support.EPS32 * np.abs(expected) + 1e-9)

    def test_a_plane_is_exact_where_its_steps_are(self):
        columns = np.arange(40) * 3.0
        self.make_coded("terrarium", np.tile(columns, (30, 1)), geotransform=(0, 1, 0, 0, 0, -1))
        got = self.gradient("--decode", "terrarium", "--metric", "map", "rgb.tif")
        self.assertTrue((got[0] == 3).all() and (got[1] == 0).all())

    def test_what_is_not_valid(self):
        z = terrain(60, 70)
        valid = support.holes(60, 70)
        self.check("terrain-rgb", z, valid=valid, alpha=np.where(valid, 255, 0))
        self.check("terrarium", z, valid=valid, mask=valid)
        coded = np.where(valid, z, -10000)
        self.check("terrain-rgb", coded, valid=valid, nodata=0)
        self.check("terrain-rgb", coded, "--input-nodata=-10000", valid=valid)
        self.check("terrarium", np.where(valid, z, -32768), "--input-nodata=-32768,5e5", valid=valid)

    def test_one_band_alone_is_no_nodata(self):
        """Red is 0 in all of a low land's terrarium; the three together are not."""
        self.check("terrain-rgb", terrain(60, 70, largest=200) - 6000, nodata=0)

    def test_bands_after_others(self):
        form, z = "terrain-rgb", terrain(30, 40)
        code = TO_CODE[form](z)
        self.make(np.concatenate([np.zeros((1, 30, 40)), to_bytes(code)]), name="rgb.tif", type=gdal.GDT_Byte,
                  options=["PHOTOMETRIC=MINISBLACK", "ALPHA=NO"])
        got = self.gradient("--decode", form, "-b", 2, "--metric", "map", "--ot", "Float64", "rgb.tif")
        self.assert_close(got, map_gradient(TO_METRES[form](code), NORTH_UP), 1e-9)

    def test_parts_mosaics_and_batches_are_the_whole(self):
        z = terrain(80, 90)
        self.make_coded("terrarium", z)
        os.mkdir(self.path("tiles"))
        for i, col in enumerate((0, 40)):
            self.make_coded("terrarium", z[:, col:col + 50], name=f"tiles/{i}.tif",
                            geotransform=(NORTH_UP[0] + 30 * col, *NORTH_UP[1:]))
        options = ("--decode", "terrarium", "--method", "horn")
        whole = self.gradient(*options, "rgb.tif")
        self.assertEqual(gdal.Open(self.path("out.tif")).GetMetadataItem("DEMGRAD_DECODE"), "terrarium")
        part = self.gradient(*options, "--window", "13,5,40,20", "rgb.tif")
        self.assertTrue(np.array_equal(part, whole[:, 5:25, 13:53]))
        self.assertTrue(np.array_equal(self.gradient(*options, "tiles/0.tif", "tiles/1.tif"), whole))
        done = self.demgrad("batch", "-q", *options, "--output-dir", self.path("d"), "tiles")
        self.assertEqual((done.code, done.err), (0, ""))
        for i, col in enumerate((0, 40)):
            tile = read_raster(self.path(f"d/{i}_gradient.tif"))
            self.assertTrue(np.array_equal(tile, whole[:, :, col:col + 50]), i)
        again = self.demgrad("batch", *options, "--output-dir", self.path("d"), "tiles")
        self.assertIn("2 kept", again.err)
        other = self.demgrad("batch", "--decode", "terrain-rgb", "--method", "horn", "--overwrite",
                             "--output-dir", self.path("d"), "tiles")
        self.assertIn("2 made", other.err)

    def test_what_cannot_be_decoded(self):
        self.make(terrain(20, 30))
        self.assert_error(self.demgrad("gradient", "--decode", "terrarium", "in.tif", "out.tif"), 1, "in.tif",
                          "three bands")
        self.make_coded("terrarium", terrain(20, 30))
        self.assert_error(self.demgrad("gradient", "--decode", "terrarium", "-b", 2, "rgb.tif", "out.tif"), 1,
                          "three bands")
        self.assert_error(self.demgrad("gradient", "--decode", "rgb", "rgb.tif", "out.tif"), 2, "terrain-rgb")

    def test_info_and_pictures(self):
        z = self.make_coded("terrain-rgb", terrain(300, 400, largest=900))
        info = self.demgrad("info", "--decode", "terrain-rgb", "rgb.tif")
        self.assertEqual((info.code, info.err), (0, ""))
        self.assertIn("0.1, -10000", info.out)
        self.make(z, name="z.tif", type=gdal.GDT_Float64)
        self.need_pictures()
        for name, how in (("rgb", ("--decode", "terrain-rgb")), ("z", ())):
            done = self.demgrad("preview", "-q", "--bare", "--size", 200, *how, f"{name}.tif", f"{name}.png")
            self.assertEqual((done.code, done.err), (0, ""))
        rgb, plain = (gdal.Open(self.path(f"{n}.png")).ReadAsArray().astype(int) for n in ("rgb", "z"))
        self.assertLessEqual(np.abs(rgb - plain).max(), 2)


if __name__ == "__main__":
    support.main()
