"""What is written beside the numbers: grid, CRS, metadata, layout, and the formats."""

import os

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, NORTH_UP, UTM, crs, read_raster, terrain, write_raster

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
        self.assertEqual(items("--spacing", "2"),
                         {**default, "METRIC": "spacing", "SPACING": "2,2"})

    def test_layout_is_tiled_and_by_band(self):
        self.make(np.zeros((40, 5000)), name="large.tif")
        self.gradient(self.path("large.tif"), out="large_gradient.tif")
        large = gdal.Open(self.path("large_gradient.tif"))
        self.assertEqual(large.GetRasterBand(1).GetBlockSize(), [256, 48])
        output = self.run_on()  # small rasters are not padded to 256 pixels
        self.assertEqual(output.GetRasterBand(1).GetBlockSize(), [64, 48])
        self.assertEqual(output.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE"), "BAND")
        self.assertIsNone(output.GetMetadataItem("COMPRESSION", "IMAGE_STRUCTURE"))

    def test_small_rasters_are_hardly_padded(self):
        """Issue 11, 16: 403 x 344 pixels took 2.10 MB for 1.11."""
        for width, height in ((403, 344), (257, 257), (512, 300), (16, 1000), (1201, 1201)):
            self.make(np.zeros((height, width)))
            self.gradient(self.path("in.tif"))
            size, pixels = os.path.getsize(self.path("out.tif")), width * height * 2 * 4
            self.assertLess(size, 1.13 * pixels + 5000, (width, height))

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
        width, height = output.GetRasterBand(1).GetBlockSize()
        places = [int(output.GetRasterBand(band).GetMetadataItem(f"BLOCK_OFFSET_{col}_{row}", "TIFF"))
                  for band in (1, 2) for row in range(-(-2100 // height)) for col in range(-(-2120 // width))]
        self.assertEqual(set(np.diff(places)), {width * height * 4})


class Suffixes(CommandTest):
    """Issue 11, 16: a suffix that says a format is that format, where -f is not given."""

    def made(self, name, *options):
        self.make(terrain(20, 30))
        self.gradient("--bands", "dzdx", *options, "in.tif", out=name)
        return gdal.Open(self.path(name)).GetDriver().ShortName

    def test_formats(self):
        for name, format in (("x.img", "HFA"), ("x.nc", "netCDF"), ("x.bil", "EHdr"),
                             ("x.tif", "GTiff"), ("x.TIFF", "GTiff"), ("x", "GTiff"),
                             ("dem.v2/x", "GTiff")):
            os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
            if gdal.GetDriverByName(format):
                self.assertEqual(self.made(name), format, name)

    def test_the_option_wins(self):
        self.assertEqual(self.made("x.img", "-f", "GTiff"), "GTiff")
        self.assertEqual(self.made("x.tif", "-f", "HFA"), "HFA")

    def test_formats_that_cannot_hold_a_gradient(self):
        self.make(terrain(20, 30))
        result = self.demgrad("gradient", "-f", "PNG", "in.tif", "x.png")
        self.assert_error(result, 2, "PNG", "Float32")
        result = self.demgrad("gradient", "in.tif", "x.png")
        self.assert_error(result, 2, "x.png", "demgrad preview in.tif x.png")

    def test_suffixes_of_none_or_several(self):
        self.make(terrain(20, 30))
        for name in ("x.txtt", "dem.v2", "x.zip.part"):
            result = self.demgrad("gradient", "in.tif", name)
            self.assert_error(result, 2, name, "-f GTiff")
        if gdal.GetDriverByName("GSAG") and gdal.GetDriverByName("GSBG"):
            self.assert_error(self.demgrad("gradient", "in.tif", "x.grd"), 2, "x.grd", "-f GSAG")
        self.assertEqual(self.files(), ["in.tif"])


class Names(CommandTest):
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
