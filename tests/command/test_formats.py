"""The formats of GDAL's drivers: what is written in each is kept, or the command says what is not."""

import math
import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, UTM, crs, map_gradient, read_raster, terrain

Z = terrain(40, 50)

TURN = math.radians(30)
GRIDS = {
    "upright": (500000, 10, 0, 5000000, 0, -10),
    "south-up": (500000, 10, 0, 5000000, 0, 10),
    "rotated": (500000, 10 * math.cos(TURN), 10 * math.sin(TURN),
                5000000, 10 * math.sin(TURN), -10 * math.cos(TURN)),
    "skewed": (500000, 10, 3, 5000000, 0, -10),
    "turned round": (500000, -10, 0, 5000000, 0, -10),
    "between metres": (500000.123456789, 10 / 3, 0, 5000000.987654321, 0, -10 / 3),
}


def writable_drivers():
    """Those that take floats, and can write at all."""
    for i in range(gdal.GetDriverCount()):
        driver = gdal.GetDriver(i)
        types = driver.GetMetadataItem("DMD_CREATIONDATATYPES")
        if (driver.GetMetadataItem("DCAP_RASTER") and (types is None or "Float32" in types.split())
                and (driver.GetMetadataItem("DCAP_CREATE")
                     or driver.GetMetadataItem("DCAP_CREATECOPY"))):
            yield driver


def open_bands(path, shape):
    """The bands of a raster, or of its subdatasets that have `shape`."""
    dataset = gdal.Open(path)
    parts = [dataset]
    if dataset.RasterCount == 0:
        parts = [gdal.Open(name) for name, _ in dataset.GetSubDatasets()]
        parts = [part for part in parts if (part.RasterYSize, part.RasterXSize) == shape]
    return [(part, part.GetRasterBand(i + 1)) for part in parts for i in range(part.RasterCount)]


class EveryDriver(CommandTest):
    """Kept, or an error; CRS kept, or a warning: for each driver there is, on grids of each kind."""

    # What cannot be asked of every driver: an ending, an option, a format of several bands.
    ENDINGS = {"SAGA": "sdat", "ARG": "arg", "ISCE": "isce", "ROI_PAC": "rmg"}
    OPTIONS = {"PCRaster": ("PCRASTER_VALUESCALE=VS_SCALAR",), "MRF": ("COMPRESS=DEFLATE",),
               "Leveller": ("MINUSERPIXELVALUE=-10", "MAXUSERPIXELVALUE=10"),
               "Terragen": ("MINUSERPIXELVALUE=-10", "MAXUSERPIXELVALUE=10")}

    def check(self, driver, grid, bands, expected):
        name = driver.ShortName
        ending = self.ENDINGS.get(name) or driver.GetMetadataItem("DMD_EXTENSION") or "dat"
        os.mkdir(self.path("out"))
        out = os.path.join("out", f"a.{ending}")
        options = [word for option in self.OPTIONS.get(name, ()) for word in ("--co", option)]
        result = self.demgrad("gradient", "--progress", "none", "--metric", "map", "--bands", bands,
                              "-f", name, *options, "in.tif", out)
        lines = support.said(result)
        if result.code:
            lines = [line for line in lines if f"warning: {out}: {name} keeps no" not in line]
            self.assertEqual(len(lines), 1, result.err)
            self.assertTrue(name in lines[0] or out in lines[0], lines)
            self.assertEqual(os.listdir(self.path("out")), [])
        else:
            self.check_kept(self.path(out), grid, expected, " ".join(lines))
            self.check_names(self.path("out"))
            self.assertEqual([name for name in os.listdir(self.path("out"))
                              if name.startswith(".demgrad")], [])
        self.remove(self.path("out"))
        return result.code == 0

    def check_kept(self, path, grid, expected, said):
        found = open_bands(path, expected.shape[1:])
        self.assertEqual(len(found), len(expected))
        inverse = gdal.InvGeoTransform(grid)
        for (dataset, band), values in zip(found, expected):
            for col, row in ((0, 0), (50, 0), (0, 40), (50, 40)):
                there = gdal.ApplyGeoTransform(dataset.GetGeoTransform(), col, row)
                back = gdal.ApplyGeoTransform(inverse, *there)
                self.assertLess(max(abs(back[0] - col), abs(back[1] - row)), 0.01)
            got = band.ReadAsArray().astype(float)
            if band.GetNoDataValue() is not None:
                got[got == np.float32(band.GetNoDataValue())] = np.nan
            self.assert_close(got, values, 0.01 * np.nanmax(np.abs(values)))
            reference = dataset.GetSpatialRef()
            if not reference or not reference.IsSame(
                    crs(UTM), ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES"]):
                self.assertIn("CRS", said)

    def check_names(self, folder):
        """No file holds the name that it had while it was made."""
        for here, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(here, name), "rb") as file:
                    self.assertNotIn(b".demgrad-", file.read(), name)

    def remove(self, path):
        if os.path.isdir(path):
            for name in os.listdir(path):
                self.remove(os.path.join(path, name))
            os.rmdir(path)
        else:
            os.remove(path)

    def check_all(self, name, least, counts=(1,), **how):
        """Of all drivers, `least` are to keep it; with so many bands."""
        grid = GRIDS[name]
        self.make(Z, geotransform=grid, **how)
        expected = self.gradient("--metric", "map", self.path("in.tif"))
        os.remove(self.path("out.tif"))
        kept = []
        for driver in writable_drivers():
            for count in counts:
                with self.subTest(f"{driver.ShortName} {count}"):
                    bands = ",".join(("dzdx", "dzdy")[:count])
                    if self.check(driver, grid, bands, expected[:count]):
                        kept.append(f"{driver.ShortName} {count}")
        print(name, "is kept by", ", ".join(kept))
        self.assertLessEqual({f"{name} {count}" for name in ("GTiff", "COG") for count in counts},
                             set(kept))
        self.assertGreaterEqual(len(kept), least)

    def test_upright(self):
        self.check_all("upright", 30, counts=(1, 2))

    def test_points(self):
        """AREA_OR_POINT moves nothing by half a pixel."""
        self.check_all("upright", 15, metadata={"AREA_OR_POINT": "Point"})

    def test_south_up(self):
        self.check_all("south-up", 8)

    def test_rotated(self):
        self.check_all("rotated", 6)

    def test_skewed(self):
        self.check_all("skewed", 6)

    def test_turned_round(self):
        self.check_all("turned round", 6)

    def test_between_metres(self):
        self.check_all("between metres", 15)


