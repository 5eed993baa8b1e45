"""What files tell of their heights that GDAL's drivers leave out: their unit, scale and nodata values."""

import json
import os
import struct
import zipfile

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, plane, read_raster

FOOT = 0.3048
HEIGHT, WIDTH = 20, 24
Z = plane(HEIGHT, WIDTH, 3, 1, 100).astype("<f4")

SAGA = """NAME\t= s
UNIT\t= %s
DATAFILE_OFFSET\t= %d
DATAFORMAT\t= FLOAT
BYTEORDER_BIG\t= FALSE
POSITION_XMIN\t= 0
POSITION_YMIN\t= 0
CELLCOUNT_X\t= 24
CELLCOUNT_Y\t= 20
CELLSIZE\t= 10
Z_FACTOR\t= %s
NODATA_VALUE\t= -99999
TOPTOBOTTOM\t= FALSE
"""

ARCINFO = """Projection    UTM
Zone          32
Datum         WGS84
Zunits        %s
Units         METERS
Spheroid      WGS84
Xshift        0.0
Yshift        0.0
Parameters
"""

GXF = """#POINTS
24
#ROWS
20
#PTSEPARATION
10
#RWSEPARATION
10
#SENSE
1
%s#GRID
"""


def text_rows(values):
    return "\n".join(" ".join(f"{value:g}" for value in row) for row in values) + "\n"


