"""What netCDF's attributes say by the CF conventions, and GDAL keeps as metadata only."""

import json
import os

import numpy as np
from osgeo import gdal

from support import CommandTest, main, read_raster, said, terrain, UTM

POLAR = "+proj=stere +lat_0=90 +lat_ts=71 +datum=WGS84 +units=m"


class Cf(CommandTest):
    HEIGHT, WIDTH = 18, 20

    def setUp(self):
        super().setUp()
        self.z = np.round(np.abs(terrain(self.HEIGHT, self.WIDTH))).astype(np.float64)

    def netcdf(self, names=("y", "x"), unit="m", step=1000.0, srs=POLAR, z=None, turned=False,
               **attributes):
        """An array z[y][x], or z[x][y] where it is turned, of numbers and texts as attributes."""
        path = self.path("in.nc")
        dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(path)
        root = dataset.GetRootGroup()
        is_angle = names[0] == "lat"
        units = ("degrees_north", "degrees_east") if is_angle else (unit, unit)
        standard = ("latitude", "longitude") if is_angle else (
            "projection_y_coordinate", "projection_x_coordinate")
        text = gdal.ExtendedDataType.CreateString()
        number = gdal.ExtendedDataType.Create(gdal.GDT_Float64)
        dims = []
        for i, size in enumerate((self.HEIGHT, self.WIDTH)):
            dims.append(root.CreateDimension(names[i], "", "", size))
            axis = root.CreateMDArray(names[i], [dims[-1]], number)
            axis.CreateAttribute("standard_name", [], text).Write(standard[i])
            axis.SetUnit(units[i])
            axis.Write((10 + np.arange(size)) * step)
        values = self.z if z is None else z
        array = root.CreateMDArray("z", dims[::-1] if turned else dims, number)
        if srs:
            self.map(root, array, text)
        for name, value in attributes.items():
            sizes = [len(value)] if isinstance(value, list) else []
            kind = text if isinstance(value, str) else number
            array.CreateAttribute(name, sizes, kind).Write(value)
        array.Write(np.ascontiguousarray(values.T if turned else values))
        del array, axis, dims, root, dataset
        return path

    def map(self, root, array, text):
        """The CRS by its parameters alone, as others than GDAL write it."""
        number = gdal.ExtendedDataType.Create(gdal.GDT_Float64)
        mapping = root.CreateMDArray("crs", [], gdal.ExtendedDataType.Create(gdal.GDT_Int32))
        mapping.CreateAttribute("grid_mapping_name", [], text).Write("polar_stereographic")
        for name, value in (("straight_vertical_longitude_from_pole", 0.0),
                            ("latitude_of_projection_origin", 90.0), ("standard_parallel", 71.0),
                            ("false_easting", 0.0), ("false_northing", 0.0),
                            ("semi_major_axis", 6378137.0), ("inverse_flattening", 298.257223563)):
            mapping.CreateAttribute(name, [], number).Write(value)
        array.CreateAttribute("grid_mapping", [], text).Write("crs")

    def run_loud(self, path, *options):
        return self.demgrad("gradient", "--overwrite", "--progress", "none", "--ot", "Float64",
                            *options, path, "out.tif")

    def own_words(self, result):
        """Newer GDAL warns too that it leaves such a unit out."""
        return [line for line in said(result) if "Unhandled X/Y axis unit" not in line]

    def test_units_of_axes(self):
        """A CRS in kilometres or feet is the same on the ground."""
        expected = self.gradient("--ot", "Float64", self.netcdf())
        for unit, metres in (("km", 1000), ("kilometers", 1000), ("ft", 0.3048), ("feet", 0.3048),
                             ("US_survey_foot", 1200 / 3937), ("cm", 0.01)):
            with self.subTest(unit):
                path = self.netcdf(unit=unit, step=1000 / metres)
                result = self.run_loud(path)
                self.assertEqual((result.code, self.own_words(result)), (0, []))
                self.assert_close(read_raster(self.path("out.tif")), expected, 1e-7)

    def test_axes_in_no_unit_of_length(self):
        for unit in ("degrees", "furlong per fortnight"):
            result = self.run_loud(self.netcdf(unit=unit))
            self.assertEqual(result.code, 0)
            own = self.own_words(result)
            self.assertEqual(len(own), 1, result.err)
            self.assertIn(f'"{unit}"', own[0])

    def test_missing_values_beside_the_fill_value(self):
        z = self.z.copy()
        z[3, 4], z[9, 9], z[12, 2] = -1, -2, -3
        holes = np.where(z < 0, -1, z)
        expected = self.gradient("--ot", "Float64", self.netcdf(z=holes, _FillValue=-1.0))
        for attributes in ({"_FillValue": -1.0, "missing_value": [-2.0, -3.0]},
                           {"missing_value": [-1.0, -2.0, -3.0]}):
            with self.subTest(attributes):
                got = self.gradient("--ot", "Float64", self.netcdf(z=z, **attributes))
                np.testing.assert_array_equal(got, expected)

    def test_depths(self):
        result = self.run_loud(self.netcdf(positive="down"))
        self.assertEqual(result.code, 0)
        self.assertEqual(len(said(result)), 1, result.err)
        self.assertIn("downwards", result.err)
        self.assertIn("--z-factor -1", result.err)
        result = self.run_loud(self.netcdf(positive="down"), "--z-factor=-1")
        self.assertEqual((result.code, said(result)), (0, []))
        got = read_raster(self.path("out.tif"))
        self.assertEqual(said(self.run_loud(self.netcdf(positive="up"))), [])
        np.testing.assert_array_equal(got, -read_raster(self.path("out.tif")))

    def test_depths_by_their_name(self):
        for name in ("depth", "sea_floor_depth_below_geoid"):
            self.assertIn("downwards", self.run_loud(self.netcdf(standard_name=name)).err)
        for attributes in ({"standard_name": "depth", "positive": "up"},
                           {"standard_name": "surface_altitude"}):
            self.assertEqual(said(self.run_loud(self.netcdf(**attributes))), [])

    def test_valid_ranges(self):
        """GDAL heeds them where both ends are told."""
        low, high = np.percentile(self.z, [5, 90])
        for attributes, least, most in (({"valid_min": low}, low, np.inf),
                                        ({"valid_max": high}, -np.inf, high),
                                        ({"valid_min": low, "valid_max": high}, low, high),
                                        ({"valid_range": [low, high]}, low, high)):
            with self.subTest(attributes):
                holes = np.where((self.z < least) | (self.z > most), -1, self.z)
                self.assertTrue((holes < 0).any())
                expected = self.gradient("--ot", "Float64", self.netcdf(z=holes, _FillValue=-1.0))
                got = self.gradient("--ot", "Float64", self.netcdf(_FillValue=-1.0, **attributes))
                np.testing.assert_array_equal(got, expected)

    def test_info_tells_valid_ranges(self):
        def ranges(*arguments):
            result = self.demgrad("info", "--json", *arguments, self.path("in.nc"))
            return json.loads(result.out)["valid_range"]
        self.netcdf(valid_min=3.0)
        self.assertEqual(ranges(), [3, None])
        self.assertEqual(ranges("--input-nodata", "5"), [None, None])
        self.assertIn("valid:          3 to inf", self.demgrad("info", self.path("in.nc")).out)
        self.netcdf(valid_range=[-4.0, 900.5])
        self.assertEqual(ranges(), [-4, 900.5])
        self.netcdf()
        self.assertEqual(ranges(), [None, None])
        self.assertNotIn("valid:", self.demgrad("info", self.path("in.nc")).out)

    def test_attributes_in_hdf5(self):
        """Before 3.10 GDAL puts the array's name before them, and knows no scale."""
        if not gdal.GetDriverByName("HDF5Image"):
            self.skipTest("needs HDF5")
        z = self.z.copy()
        z[3, 4] = -2
        attributes = {"scale_factor": 0.5, "add_offset": 7.0, "missing_value": -2.0, "units": "ft",
                      "valid_max": float(np.percentile(z, 90)), "positive": "down"}
        path = self.netcdf(z=z, _FillValue=-1.0, **attributes)
        for name in (path, f'HDF5:"{path}"://z'):
            with self.subTest(name):
                result = self.run_loud(name, "--spacing", 1000)
                self.assertEqual(result.code, 0, result.err)
                self.assertIn("downwards", result.err)
        got = read_raster(self.path("out.tif"))
        plain = self.make(np.where((z < 0) | (z > attributes["valid_max"]), -1, z)[::-1] * 0.5 * 0.3048,
                          type=gdal.GDT_Float64, nodata=-0.5 * 0.3048)
        expected = self.gradient("--ot", "Float64", "--spacing", 1000, plain, out="expected.tif")
        np.testing.assert_allclose(np.abs(got), np.abs(expected[:, ::-1]), rtol=1e-12, atol=1e-15)

    def test_columns_that_go_north(self):
        """GDAL takes latitudes for eastings then."""
        for names, srs in ((("lat", "lon"), None), (("y", "x"), POLAR)):
            with self.subTest(names):
                path = self.netcdf(names=names, step=1, srs=srs, turned=True)
                result = self.demgrad("gradient", "-q", path, "out.tif")
                self.assert_error(result, 1, "in.nc", "columns go north", "transpose")
                self.assertEqual(self.demgrad("info", path).code, 1)