class Formats(CommandTest):
    # GeoTIFF has no words for these, or not for all of them.
    UNSPOKEN = ("+proj=longlat +datum=WGS84 +lon_wrap=180", "+proj=merc +over +datum=WGS84",
                'ENGCRS["site",EDATUM["a stone"],CS[Cartesian,2],AXIS["e",east],AXIS["n",north],'
                'LENGTHUNIT["metre",1]]')
    SPOKEN = (UTM, "EPSG:3857", "EPSG:4326", "EPSG:2056", "EPSG:32632+5773",
              "+proj=ob_tran +o_proj=longlat +o_lon_p=-162 +o_lat_p=39.25 +lon_0=180 +R=6371229",
              "+proj=laea +lat_0=40 +lon_0=9 +R=6371229")

    def test_a_crs_that_is_not_kept_is_told(self):
        """Once, by the commands; and only where it is another one then."""
        self.make(Z)
        os.mkdir(self.path("out"))
        for driver in ("GTiff", "COG"):
            for text in self.UNSPOKEN + self.SPOKEN:
                for command in (("gradient", "in.tif", "out.tif"),
                                ("batch", "--output-dir", "out", "in.tif")):
                    with self.subTest(f"{driver} {text} {command[0]}"):
                        result = self.demgrad(command[0], "--overwrite", "--spacing", 30, "-f", driver,
                                              "--crs", text, *command[1:])
                        self.assertEqual(result.code, 0, result.err)
                        told = result.err.count(f"{driver} does not keep the CRS as it is")
                        self.assertEqual(told, int(text in self.UNSPOKEN), result.err)
                        self.assertNotIn("keeps no", result.err)
                kept = gdal.Open(self.path("out.tif")).GetSpatialRef()
                if text in self.SPOKEN:
                    self.assertTrue(kept.IsSame(crs(text), ["IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                                                            "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS"]))

    def test_a_lost_way_to_wgs_84_is_no_other_crs(self):
        """GTiff leaves TOWGS84 out beside an EPSG code."""
        srs = support.crs(UTM)
        srs.SetTOWGS84(0, 0, 0, 0, 0, 0, 0)
        with open(self.path("utm.wkt"), "w", encoding="utf-8") as file:
            file.write(srs.ExportToWkt())
        path = self.make(terrain(18, 20))
        result = self.demgrad("gradient", "--progress", "none", "--crs", self.path("utm.wkt"), path,
                              "out.tif")
        self.assertEqual((result.code, support.said(result)), (0, []))

    def test_an_approximate_projection_is_told(self):
        self.make(Z)
        result = self.demgrad("gradient", "--crs", "+proj=tmerc +lon_0=9 +approx +datum=WGS84", "in.tif", "out.tif")
        self.assertEqual(result.code, 0)
        self.assertIn("--crs has +approx", result.err)

    def test_words_that_are_not_kept_are_told(self):
        """In one line, with all of them; not of formats that keep them beside the file."""
        self.make(Z)
        cases = (("XYZ", "out.xyz", "band names, units, metadata, statistics"),
                 ("netCDF", "out.nc", "band names, metadata, statistics"),
                 ("AAIGrid", "out.asc", None), ("ENVI", "out.img", None), ("GTiff", "out.tif", None))
        for driver, name, words in cases:
            if gdal.GetDriverByName(driver) is None:
                continue
            with self.subTest(driver):
                result = self.demgrad("gradient", "--overwrite", "--bands", "slope", "--metric", "map", "-f",
                                      driver, "in.tif", name)
                self.assertEqual(result.code, 0, result.err)
                lines = [line for line in support.said(result) if f"{driver} keeps no " in line and
                         "CRS" not in line]
                self.assertEqual(len(lines), 1 if words else 0, result.err)
                if words:
                    self.assertIn(f"{name}: {driver} keeps no {words} of the output", lines[0])

    def test_rounding_is_told(self):
        """Of GRIB's doubles and SIGDEM's millimetres; not where it was asked for, and not of others."""
        self.make(0.1 * terrain(20, 30), geotransform=(500000, 30, 0, 5000000, 0, -30))
        cases = (("SIGDEM", "Float32", (), True), ("GRIB", "Float64", (), True),
                 ("GRIB", "Float64", ("--co", "DATA_ENCODING=IEEE_FLOATING_POINT"), False),
                 ("AAIGrid", "Float32", (), False), ("netCDF", "Float64", (), False))
        for driver, type, options, is_told in cases:
            if gdal.GetDriverByName(driver) is None:
                continue
            with self.subTest(f"{driver} {type} {options}"):
                result = self.demgrad("gradient", "--overwrite", "--bands", "dzdx", "-f", driver, "--ot", type,
                                      *options, "in.tif", "out." + driver)
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(f"{driver} rounds its values" in result.err, is_told, result.err)

    def test_netcdf_4(self):
        if gdal.GetDriverByName("netCDF") is None:
            self.skipTest("needs netCDF")
        self.make(terrain(20, 30))
        expected = self.gradient("in.tif", out="expected.tif")
        got = self.gradient("--bands", "dzdx", "--co", "FORMAT=NC4", "in.tif", out="out.nc")
        self.assertTrue(np.array_equal(got[0], expected[0], equal_nan=True))
        with open(self.path("out.nc"), "rb") as file:
            self.assertNotIn(b".demgrad-", file.read())

    def test_cog(self):
        z = terrain(700, 600)
        self.make(z)
        plain = self.gradient("--metric", "map", self.path("in.tif"), out="plain.tif")
        got = self.gradient("--metric", "map", "-f", "COG", self.path("in.tif"), out="cog.tif")
        self.assertTrue(np.array_equal(got, plain))
        output = gdal.Open(self.path("cog.tif"))
        self.assertEqual(output.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE"), "COG")
        self.assertGreater(output.GetRasterBand(1).GetOverviewCount(), 0)
        self.assertEqual(output.GetRasterBand(2).GetDescription(), "dz/dy")
        self.assertEqual(output.GetMetadataItem("DEMGRAD_METRIC"), "map")
        self.assertEqual(self.files(), ["cog.tif", "in.tif", "plain.tif"])

    def test_envi_with_its_header(self):
        self.make(Z)
        got = self.gradient("--metric", "map", "-f", "ENVI", self.path("in.tif"), out="out.img")
        self.assert_close(got, map_gradient(Z.astype(np.float32).astype(float), NORTH_UP), 1e-4)
        names = self.files()
        self.assertIn("out.hdr", names)
        self.assertLessEqual(set(names), {"in.tif", "out.img", "out.hdr", "out.img.aux.xml"})
        output = gdal.Open(self.path("out.img"))
        self.assertTrue(output.GetSpatialRef().IsSame(crs(UTM)))
        self.assertEqual(output.GetRasterBand(1).GetDescription(), "dz/dx")
        with open(self.path("out.hdr"), encoding="utf-8") as file:
            self.assertNotIn(".demgrad-", file.read())

    def test_formats_that_lose_nodata(self):
        """GDAL writes blocks of NaN as 0 to some formats, and floats as bytes to others."""
        z = terrain(300, 300)
        z[:, :280] = np.nan
        for driver, name in (("GPKG", "a.gpkg"), ("ZMap", "b.dat"), ("CALS", "c.cal")):
            if not gdal.GetDriverByName(driver):
                continue
            with self.subTest(driver):
                self.make(z, geotransform=NORTH_UP if driver != "CALS" else None, srs=None)
                arguments = ["gradient", "-q", "--spacing", 30, "--bands", "dzdx", "-f", driver]
                result = self.demgrad(*arguments, "in.tif", name)
                got = gdal.Open(self.path(name)) if result.code == 0 else None
                if got:  # a later GDAL may keep it
                    lost = np.isfinite(got.ReadAsArray()[:, :279])
                    self.assertFalse(lost.any(), f"{lost.sum()} pixels")
                    continue
                self.assert_error(result, 1, name, driver, "does not keep", "band 1")
                self.assertEqual(self.files(), ["in.tif"])
                if driver != "CALS":
                    result = self.demgrad(*arguments, "--nodata", -9999, "in.tif", name)
                    self.assertEqual((result.code, result.err), (0, ""))
                    self.assertTrue((gdal.Open(self.path(name)).ReadAsArray()[:, :279] == -9999).all())
                for made in set(self.files()) - {"in.tif"}:
                    os.remove(self.path(made))

    def test_formats_that_round_nodata_beyond_its_type(self):
        """The least float to eight digits is below it, and to GDAL masks no pixel."""
        z = terrain(30, 40)
        z[10:20, 10:20] = np.nan
        self.make(z)
        least = float(np.finfo(np.float32).min)
        for driver, name in (("EHdr", "a.bil"), ("ERS", "b.ers"), ("ENVI", "c.img"), ("GTiff", "d.tif")):
            if not gdal.GetDriverByName(driver):
                continue
            result = self.demgrad("gradient", "-q", "--bands", "dzdx", "-f", driver, f"--nodata={least!r}", "in.tif", name)
            if result.code != 0:
                self.assertIn(driver, ("EHdr", "ERS"))
                self.assert_error(result, 1, name, driver, "does not keep", "another --nodata")
                continue
            dataset = gdal.Open(self.path(name))
            masked = dataset.GetRasterBand(1).GetMaskBand().ReadAsArray() == 0
            self.assertTrue(np.array_equal(masked, np.isnan(z)), driver)

    def test_other_formats(self):
        self.make(Z)
        expected = self.gradient("--metric", "map", self.path("in.tif"))
        for driver, name in (("HFA", "a.img"), ("EHdr", "b.bil"), ("RST", "c.rst"), ("KEA", "d.kea")):
            if not gdal.GetDriverByName(driver):
                continue
            with self.subTest(driver):
                bands = ("--bands", "dzdx") if driver in ("RST", "EHdr") else ()
                before = set(self.files())
                got = self.gradient("--metric", "map", *bands, "--nodata", "-9999", "-f", driver,
                                    self.path("in.tif"), out=name)
                self.assertTrue(np.array_equal(got, expected[:len(got)]))
                self.assertEqual([new for new in set(self.files()) - before
                                  if not new.startswith(name[0])], [])

    def test_every_suffix_opens_as_what_was_written(self):
        """GDAL tells some formats by suffix: what it would take for another format is refused."""
        self.make(Z)
        expected = self.gradient("--metric", "map", self.path("in.tif"))
        drivers = [gdal.GetDriver(i) for i in range(gdal.GetDriverCount())]
        suffixes = {suffix for driver in drivers if driver.GetMetadataItem("DCAP_RASTER")
                    for suffix in (driver.GetMetadataItem("DMD_EXTENSIONS") or "").split()}
        opened = 0
        for suffix in sorted(suffixes):
            with self.subTest(suffix):
                name = f"mix.{suffix}"
                result = self.demgrad("gradient", "-q", "--metric", "map", "-f", "ENVI", "in.tif", name)
                if result.code:
                    # libjxl prints by itself what it thinks of a file of its suffix.
                    said = [line for line in result.err.splitlines(True) if "/lib/jxl/" not in line]
                    self.assert_error(result._replace(err="".join(said)), result.code, name)
                    self.assertNotIn(name, self.files())
                    continue
                self.assertEqual(result.err, "")
                self.assertTrue(np.array_equal(read_raster(self.path(name)), expected))
                for made in self.files():
                    if made.startswith("mix."):  # and its header: releases name it by one suffix or two
                        os.remove(self.path(made))
                opened += 1
        self.assertGreater(opened, len(suffixes) / 2)

    def test_netcdf(self):
        if not gdal.GetDriverByName("netCDF"):
            self.skipTest("this GDAL has no netCDF")
        self.make(Z)
        expected = self.gradient("--metric", "map", self.path("in.tif"))
        result = self.demgrad("gradient", "-q", "--metric", "map", "-f", "netCDF",
                              self.path("in.tif"), self.path("out.nc"))
        self.assertEqual((result.code, result.err), (0, ""))
        got = [read_raster(f'NETCDF:"{self.path("out.nc")}":Band{i}')[0] for i in (1, 2)]
        self.assertTrue(np.array_equal(got, expected))
        self.assertEqual(self.files(), ["in.tif", "out.nc", "out.tif"])

    def test_one_band_formats_hold_one_band(self):
        self.make(Z)
        expected = self.gradient("--metric", "map", "--bands", "dzdx", self.path("in.tif"))
        got = self.gradient("--metric", "map", "--bands", "dzdx", "-f", "AAIGrid", "--co",
                            "DECIMAL_PRECISION=9", "--nodata", "-9999", "--co",
                            "FORCE_CELLSIZE=NO", self.path("in.tif"), out="out.asc")
        self.assert_close(got, expected, 1e-8 + 1e-6 * np.abs(expected).max())
        self.assertLessEqual(set(self.files()),
                             {"in.tif", "out.tif", "out.asc", "out.prj", "out.asc.aux.xml"})

    def assert_cannot_hold(self, driver, name, *arguments):
        self.make(Z)
        result = self.demgrad("gradient", "-q", *arguments, "-f", driver, self.path("in.tif"),
                              self.path(name))
        self.assertIn(result.code, (1, 2))
        self.assert_error(result, result.code)
        self.assertTrue(driver in result.err or name in result.err, result.err)
        self.assertNotIn(".demgrad-", result.err)
        self.assertEqual(self.files(), ["in.tif"])
        return result.err

    def test_formats_of_bytes_cannot_hold_it(self):
        """GDAL would round the gradient to 0 and 1, with no more than a warning."""
        for driver, name in (("PNG", "out.png"), ("JPEG", "out.jpg"), ("GIF", "out.gif")):
            if not gdal.GetDriverByName(driver):
                continue
            for bands in ("dzdx", "dzdx,dzdy"):
                with self.subTest(f"{driver} {bands}"):
                    self.assert_cannot_hold(driver, name, "--bands", bands)
                for left in set(self.files()) - {"in.tif"}:
                    os.remove(self.path(left))

    def test_a_format_of_one_band_cannot_hold_two(self):
        """Whether GDAL refuses the second, as of AAIGrid and SAGA, or is silent, as of GSAG and GSBG."""
        for driver, name in (("AAIGrid", "out.asc"), ("SAGA", "out.sdat"), ("GSAG", "out.grd"), ("GSBG", "out.grd")):
            with self.subTest(driver):
                said = self.assert_cannot_hold(driver, name)
                self.assertIn("--bands", said)
                self.assertNotIn("1 bands", said)

    def test_no_such_format(self):
        self.assert_cannot_hold("NOSUCH", "out.tif")

    def test_a_format_that_cannot_be_written(self):
        self.assert_cannot_hold("SRTMHGT", "out.hgt")
        self.assert_cannot_hold("ESRI Shapefile", "out.shp")

    def test_formats_are_found_whatever_their_case(self):
        self.make(Z)
        self.gradient("-f", "gtiff", self.path("in.tif"))
        self.gradient("--of", "GTiff", self.path("in.tif"))
        self.gradient("--output-format", "GTiff", self.path("in.tif"))


if __name__ == "__main__":
    support.main()
