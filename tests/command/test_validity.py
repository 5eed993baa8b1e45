"""Which pixels are valid: nodata values, masks, alpha, NaN. The ground is a plane, so that one wrong
value shows: each pixel that is valid has the plane's gradient, each that is not has none."""

import os
import re

import numpy as np
from osgeo import gdal

import support
from support import (CommandTest, EPS32, NORTH_UP, holes, map_gradient, plane, signed_bytes,
                     write_raster)

VALID = holes()
Z = plane(*VALID.shape, 2, 1, 10)  # 10 to 72


class Validity(CommandTest):
    def check(self, valid=VALID, z=Z, *, rise=1, name="in.tif", arguments=()):
        for order in (1, 2):
            got = self.gradient("--metric", "map", "--edge-order", order, *arguments,
                                self.path(name))
            expected = map_gradient(np.where(valid, z, np.nan).astype(float), NORTH_UP, rise=rise)
            truth = np.reshape([2 * rise / 30, -rise / 20], (2, 1, 1))
            expected = np.where(np.isfinite(expected), truth, np.nan)
            self.assert_close(got, expected, 4 * EPS32 * rise)

    def test_nodata_values(self):
        cases = [
            ("Float32", -9999.00586), ("Float32", 1.70141e38), ("Float32", -3.40282e38),
            ("Float32", -3.4028234663852886e38), ("Float32", 999), ("Float32", 0),
            ("Float64", -9999.00586), ("Float64", 1.70141e38), ("Float64", -1.7976931348623157e308),
            ("Float64", 999), ("Int16", -32768), ("Int16", 999), ("Int16", 0), ("UInt16", 65535),
            ("Int32", -2147483648), ("UInt32", 4294967295), ("Byte", 255), ("Byte", 0),
        ]
        for type, nodata in cases:
            with self.subTest(f"{type} {nodata}"):
                self.make(np.where(VALID, Z, nodata).astype(np.float64), nodata=nodata,
                          type=gdal.GetDataTypeByName(type))
                self.check()

    def test_nodata_declared_with_few_digits(self):
        """The pixels hold the full Float32 number, the declaration a few digits of it. All these
        are nodata to GDAL's own mask too."""
        full = {"-3.40282e+38": np.finfo(np.float32).min, "1.70141e+38": np.float32(2.0**127),
                "-9999.00586": np.float32(-9999.005859375), "1e+20": np.float32(1e20)}
        for text, value in full.items():
            for type in (gdal.GDT_Float32, gdal.GDT_Float64):
                with self.subTest(f"{text} {gdal.GetDataTypeName(type)}"):
                    write_raster(self.path("plain.tif"), np.where(VALID, Z, value), type=type)
                    gdal.Translate(self.path("in.vrt"), self.path("plain.tif"), noData=text)
                    self.replace("in.vrt", "<NoDataValue>[^<]*<", f"<NoDataValue>{text}<")
                    self.check(name="in.vrt")

    def replace(self, name, pattern, text):
        with open(self.path(name), encoding="utf-8") as file:
            old = file.read()
        new = re.sub(pattern, text, old)
        self.assertIn(text, new)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(new)

    def test_an_ascii_grid(self):
        """Its nodata value is text, its numbers too."""
        rows = [" ".join(str(v) for v in row) for row in np.where(VALID, Z, -9999)]
        header = (f"ncols {Z.shape[1]}\nnrows {Z.shape[0]}\nxllcorner 0\nyllcorner 0\n"
                  "dx 30\ndy 20\nNODATA_value -9999.000\n")
        with open(self.path("in.asc"), "w", encoding="ascii") as file:
            file.write(header + "\n".join(rows) + "\n")
        self.check(name="in.asc", arguments=("--crs", support.UTM))

    def test_values_near_the_nodata_value_are_data(self):
        """Only the value itself is nodata, not its neighbours to the nearest metre."""
        z = Z - 9999.0 - 30
        self.make(z, nodata=-9999.5, type=gdal.GDT_Float64)
        self.check(np.ones_like(VALID), z)

    def test_nan_is_nodata_beside_a_declared_value(self):
        z = np.where(VALID, Z, -9999).astype(float)
        z[3, 3], z[9, 9], z[17, 17] = np.nan, np.inf, -np.inf
        for type in (gdal.GDT_Float32, gdal.GDT_Float64):
            self.make(z, nodata=-9999, type=type)
            self.check(VALID & np.isfinite(z))

    def test_nan_declared(self):
        self.make(np.where(VALID, Z, np.nan), nodata=float("nan"))
        self.check()

    def test_infinity_declared(self):
        self.make(np.where(VALID, Z, np.inf), nodata=float("inf"))
        self.check()

    def test_nodata_is_compared_before_scale_and_offset(self):
        self.make(np.where(VALID, Z, -5), nodata=-5, scale=0.5, offset=100, type=gdal.GDT_Int16)
        self.check(rise=0.5)

    def test_internal_mask(self):
        support.write_masks(inside=True)
        self.addCleanup(support.write_masks, inside=False)
        self.make(Z, mask=VALID)
        self.assertEqual(self.files(), ["in.tif"])
        self.check()

    def test_external_mask(self):
        self.make(Z, mask=VALID)
        self.assertEqual(self.files(), ["in.tif", "in.tif.msk"])
        self.check()

    def test_mask_and_nan(self):
        z = Z.astype(float)
        z[9, 9] = np.nan
        self.make(z, mask=VALID)
        self.check(VALID & np.isfinite(z))

    def test_mask_over_nan_and_infinities(self):
        self.make(np.where(VALID, Z, np.inf), mask=VALID)
        self.check()

    def test_alpha_band(self):
        self.make(Z, alpha=np.where(VALID, 255, 0), type=gdal.GDT_Byte)
        self.check()

    def test_alpha_of_1_is_valid(self):
        self.make(Z, alpha=np.where(VALID, 1, 0), type=gdal.GDT_Byte)
        self.check()

    def test_alpha_of_16_bits(self):
        """Small alpha values do not round to 0."""
        self.make(Z, alpha=np.where(VALID, 1, 0), type=gdal.GDT_UInt16)
        self.check()

    def test_alpha_of_any_type(self):
        for type, opaque in ((gdal.GDT_Float32, 0.2), (gdal.GDT_Float64, 1), (gdal.GDT_Int16, -1),
                             (gdal.GDT_Int32, 70000)):
            with self.subTest(gdal.GetDataTypeName(type)):
                self.make(Z.astype(float), alpha=np.where(VALID, opaque, 0), type=type)
                self.check()

    def test_nodata_values_of_the_dataset(self):
        """GDAL's mask, of pixels where all bands have their value; no band declares one."""
        for count in (1, 2):
            z = np.stack([np.where(VALID, Z, 77 + i) for i in range(count)])
            if count > 1:
                z[1, 9, 9] = 78
            self.make(z, metadata={"NODATA_VALUES": " ".join(["77", "78"][:count])})
            self.check()
            self.assertRegex(self.demgrad("info", "in.tif").out, r"mask: +mask\n")

    def test_alpha_beside_a_nodata_value(self):
        nodata = np.zeros_like(VALID)
        nodata[9, 8:11] = True
        z = np.where(nodata, 255, Z)
        self.make(z, alpha=np.where(VALID, 200, 0), nodata=255, type=gdal.GDT_Byte)
        self.check(VALID & ~nodata)

    def test_mask_beside_an_alpha_band(self):
        """A pixel is data where both let it through; GDAL tells of the mask alone."""
        masked = np.ones_like(VALID)
        masked[9, 8:11] = False
        for inside in (True, False):
            support.write_masks(inside)
            self.make(Z, alpha=np.where(VALID, 255, 0), mask=masked, type=gdal.GDT_Byte)
            self.check(VALID & masked)
            self.assertRegex(self.demgrad("info", "in.tif").out, r"mask: +mask and alpha\n")

    def test_a_scale_that_makes_no_elevations(self):
        for wrong in ({"scale": 0}, {"scale": np.nan}, {"scale": np.inf}, {"offset": np.nan},
                      {"scale": 2, "offset": -np.inf}):
            self.make(Z, **wrong)
            self.make(Z, name="b.tif", geotransform=(NORTH_UP[0] + 23 * 30, *NORTH_UP[1:]))
            for inputs in (("in.tif",), ("b.tif", "in.tif")):
                self.assert_error(self.demgrad("gradient", *inputs, "out.tif"), 1, "in.tif", "scale")
            self.assert_error(self.demgrad("info", "in.tif"), 1, "in.tif", "scale")

    def test_signed_bytes(self):
        z = Z - 60
        self.make(**signed_bytes(np.where(VALID, z, -128)), nodata=-128)
        self.check(VALID, z)

    def test_integers_of_64_bits(self):
        for type, numbers, nodata in ((gdal.GDT_Int64, np.int64, -(1 << 62)),
                                      (gdal.GDT_UInt64, np.uint64, 1 << 63)):
            values = np.full(Z.shape, nodata, numbers)
            values[VALID] = Z[VALID]
            self.make(values, type=type, nodata=nodata)
            self.check()

    def test_integers_that_no_double_has_are_told(self):
        line = "demgrad: warning: in.tif: whole numbers of 2^53 and more lose their last digits"
        for base in ((1 << 53) - 100, (1 << 53) - 50):
            self.make(base + Z.astype(np.int64), type=gdal.GDT_Int64)
            told = support.said(self.demgrad("gradient", "--z-factor", "1", "--overwrite", "in.tif", "out.tif"))
            self.assertEqual(told, [line] if base + Z.max() >= 1 << 53 else [])

    def test_the_other_bands_do_not_matter(self):
        other = np.full(Z.shape, -9999)
        self.make([other, np.where(VALID, Z, -9999), other], nodata=-9999)
        self.check(arguments=("-b", "2"))

    def test_nodata_of_the_output_is_what_is_asked_for(self):
        self.make(np.where(VALID, Z, -9999), nodata=-9999)
        self.check(arguments=("--nodata", "-9999"))
        values = gdal.Open(self.path("out.tif")).ReadAsArray()
        self.assertTrue(np.isfinite(values).all())
        self.assertEqual(values[0, 6, 8], -9999)
        self.check()
        self.assertTrue(np.isnan(gdal.Open(self.path("out.tif")).ReadAsArray()[0, 6, 8]))

    def test_validity_is_the_same_in_a_mosaic(self):
        """A raster cut in two equals the whole, whatever says what is valid."""
        cases = {
            "digits": dict(values=np.where(VALID, Z, -9999.00586), nodata=-9999.00586),
            "huge": dict(values=np.where(VALID, Z, 1.70141e38), nodata=1.70141e38),
            "nan": dict(values=np.where(VALID, Z, np.nan), nodata=-9999),
            "int16": dict(values=np.where(VALID, Z, -32768), nodata=-32768, type=gdal.GDT_Int16),
            "mask": dict(values=Z, mask=VALID),
            "alpha": dict(values=Z, alpha=np.where(VALID, 255, 0), type=gdal.GDT_Byte),
            "alpha of 1": dict(values=Z, alpha=np.where(VALID, 1, 0), type=gdal.GDT_Byte),
            "alpha and nodata": dict(values=np.where(np.eye(19, 23) > 0, 255, Z), nodata=255,
                                     alpha=np.where(VALID, 200, 0), type=gdal.GDT_Byte),
            "int64": dict(values=np.where(VALID, Z, -(1 << 53)), nodata=-(1 << 53),
                          type=gdal.GDT_Int64),
            "signed byte": dict(**signed_bytes(np.where(VALID, Z - 60, -128)), nodata=-128),
        }
        for name, how in cases.items():
            with self.subTest(name):
                whole = self.make(how.pop("values"), name=f"{name}.tif".replace(" ", "_"), **how)
                parts = [self.path(f"{part}_{os.path.basename(whole)}") for part in "ab"]
                gdal.Translate(parts[0], whole, srcWin=[0, 0, 9, 19])
                gdal.Translate(parts[1], whole, srcWin=[9, 0, 14, 19])
                expected = self.gradient("--metric", "map", whole)
                got = self.gradient("--metric", "map", *parts, out="mosaic.tif")
                self.assert_close(got, expected, 0, name)


if __name__ == "__main__":
    support.main()