class CutShort(CommandTest):
    """GDAL reads on where these end: as zeros, or as what happens to be in memory."""

    def cut(self, path):
        """Without its last byte."""
        with open(path, "r+b") as file:
            file.truncate(file.seek(0, 2) - 1)

    def check(self, path, file, *arguments):
        self.assertEqual(self.demgrad("gradient", "-q", path, "whole.tif").code, 0)
        self.cut(file)
        for command in (["gradient", "-q", path, "out.tif"],
                        ["batch", "-q", "--output-dir", "out", path]):
            with self.subTest(command):
                result = self.demgrad(*command)
                self.assertEqual(result.code, 1)
                self.assertIn("is cut short: ", result.err)
        self.assertNotIn("out.tif", self.files())

    def raster(self, format, name, *options, bands=1):
        z = terrain(30, 40).astype(np.float32)
        source = self.make(np.stack([z] * bands) if bands > 1 else z, name="source.tif")
        driver = gdal.GetDriverByName(format)
        if not driver:
            self.skipTest(f"this GDAL has no {format}")
        driver.CreateCopy(self.path(name), gdal.Open(source), 0, list(options))
        return self.path(name)

    def test_formats(self):
        for format, name, options in (
                ("ENVI", "in.dat", []), ("ENVI", "in.bil", ["INTERLEAVE=BIL"]),
                ("PCRaster", "in.map", []), ("PCIDSK", "in.pix", []),
                ("netCDF", "in.nc", []), ("netCDF", "in2.nc", ["FORMAT=NC2"])):
            with self.subTest((format, options)):
                path = self.raster(format, name, *options)
                self.check(path, path)
                self.tearDown()
                self.setUp()

    def test_within_a_vrt(self):
        path = self.raster("PCRaster", "in.map")
        vrt = self.path("in.vrt")
        gdal.GetDriverByName("VRT").CreateCopy(vrt, gdal.Open(path))
        self.check(vrt, path)

    def test_a_raw_band(self):
        """Its file counts from the VRT's folder, where nothing else is said."""
        for says in (" relativeToVRT='1'", ""):
            with self.subTest(says):
                self.check_raw_band(says)
                self.tearDown()
                self.setUp()

    def check_raw_band(self, says):
        z = terrain(30, 40).astype("<f4")
        head = b"head"
        os.mkdir(self.path("in"))
        with open(self.path("in/raw"), "wb") as file:
            file.write(head + z.tobytes())
        with open(self.path("in/in.vrt"), "w", encoding="utf-8") as file:
            file.write(
                f"<VRTDataset rasterXSize='40' rasterYSize='30'><SRS>{UTM}</SRS>"
                "<GeoTransform>500000,30,0,5000000,0,-30</GeoTransform>"
                "<VRTRasterBand dataType='Float32' band='1' subClass='VRTRawRasterBand'>"
                f"<SourceFilename{says}>raw</SourceFilename>"
                f"<ImageOffset>{len(head)}</ImageOffset><PixelOffset>4</PixelOffset>"
                "<LineOffset>160</LineOffset><ByteOrder>LSB</ByteOrder>"
                "</VRTRasterBand></VRTDataset>")
        self.check(self.path("in/in.vrt"), self.path("in/raw"))

    def test_records_of_netcdf(self):
        """Of an unlimited dimension, whose records of all variables follow one another."""
        path = self.path("in.nc")
        dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(path, [], ["FORMAT=NC"])
        root = dataset.GetRootGroup()
        number = gdal.ExtendedDataType.Create(gdal.GDT_Int16)
        dims = [root.CreateDimension("t", "", "", 3, ["UNLIMITED=YES"]),
                root.CreateDimension("y", "", "", 16), root.CreateDimension("x", "", "", 21)]
        for name in ("a", "b"):
            array = root.CreateMDArray(name, dims, number)
            array.Write(np.arange(3 * 16 * 21, dtype=np.int16).reshape(3, 16, 21))
        del array, dims, root, dataset
        self.check(f'NETCDF:"{path}":a', path)


if __name__ == "__main__":
    main()