class LeftOut(CommandTest):
    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return name

    def ratio(self, name, *options, words=()):
        """How many metres a stored unit makes, by the gradient: against one with --z-factor 1 and no scale."""
        run = ("gradient", "--overwrite", "--progress", "none", "--ot", "Float64", *options)
        result = self.demgrad(*run, name, "out.tif")
        self.assertEqual(result.code, 0, result.err)
        for word in words:
            self.assertIn(word, result.err)
        if not words:
            self.assertNotIn("not a length", result.err)
            self.assertNotIn("are applied", result.err)
        got = read_raster(self.path("out.tif"))
        dataset = gdal.Open(self.path(name))
        memory = gdal.GetDriverByName("GTiff").Create(self.path("plain.tif"), WIDTH, HEIGHT, 1, gdal.GDT_Float32)
        if dataset.GetGeoTransform(can_return_null=True):
            memory.SetGeoTransform(dataset.GetGeoTransform())
        if dataset.GetSpatialRef():
            memory.SetSpatialRef(dataset.GetSpatialRef())
        memory.GetRasterBand(1).WriteArray(Z)
        memory = dataset = None
        result = self.demgrad(*run, "--z-factor", 1, "plain.tif", "out.tif")
        self.assertEqual(result.code, 0, result.err)
        ratios = got / read_raster(self.path("out.tif"))
        self.assertLess(np.ptp(ratios), 1e-6 * ratios.mean())
        return ratios.mean()

    def check(self, name, metres, **how):
        self.assertLess(abs(self.ratio(name, **how) / metres - 1), 1e-7, name)

    def pds(self, name, extra, kind="IMAGE"):
        lines = ["PDS_VERSION_ID = PDS3", "RECORD_TYPE = FIXED_LENGTH", f"RECORD_BYTES = {4 * WIDTH}",
                 f"FILE_RECORDS = {HEIGHT + 20}", "LABEL_RECORDS = 20", "^IMAGE = 21", f"OBJECT = {kind}",
                 f" LINES = {HEIGHT}", f" LINE_SAMPLES = {WIDTH}", " SAMPLE_TYPE = PC_REAL", " SAMPLE_BITS = 32",
                 *extra, f"END_OBJECT = {kind}", "END"]
        return self.write(name, "\r\n".join(lines).encode().ljust(80 * WIDTH) + Z.tobytes())

    def test_pds(self):
        for unit, metres in (("KILOMETER", 1000), ("METER", 1), ("KM", 1000), ('"N/A"', 1)):
            self.check(self.pds("in.img", [f" UNIT = {unit}"]), metres)
        self.check(self.pds("in.img", []), 1)
        self.check(self.pds("in.img", [" UNIT = KM", " SCALING_FACTOR = 0.5", " OFFSET = 3396.0"]), 500)
        self.check(self.pds("in.img", [" UNIT = DEGREE"]), 1, words=("not a length",))

    def test_a_unit_of_another_object(self):
        self.check(self.pds("in.img", [" OBJECT = HISTOGRAM", "  UNIT = KM", " END_OBJECT = HISTOGRAM"]), 1)

    def test_isis(self):
        label = """Object = IsisCube
  Object = Core
    StartByte = 4097
    Format = BandSequential
    Group = Dimensions
      Samples = 24
      Lines = 20
      Bands = 1
    End_Group
    Group = Pixels
      Type = Real
      ByteOrder = Lsb
      Base = 0.0
      Multiplier = 1.0
    End_Group
  End_Object
  Group = BandBin
    FilterName = DEM
    %s
  End_Group
End_Object
End
"""
        for line, metres in (("Units = KILOMETERS", 1000), ("Unit = feet", FOOT), ("Units = (km)", 1000),
                             ("Name = KM", 1)):
            self.check(self.write("in.cub", (label % line).encode().ljust(4096) + Z.tobytes()), metres)

    def test_bt(self):
        """Metres per unit, bytes 62 to 65, of which GDAL knows 1 and the foot's."""
        self.make(Z)
        gdal.Translate(self.path("in.bt"), self.path("in.tif"), format="BT")
        with open(self.path("in.bt"), "rb") as file:
            plain = file.read()
        self.assertEqual(struct.unpack("<f", plain[62:66]), (1,))
        for scale, metres in ((1, 1), (0, 1), (FOOT, FOOT)):
            self.check(self.write("in.bt", plain[:62] + struct.pack("<f", scale) + plain[66:]), metres)
        for scale in (0.1, 10, 1000, 0.9144):
            self.check(self.write("in.bt", plain[:62] + struct.pack("<f", scale) + plain[66:]), scale,
                       words=("are applied",))

    def saga(self, unit="", offset=0, factor=1, name="in"):
        self.write(f"{name}.sgrd", SAGA % (unit, offset, factor))
        return self.write(f"{name}.sdat", Z[::-1].tobytes())

    def test_saga(self):
        for unit, metres in (("feet", FOOT), ("m", 1), ("", 1), ("km", 1000)):
            self.check(self.saga(unit), metres)
        self.check(self.saga("furlongs"), 1, words=('"furlongs" is not a length',))
        self.check(self.saga("feet", factor=10), 10 * FOOT, words=("are applied",))

    def test_saga_in_an_archive(self):
        self.saga("feet", name="dem")
        with zipfile.ZipFile(self.path("in.sg-grd-z"), "w") as archive:
            for name in ("dem.sgrd", "dem.sdat"):
                archive.write(self.path(name), name)
        self.check("in.sg-grd-z", FOOT)

    def test_pixels_that_begin_elsewhere(self):
        self.saga(offset=50)
        for run in (("gradient", "in.sdat", "out.tif"), ("info", "in.sdat")):
            self.assert_error(self.demgrad(*run), 1, "in.sdat", "DATAFILE_OFFSET", "50")
        gdal.Translate(self.path("in.vrt"), self.path("in.sdat"), format="VRT")
        self.assert_error(self.demgrad("gradient", "in.vrt", "out.tif"), 1, "DATAFILE_OFFSET")

    def test_arcinfo(self):
        """Zunits: a word, or how many are a metre."""
        grid = f"ncols {WIDTH}\nnrows {HEIGHT}\nxllcorner 500000\nyllcorner 5000000\ncellsize 10\n"
        header = (f"byteorder I\nlayout bil\nnrows {HEIGHT}\nncols {WIDTH}\nnbands 1\nnbits 32\npixeltype float\n"
                  "ulxmap 500000\nulymap 5000000\nxdim 10\nydim 10\n")
        self.write("a.asc", grid + text_rows(Z))
        self.write("b.bil", Z.tobytes())
        self.write("b.hdr", header)
        for words, metres in (("FEET", FOOT), ("NO", 1), ("METERS", 1), ("10", 0.1), ("100", 0.01),
                              ("3.28084", FOOT), ("1", 1)):
            for name in ("a.asc", "b.bil"):
                with self.subTest(f"{name} {words}"):
                    self.write(f"{name[0]}.prj", ARCINFO % words)
                    self.check(name, metres)
        self.write("a.prj", ARCINFO % "7")
        self.check("a.asc", 1, words=('"7" is not a length',))
        self.write("a.prj", support.crs("EPSG:32632").ExportToWkt())
        self.check("a.asc", 1)

    def fits(self, *cards, values=Z.astype(">f4")):
        bits = {">f4": -32, ">i2": 16}[values.dtype.str]
        lines = ["SIMPLE  =                    T", f"BITPIX  = {bits:20}", "NAXIS   =                    2",
                 f"NAXIS1  = {WIDTH:20}", f"NAXIS2  = {HEIGHT:20}", *cards, "END"]
        data = np.ascontiguousarray(values[::-1]).tobytes()
        blocks = [("".join(line.ljust(80) for line in lines)).encode(), data]
        return self.write("in.fits", b"".join(part.ljust(-(-len(part) // 2880) * 2880, fill)
                                              for part, fill in zip(blocks, (b" ", b"\0"))))

    def test_fits(self):
        if not gdal.GetDriverByName("FITS"):
            self.skipTest("needs FITS")
        self.check(self.fits("BUNIT   = 'ft      '"), FOOT)
        self.check(self.fits("BUNIT   = 'm       '"), 1)
        self.check(self.fits("BUNIT   = 'km      '"), 1000)
        self.check(self.fits("BZERO   =              32768.0", values=(Z - 32768).astype(">i2")), 1)

    def test_scales_of_fits(self):
        """GDAL applies them, to whole numbers with a loss, and tells them too."""
        if not gdal.GetDriverByName("FITS"):
            self.skipTest("needs FITS")
        for card, factor in (("BSCALE  =                  0.5", 0.5), ("BZERO   =                  5.0", 1)):
            self.check(self.fits(card), factor)
            self.assert_error(self.demgrad("gradient", self.fits(card, values=Z.astype(">i2")), "out.tif"), 1,
                              "BSCALE")

    def test_gxf(self):
        """GDAL applies #TRANSFORM to packed values only."""
        rows = text_rows(Z[::-1])
        self.check(self.write("in.gxf", GXF % "" + rows), 1)
        self.check(self.write("in.gxf", GXF % "#TRANSFORM\n1,0\n" + rows), 1)
        self.check(self.write("in.gxf", GXF % "#TRANSFORM\n0.1,5\n" + rows), 0.1, words=("are applied",))
        self.check(self.write("in.gxf", GXF % "#TRANSFORM 0.1 5 ft\n" + rows), 0.1 * FOOT, words=("are applied",))
        packed = "\n".join("".join(chr(37 + int(v) // 90) + chr(37 + int(v) % 90) for v in row) for row in Z[::-1])
        self.check(self.write("in.gxf", GXF % "#TRANSFORM\n0.5,5\n#GTYPE\n2\n" + packed + "\n"), 0.5)

    def test_others(self):
        self.make(Z)
        gdal.Translate(self.path("in.bin"), self.path("in.tif"), format="ENVI")
        for name in ("in.bin.aux.xml",):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        with open(self.path("in.hdr"), "a", encoding="utf-8") as file:
            file.write("data units = feet\n")
        self.check("in.bin", FOOT)
        self.write("r.dem", Z.astype("<i2").tobytes())
        self.write("r.dem.rsc", f"WIDTH {WIDTH}\nFILE_LENGTH {HEIGHT}\nX_FIRST 5\nY_FIRST 45\nX_STEP 0.001\n"
                   "Y_STEP -0.001\nZ_SCALE 0.5\nZ_UNIT feet\nPROJECTION LL\nDATUM WGS84\n")
        self.check("r.dem", 0.5 * FOOT)

    def test_northwood(self):
        self.make(Z)
        gdal.Translate(self.path("in.grd"), self.path("in.tif"), format="NWT_GRD", outputType=gdal.GDT_Float32)
        with open(self.path("in.grd"), "rb") as file:
            plain = file.read()
        self.write("in.grd", plain[:93] + b"feet".ljust(32, b"\0") + plain[125:])
        info = self.demgrad("info", "--json", "-b", 4, "in.grd")
        self.assertEqual(json.loads(info.out)["elevation_unit"]["metres"], FOOT, info.out)

    def test_a_vrt_of_them(self):
        """A unit is taken from below, and a scale is told of."""
        self.saga("feet")
        gdal.BuildVRT(self.path("in.vrt"), [self.path("in.sdat")]).FlushCache()
        self.check("in.vrt", FOOT, words=("first source has feet",))

    def test_mosaics(self):
        """Rasters in feet and in metres are not one grid."""
        self.saga("feet")
        self.make(Z, name="b.tif", geotransform=(240, 10, 0, 195, 0, -10), srs=None)
        self.assert_error(self.demgrad("gradient", "-q", "in.sdat", "b.tif", "out.tif"), 1, "feet")


class Arrays(CommandTest):
    """Zarr and netCDF, whose attributes are CF's."""

    def make_array(self, driver, name, type, attributes, z=Z):
        dataset = gdal.GetDriverByName(driver).CreateMultiDimensional(self.path(name))
        root = dataset.GetRootGroup()
        text = gdal.ExtendedDataType.CreateString()
        dims = []
        for axis, size in (("y", HEIGHT), ("x", WIDTH)):
            dims.append(root.CreateDimension(axis, "", "", size))
            places = root.CreateMDArray(axis, [dims[-1]], gdal.ExtendedDataType.Create(gdal.GDT_Float64))
            places.Write(np.arange(size) * 10.0)
            places.CreateAttribute("standard_name", [], text).Write(f"projection_{axis}_coordinate")
            places.SetUnit("m")
        array = root.CreateMDArray("z", dims, gdal.ExtendedDataType.Create(type))
        for key, value in attributes.items() if driver == "netCDF" else ():
            kind = text if isinstance(value, str) else gdal.ExtendedDataType.Create(
                type if key != "scale_factor" else gdal.GDT_Float64)
            array.CreateAttribute(key, [len(value)] if isinstance(value, list) else [], kind).Write(value)
        array.Write(np.ascontiguousarray(z))
        del array, places, dims, root, dataset
        if driver == "Zarr":
            if os.path.exists(self.path(f"{name}/.zmetadata")):
                os.remove(self.path(f"{name}/.zmetadata"))
            with open(self.path(f"{name}/z/.zattrs"), "w", encoding="utf-8") as file:
                json.dump({**attributes, "_ARRAY_DIMENSIONS": ["y", "x"]}, file)
            return f'ZARR:"{self.path(name)}":/z'
        return name

    def check(self, name, valid, scale=1.0, words=(), options=()):
        result = self.demgrad("gradient", "--overwrite", "--progress", "none", "--ot", "Float64", *options, name,
                              "out.tif")
        self.assertEqual(result.code, 0, result.err)
        lines = [line for line in support.said(result) if "CRS" not in line]
        self.assertEqual(len(lines), len(words), result.err)
        for line, word in zip(lines, words):
            self.assertIn(word, line)
        got = read_raster(self.path("out.tif"))
        dataset = gdal.Open(name if name.startswith("ZARR") else self.path(name))
        z = np.where(valid, Z.astype(float), np.nan)
        is_upside_down = name.endswith(".nc")
        self.make(z[::-1] if is_upside_down else z, type=gdal.GDT_Float64, srs=None,
                  geotransform=dataset.GetGeoTransform(can_return_null=True))
        expected = self.gradient("--ot", "Float64", "--z-factor", scale, "in.tif")
        self.assert_close(got, expected, 1e-9, name)

    def cases(self):
        return ((gdal.GDT_Float32, {"missing_value": 104.0}, Z != 104, 1),
                (gdal.GDT_Float32, {"missing_value": [104.0, 110.0]}, (Z != 104) & (Z != 110), 1),
                (gdal.GDT_Float32, {"valid_range": [110.0, 150.0]}, (Z >= 110) & (Z <= 150), 1),
                (gdal.GDT_Float32, {"valid_min": 110.0}, Z >= 110, 1),
                (gdal.GDT_Float32, {"valid_max": 150.0}, Z <= 150, 1),
                (gdal.GDT_Byte, {"valid_range": [110, 150]}, (Z >= 110) & (Z <= 150), 1),
                (gdal.GDT_Byte, {"valid_min": 110}, Z >= 110, 1),
                (gdal.GDT_Byte, {"valid_max": 150}, Z <= 150, 1),
                (gdal.GDT_Float32, {"scale_factor": "0.1"}, Z == Z, 0.1),
                (gdal.GDT_Float32, {"scale_factor": 0.5}, Z == Z, 0.5))

    def test_attributes(self):
        types = {gdal.GDT_Float32: np.float32, gdal.GDT_Byte: np.uint8}
        for driver, suffix in (("netCDF", "nc"), ("Zarr", "zarr")):
            if not gdal.GetDriverByName(driver):
                continue
            for i, (type, attributes, valid, scale) in enumerate(self.cases()):
                with self.subTest(f"{driver} {attributes}"):
                    name = self.make_array(driver, f"{i}.{suffix}", type, attributes, Z.astype(types[type]))
                    self.check(name, valid, scale)

    def test_the_fill_value_of_zarr(self):
        if not gdal.GetDriverByName("Zarr"):
            self.skipTest("needs Zarr")
        self.check(self.make_array("Zarr", "a.zarr", gdal.GDT_Float32, {"_FillValue": 104.0}), Z != 104)
        self.check(self.make_array("Zarr", "b.zarr", gdal.GDT_Float32, {"_FillValue": "104AAAA="}), Z == Z)

    def test_a_scale_that_is_no_number(self):
        self.check(self.make_array("netCDF", "a.nc", gdal.GDT_Float32, {"scale_factor": "1/10"}), Z == Z,
                   words=('"1/10", which is no number',))

    def test_bytes_that_gdal_makes_0(self):
        """GDAL makes 0 of those beyond the range where it knows no nodata value."""
        name = self.make_array("netCDF", "a.nc", gdal.GDT_Byte, {"valid_range": [0, 150]}, Z.astype(np.uint8))
        result = self.demgrad("info", name)
        self.assertIn("--oo HONOUR_VALID_RANGE=NO", result.err)
        self.check(name, Z <= 150, options=("--oo", "HONOUR_VALID_RANGE=NO"))


if __name__ == "__main__":
    support.main()
