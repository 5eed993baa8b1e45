"""What is written beside the numbers: grid, CRS, metadata, layout, and the formats."""

import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, UTM, crs, map_gradient, read_raster, terrain, write_raster

Z = terrain(40, 50)


class Output(CommandTest):
    def run_on(self, *arguments, out="out.tif", **how):
        self.make(Z, **how)
        self.gradient(*arguments, self.path("in.tif"), out=out)
        return gdal.Open(self.path(out))

    def test_size_geotransform_and_crs_are_the_inputs(self):
        for grid in (NORTH_UP, (0, 8, 6, 0, 6, -8), (0.25, 1 / 3, 0, 7, 0, 1 / 7)):
            for srs in (UTM, "EPSG:2264", "EPSG:32632+5703", "EPSG:3035"):
                with self.subTest(f"{grid} {srs}"):
                    output = self.run_on("--metric", "map", geotransform=grid, srs=srs)
                    self.assertEqual((output.RasterXSize, output.RasterYSize), (50, 40))
                    self.assertEqual(output.GetGeoTransform(), grid)
                    source = gdal.Open(self.path("in.tif")).GetSpatialRef()
                    self.assertTrue(output.GetSpatialRef().IsSame(source))

    def test_geographic_crs_keeps_its_axes(self):
        output = self.run_on(geotransform=(10, 0.01, 0, 50, 0, -0.01), srs="EPSG:4326")
        self.assertTrue(output.GetSpatialRef().IsSame(crs("EPSG:4326")))
        self.assertEqual(output.GetGeoTransform(), (10, 0.01, 0, 50, 0, -0.01))

    def test_crs_of_the_option(self):
        output = self.run_on("--crs", "EPSG:32733", srs=None)
        self.assertTrue(output.GetSpatialRef().IsSame(crs("EPSG:32733")))

    def test_area_or_point(self):
        for word in ("Area", "Point"):
            output = self.run_on("--metric", "map", metadata={"AREA_OR_POINT": word})
            self.assertEqual(output.GetMetadataItem("AREA_OR_POINT"), word)
            self.assertEqual(output.GetGeoTransform(), NORTH_UP)

    def test_bands(self):
        output = self.run_on("--bands", "dzdy,dzdx")
        for i, name in ((1, "dz/dy"), (2, "dz/dx")):
            band = output.GetRasterBand(i)
            self.assertEqual(band.GetDescription(), name)
            self.assertEqual(band.GetUnitType(), "m/m")
            self.assertEqual(band.DataType, gdal.GDT_Float32)
            self.assertTrue(np.isnan(band.GetNoDataValue()))
            self.assertIn(band.GetScale(), (None, 1))
            self.assertIn(band.GetOffset(), (None, 0))

    def test_scale_and_unit_of_the_input_do_not_stick(self):
        output = self.run_on("--metric", "map", scale=0.5, offset=3, unit="ft", nodata=-5)
        self.assertEqual(output.GetRasterBand(1).GetUnitType(), "m/m")
        self.assertIn(output.GetRasterBand(1).GetScale(), (None, 1))
        self.assertTrue(np.isnan(output.GetRasterBand(1).GetNoDataValue()))

    def test_types(self):
        for name, type in (("Float32", gdal.GDT_Float32), ("Float64", gdal.GDT_Float64)):
            for source in (gdal.GDT_Float32, gdal.GDT_Int32):
                output = self.run_on("--ot", name, type=source)
                self.assertEqual(output.GetRasterBand(2).DataType, type)

    def test_nodata(self):
        output = self.run_on("--nodata", "-9999")
        self.assertEqual(output.GetRasterBand(1).GetNoDataValue(), -9999)

    def test_metadata_items(self):
        def items(*arguments):
            output = self.run_on(*arguments)
            return {key[8:]: value for key, value in output.GetMetadata().items()
                    if key.startswith("DEMGRAD_")}

        version = self.demgrad("--version").out.split()[1].rstrip(",")
        default = {"METRIC": "ground", "FRAME": "grid", "METHOD": "central", "EDGE_ORDER": "1",
                   "VERSION": version}
        self.assertEqual(items(), default)
        self.assertEqual(items("--metric", "map", "--edge-order", "2"),
                         {**default, "METRIC": "map", "EDGE_ORDER": "2"})
        self.assertEqual(items("--frame", "true"), {**default, "FRAME": "true"})
        self.assertEqual(items("--spacing", "2"), {**default, "METRIC": "spacing"})

    def test_layout_is_tiled_and_by_band(self):
        self.make(np.zeros((300, 500)), name="large.tif")
        self.gradient(self.path("large.tif"), out="large_gradient.tif")
        large = gdal.Open(self.path("large_gradient.tif"))
        self.assertEqual(large.GetRasterBand(1).GetBlockSize(), [256, 256])
        output = self.run_on()  # small rasters are not padded to 256 pixels
        self.assertEqual(output.GetRasterBand(1).GetBlockSize(), [64, 48])
        self.assertEqual(output.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE"), "BAND")
        self.assertIsNone(output.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"))

    def test_creation_options(self):
        output = self.run_on("--co", "COMPRESS=DEFLATE", "--co", "PREDICTOR=3", "--co",
                             "INTERLEAVE=PIXEL", "--co", "BLOCKXSIZE=32", "--co", "BLOCKYSIZE=16")
        self.assertEqual(output.GetRasterBand(1).GetBlockSize(), [32, 16])
        self.assertEqual(output.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE"), "PIXEL")
        self.assertEqual(output.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"), "DEFLATE")
        output = self.run_on("--co", "TILED=NO")
        self.assertEqual(output.GetRasterBand(1).GetBlockSize()[0], 50)
        output = self.run_on("--co", "tiled=no", "--co", "bigtiff=yes")
        self.assertEqual(output.GetRasterBand(1).GetBlockSize()[0], 50)
        with open(self.path("out.tif"), "rb") as file:
            self.assertEqual(file.read(4), b"II+\0")

    def test_output_has_no_sidecar(self):
        self.run_on("--metric", "map")
        self.assertEqual(self.files(), ["in.tif", "out.tif"])


class LargeOutput(CommandTest):
    """Large uncompressed files are laid out before their blocks are written."""

    def describe(self, *arguments):
        """The pixels, and what gdalinfo says but for the file's name and its compression."""
        self.gradient(*arguments, self.path("in.tif"))
        self.assertEqual(self.files(), ["in.tif", "out.tif"])
        about = gdal.Info(self.path("out.tif"), format="json")
        about["metadata"]["IMAGE_STRUCTURE"].pop("COMPRESSION", None)
        return gdal.Open(self.path("out.tif")).ReadAsArray(), about

    def test_only_the_compression_is_another(self):
        z = terrain(2100, 2120)
        z[300:900, 200:1800] = np.nan
        self.make(z, metadata={"AREA_OR_POINT": "Point"})
        for arguments in ((), ("--nodata", 0, "--bands", "dzdy,dzdx"), ("--ot", "Float64"),
                          ("--co", "INTERLEAVE=PIXEL")):
            with self.subTest(arguments):
                plain, about = self.describe(*arguments)
                packed, expected = self.describe(*arguments, "--co", "COMPRESS=LZW")
                self.assertEqual(plain.tobytes(), packed.tobytes())
                self.assertEqual(about, expected)

    def test_every_block_has_its_place(self):
        self.make(terrain(2100, 2120))
        self.gradient(self.path("in.tif"))
        output = gdal.Open(self.path("out.tif"))
        places = [int(output.GetRasterBand(band).GetMetadataItem(f"BLOCK_OFFSET_{col}_{row}", "TIFF"))
                  for band in (1, 2) for row in range(9) for col in range(9)]
        self.assertEqual(set(np.diff(places)), {256 * 256 * 4})


class Formats(CommandTest):
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
        self.assert_cannot_hold("AAIGrid", "out.asc")

    def test_no_such_format(self):
        self.assert_cannot_hold("NOSUCH", "out.tif")

    def test_a_format_that_cannot_be_written(self):
        self.assert_cannot_hold("SRTMHGT", "out.hgt")
        self.assert_cannot_hold("ESRI Shapefile", "out.shp")

    def test_overwriting_leaves_no_stale_sidecar(self):
        """Statistics and overviews of the output that was there speak of other pixels."""
        self.make(Z)
        self.gradient(self.path("in.tif"))
        old = gdal.Open(self.path("out.tif"))
        old.GetRasterBand(1).ComputeStatistics(False)
        old.BuildOverviews("NEAREST", [2])
        old = None
        self.assertIn("out.tif.ovr", self.files())
        self.make(Z * 2)
        self.gradient(self.path("in.tif"))
        self.assertEqual(self.files(), ["in.tif", "out.tif"])

    def test_formats_are_found_whatever_their_case(self):
        self.make(Z)
        self.gradient("-f", "gtiff", self.path("in.tif"))
        self.gradient("--of", "GTiff", self.path("in.tif"))
        self.gradient("--output-format", "GTiff", self.path("in.tif"))

    def test_relative_and_awkward_names(self):
        self.make(Z)
        os.mkdir(self.path("a b"))
        for name in ("plain", "a b/ü (1).tif", "dots.in.name.tif", "./here.tif", "-dash.tif"):
            with self.subTest(name):
                result = self.demgrad("gradient", "-q", "--", "in.tif", name)
                self.assertEqual((result.code, result.err), (0, ""))
                self.assertEqual(read_raster(self.path(name)).shape, (2, 40, 50))

    def test_gdals_own_paths(self):
        write_raster(self.path("in.tif"), Z)
        with open(self.path("in.zip"), "wb") as file:
            file.write(zipped(self.path("in.tif"), "dem.tif"))
        expected = self.gradient(self.path("in.tif"))
        got = self.gradient("/vsizip/" + self.path("in.zip") + "/dem.tif")
        self.assertTrue(np.array_equal(got, expected))


def zipped(path, name):
    import io
    import zipfile
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, name)
    return memory.getvalue()


if __name__ == "__main__":
    support.main()
