"""What elevations are in: the band's unit, metadata in its place, the CRS, the options."""

import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS32, NORTH_UP, UTM, plane, read_raster

GRAVITY = 9.80665  # m/s2, by definition
FOOT, US_FOOT = 0.3048, 1200 / 3937

Z = plane(20, 24, 3, 1, 100).astype(float)
SLOPE = np.reshape([3 / 30, -1 / 20], (2, 1, 1))  # in metres, on the plane of NORTH_UP


class Units(CommandTest):
    def check(self, inputs, metres, *options, bound=4 * EPS32, words=()):
        """The gradient of `inputs`, whose unit is `metres`, with just the `words` in its warnings."""
        inputs = [inputs] if isinstance(inputs, str) else inputs
        result = self.demgrad("gradient", "--overwrite", "--progress", "none", "--metric", "map",
                              *options, *inputs, "out.tif")
        self.assertEqual(result.code, 0, result.err)
        lines = [line for line in support.said(result) if "has no CRS" not in line]
        self.assertEqual(len(lines), len(words), result.err)
        for line, word in zip(lines, words):
            self.assertIn(word, line)
            self.assertTrue(line.startswith("demgrad: warning: "), line)
        self.assert_close(read_raster(self.path("out.tif")), SLOPE * metres, bound * metres)
        info = self.demgrad("info", *options, *inputs).out
        self.assertIn(f"= {metres:.10g} m", info)

    def grib(self, category, number, values, name="in.grb2"):
        template = f"{category} {number} 2 0 96 0 0 1 0 1 0 0 255 0 0"
        memory = gdal.GetDriverByName("MEM").Create("", Z.shape[1], Z.shape[0], 1, gdal.GDT_Float64)
        memory.SetGeoTransform(NORTH_UP)
        memory.SetSpatialRef(support.crs(UTM))
        memory.GetRasterBand(1).WriteArray(values)
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        gdal.GetDriverByName("GRIB").CreateCopy(
            self.path(name), memory, options=["DISCIPLINE=0", "PDS_PDTN=0",
            f"PDS_TEMPLATE_ASSEMBLED_VALUES={template}", "DATA_ENCODING=IEEE_FLOATING_POINT"])
        gdal.PopErrorHandler()
        return self.path(name)

    def test_grib(self):
        """The unit is in the metadata GRIB_UNIT: geopotential, geopotential metres, metres, kelvin."""
        cases = [(3, 4, "(m^2)/(s^2)", 1 / GRAVITY, ()), (3, 5, "gpm", 1, ()), (3, 6, "m", 1, ()),
                 (0, 0, "C", 1, ("no",))]
        for category, number, unit, metres, words in cases:
            with self.subTest(unit):
                path = self.grib(category, number, Z)
                dataset = gdal.Open(path)
                self.assertIn(unit, dataset.GetRasterBand(1).GetMetadataItem("GRIB_UNIT"))
                words = ("not a length",) if words else ()
                self.check(path, metres, words=words, bound=1e-4)

    def test_lcp(self):
        """The unit is in the metadata ELEVATION_UNIT_NAME."""
        for unit, metres in (("FEET", FOOT), ("METERS", 1)):
            memory = gdal.GetDriverByName("MEM").Create("", Z.shape[1], Z.shape[0], 8,
                                                        gdal.GDT_Int16)
            memory.SetGeoTransform((500000, 30, 0, 5000000, 0, -30))
            memory.SetSpatialRef(support.crs(UTM))
            for i in range(8):
                memory.GetRasterBand(i + 1).WriteArray((Z if i == 0 else Z * 0 + 10).astype(np.int16))
            gdal.GetDriverByName("LCP").CreateCopy(
                self.path("in.lcp"), memory, options=[f"ELEVATION_UNIT={unit}", "LATITUDE=45",
                "LINEAR_UNIT=METER", "CALCULATE_STATS=NO", "SLOPE_UNIT=DEGREES",
                "ASPECT_UNIT=AZIMUTH_DEGREES", "CANOPY_COV_UNIT=PERCENT", "CANOPY_HT_UNIT=METERS",
                "CBH_UNIT=METERS", "CBD_UNIT=KG_PER_CUBIC_METER"])
            got = self.gradient("--metric", "map", self.path("in.lcp"))
            self.assert_close(got, np.reshape([0.1, -1 / 30], (2, 1, 1)) * metres, 1e-6)

    def test_lcp_without_a_crs(self):
        """The driver then gives an empty one."""
        memory = gdal.GetDriverByName("MEM").Create("", Z.shape[1], Z.shape[0], 8, gdal.GDT_Int16)
        memory.SetGeoTransform((500000, 30, 0, 5000000, 0, -30))
        for i in range(8):
            memory.GetRasterBand(i + 1).WriteArray((Z if i == 0 else Z * 0 + 10).astype(np.int16))
        gdal.GetDriverByName("LCP").CreateCopy(
            self.path("in.lcp"), memory, options=["LATITUDE=45", "LINEAR_UNIT=METER"])
        result = self.demgrad("gradient", self.path("in.lcp"), "out.tif")
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("has no CRS", result.err)

    def test_metadata_of_other_drivers(self):
        for key, value, metres in (("units", "ft", FOOT), ("dem_units", "cm", 0.01),
                                   ("Unit", "Meters", 1), ("units", "m**2 s**-2", 1 / GRAVITY)):
            with self.subTest(f"{key}={value}"):
                path = self.make(Z, name="plain.tif")
                copy = gdal.Translate(self.path("in.vrt"), path)
                copy.GetRasterBand(1).SetMetadataItem(key, value)
                del copy
                self.check(self.path("in.vrt"), metres)

    def test_names_of_geopotential(self):
        for unit in ("m2/s2", "m^2/s^2", "m**2 s**-2", "m2 s-2", "m^2 s^-2", "J/kg", "J kg-1",
                     "[(m^2)/(s^2)]", "geopotential"):
            with self.subTest(unit):
                self.check(self.make(Z, unit=unit), 1 / GRAVITY)
        self.check(self.make(Z), 1 / GRAVITY, "--z-unit", "geopotential")

    def test_what_is_no_length(self):
        for unit in ("K", "degrees", "kg m-2", "dB"):
            with self.subTest(unit):
                self.check(self.make(Z, unit=unit), 1, words=("is not a length",))
                self.check(self.make(Z, unit=unit), FOOT, "--z-unit", "ft")
                self.check(self.make(Z, unit=unit), 1, "--z-factor", 1)

    def test_the_users_vertical_crs_replaces_the_files(self):
        """GTiff makes the unit of the file's own vertical CRS the band's."""
        for own in ("EPSG:32632", "EPSG:32632+5703", "EPSG:32632+6360"):
            path = self.make(Z, srs=own, name="in.tif")
            for given, metres in (("EPSG:32632+6360", US_FOOT), ("EPSG:32632+5703", 1),
                                  ("EPSG:32632+8228", FOOT)):
                with self.subTest(f"{own} {given}"):
                    self.check(path, metres, "--crs", given)
                    self.check([path, path], metres, "--crs", given)
        self.check(self.make(Z, srs="EPSG:32632+6360"), US_FOOT, "--crs", "EPSG:32632")

    def test_the_users_vertical_crs_replaces_what_a_vrt_copied(self):
        """A VRT's band has the unit of its source's, be that declared or of a CRS; so has one of a VRT."""
        os.mkdir(self.path("sub"))
        for unit, metres in ((None, US_FOOT), ("ft", FOOT)):
            self.make(Z, srs="EPSG:32632+5703", unit=unit, name="sub/in.tif")
            gdal.Translate(self.path("sub/a.vrt"), self.path("sub/in.tif"), format="VRT")
            gdal.Translate(self.path("b.vrt"), self.path("sub/a.vrt"), format="VRT")
            words = ("heights of its CRS",) if unit else ()
            for name in ("sub/in.tif", "sub/a.vrt", "b.vrt"):
                with self.subTest(f"{name} {unit}"):
                    dataset = gdal.Open(self.path(name))
                    self.assertTrue(dataset.GetRasterBand(1).GetUnitType())
                    self.check(self.path(name), metres, "--crs", "EPSG:32632+6360", words=words)

    def test_what_gdalbuildvrt_leaves_out(self):
        """It keeps scale and offset, and no unit."""
        words = ("first source has ft",)
        self.make(Z, unit="ft")
        gdal.BuildVRT(self.path("a.vrt"), [self.path("in.tif")]).FlushCache()
        gdal.BuildVRT(self.path("b.vrt"), [self.path("a.vrt")]).FlushCache()
        dataset = gdal.Open(self.path("a.vrt"))
        self.assertEqual(dataset.GetRasterBand(1).GetUnitType(), "")
        dataset = None
        for name in ("a.vrt", "b.vrt"):
            self.check(self.path(name), FOOT, words=words)
            self.check(self.path(name), FOOT, "--crs", "EPSG:32632", words=words)
            self.check(self.path(name), 1, "--z-unit", "m")
        self.make(Z, unit="m")
        self.check(self.path("a.vrt"), 1)
        self.make(Z, srs="EPSG:32632+6360")  # which the VRT keeps
        gdal.BuildVRT(self.path("a.vrt"), [self.path("in.tif")]).FlushCache()
        self.check(self.path("a.vrt"), US_FOOT)

    def test_vrts_that_are_no_files(self):
        """GDAL 3.6 crashes where it is asked for the sources of the first."""
        self.make(Z, unit="ft")
        gdal.BuildVRT(self.path("a.vrt"), [self.path("in.tif")]).FlushCache()
        with open(self.path("a.vrt"), encoding="utf-8") as file:
            text = file.read().replace('relativeToVRT="1">in.tif', f'relativeToVRT="0">{self.path("in.tif")}')
        for name in ("vrt://in.tif?bands=1", text):
            for options in ((), ("--crs", "EPSG:32632"), ("--crs", "EPSG:32632+5703")):
                result = self.demgrad("info", *options, name)
                self.assertEqual(result.code, 0, result.err)
                self.assertIn("= 0.3048 m", result.out)

    def test_a_scale_that_is_left_out(self):
        self.make(Z, scale=2.0, offset=5.0)
        gdal.BuildVRT(self.path("a.vrt"), [self.path("in.tif")]).FlushCache()
        with open(self.path("a.vrt"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("<Scale>2</Scale>", text)
        result = self.demgrad("info", "a.vrt")
        self.assertEqual((result.code, result.err), (0, ""))
        with open(self.path("a.vrt"), "w", encoding="utf-8") as file:
            file.write(text.replace("<Scale>2</Scale>", "").replace("<Offset>5</Offset>", ""))
        self.check(self.path("a.vrt"), 1, words=("first source has 2",))

    def test_a_tile_index(self):
        """It tells neither unit nor scale."""
        if not gdal.GetDriverByName("GTI"):
            self.skipTest("needs GTI")
        for unit, scale, metres, words in (("ft", None, FOOT, ("has ft",)), ("m", 2.0, 1, ("has 2",))):
            self.make(Z, unit=unit, scale=scale)
            gdal.TileIndex(self.path("t.gti.gpkg"), [self.path("in.tif")], overwrite=True, format="GPKG")
            self.check(self.path("t.gti.gpkg"), metres, words=words)

    def test_sources_that_are_not_copied(self):
        """Nothing is known of what a scale or a function makes of a unit."""
        self.make(Z, unit="ft")
        gdal.BuildVRT(self.path("a.vrt"), [self.path("in.tif")]).FlushCache()
        with open(self.path("a.vrt"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn("</SimpleSource>", text)
        scaled = text.replace("SimpleSource>", "ComplexSource>").replace(
            "</ComplexSource>", "<ScaleRatio>1</ScaleRatio></ComplexSource>")
        derived = text.replace("<VRTRasterBand ", '<VRTRasterBand subClass="VRTDerivedRasterBand" ').replace(
            "<SimpleSource>", "<PixelFunctionType>real</PixelFunctionType><SimpleSource>")
        for changed in (scaled, derived):
            self.assertNotEqual(changed, text)
            with open(self.path("a.vrt"), "w", encoding="utf-8") as file:
                file.write(changed)
            self.check(self.path("a.vrt"), 1)

    def test_the_bands_own_unit_stays(self):
        for own in ("EPSG:32632", "EPSG:32632+5703"):
            path = self.make(Z, srs=own, unit="ft")
            self.check(path, FOOT, "--crs", "EPSG:32632+6360", words=("heights of its CRS",))
            self.check(path, US_FOOT, "--crs", "EPSG:32632+6360", "--z-unit", "us-ft")

    def halves(self, *units, srs=UTM):
        east = (NORTH_UP[0] + 12 * 30, *NORTH_UP[1:])
        return [self.make(Z[:, :12], name="a.tif", unit=units[0], srs=srs),
                self.make(Z[:, 12:], name="b.tif", unit=units[1], geotransform=east, srs=srs)]

    def test_a_mosaic_of_metres_and_nothing(self):
        """No unit means metres: they are one grid, without a word."""
        for units in (("m", None), (None, "m"), ("metre", "m"), (None, "Meters")):
            with self.subTest(units):
                self.check(self.halves(*units), 1)
        self.check(self.halves("US survey foot", None, srs="EPSG:32632+6360"), US_FOOT)
        self.assert_error(self.demgrad("gradient", "-q", *self.halves("ft", None), "out.tif"), 1,
                          "b.tif", "ft")

    def test_words_that_say_nothing(self):
        """Idrisi's format and GRIB always have a unit: theirs for none is that of a file without one."""
        for word in ("unspecified", "Unknown", "none", "[-]"):
            with self.subTest(word):
                self.check(self.halves(word, None), 1)
                self.check(self.halves("m", word), 1)

    def test_the_z_unit_replaces_every_inputs(self):
        for units in (("m", "ft"), (None, "ft"), ("K", "m"), ("km", None)):
            with self.subTest(units):
                self.check(self.halves(*units), US_FOOT, "--z-unit", "us-ft")
                self.check(self.halves(*units), 2, "--z-factor", 2)

    def test_a_batch(self):
        """Tiles with "m" and without a unit are neighbours, and so are any with --z-unit."""
        for units, options, metres in ((("m", None), (), 1),
                                       (("ft", None), ("--z-unit", "us-ft"), US_FOOT)):
            out = self.path("".join(options) or "out")
            os.mkdir(out)
            result = self.demgrad("batch", "--progress", "none", "--metric", "map", *options,
                                  "--output-dir", out, *self.halves(*units))
            self.assertEqual(result.code, 0, result.err)
            self.assertNotIn("warning", result.err)
            for name in "ab":
                got = read_raster(os.path.join(out, f"{name}_gradient.tif"))
                self.assert_close(got, SLOPE * metres, 4 * EPS32 * metres)


if __name__ == "__main__":
    support.main()
