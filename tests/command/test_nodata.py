"""Which values are no data: every value that a file can declare, for every type of pixel."""

import json
import os
import re

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, EPS32, NORTH_UP, holes, map_gradient, plane, terrain

VALID = holes()
Z = plane(*VALID.shape, 2, 1, 10)  # 10 to 72

INTEGERS = {"Byte": np.uint8, "Int8": np.int8, "UInt16": np.uint16, "Int16": np.int16,
            "UInt32": np.uint32, "Int32": np.int32, "UInt64": np.uint64, "Int64": np.int64}
FLOATS = {"Float32": np.float32, "Float64": np.float64}
if gdal.GetDataTypeByName("Float16"):
    FLOATS["Float16"] = np.float16
if not gdal.GetDataTypeByName("Int8"):
    del INTEGERS["Int8"]

# Neither a pixel of an integer type, nor an elevation.
IMPOSSIBLE = ["1e+44", "-1.7976931348623157e+308", "1.7976931348623157e+308", "nan", "inf", "-inf",
              "0.5", "-9999.5", "-3.4028234663852886e+38", "1e+30", "3.4028235677973366e+38", "1e20",
              "1.8446744073709552e+20"]


class Declaring(CommandTest):
    def declare(self, stored, type, text, name="in.vrt"):
        """A raster whose nodata value is `text`, as it stands."""
        plain = self.make(stored, type=gdal.GetDataTypeByName(type), name="plain.tif")
        gdal.Translate(self.path(name), plain)
        with open(self.path(name), encoding="utf-8") as file:
            xml = file.read()
        start = xml.index(">", xml.index("<VRTRasterBand")) + 1
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(f"{xml[:start]}<NoDataValue>{text}</NoDataValue>{xml[start:]}")
        return self.path(name)

    def check(self, path, valid, z=Z, arguments=()):
        got = self.gradient("--metric", "map", *arguments, path)
        expected = map_gradient(np.where(valid, z, np.nan).astype(float), NORTH_UP)
        self.assert_close(got, expected, 4 * EPS32)


class Declared(Declaring):
    def test_values_that_no_integer_has(self):
        """Nothing is lost by them, and they are told."""
        for type in INTEGERS:
            for text in IMPOSSIBLE:
                if "64" in type:
                    continue  # GDAL makes an integer of the text, or drops it
                with self.subTest(f"{type} {text}"):
                    path = self.declare(Z, type, text)
                    self.check(path, np.ones_like(VALID))
                    result = self.demgrad("info", path)
                    self.assertIn(f"no pixel of type {type} can hold the nodata value",
                                  result.err)

    def test_values_out_of_an_integers_range(self):
        for type, numpy_type in INTEGERS.items():
            if "64" in type:
                continue
            limits = np.iinfo(numpy_type)
            for value in (int(limits.min) - 1, int(limits.max) + 1, -9999 if limits.min == 0 else
                          1 << 40):
                with self.subTest(f"{type} {value}"):
                    self.check(self.declare(Z, type, value), np.ones_like(VALID))

    def test_every_integers_ends(self):
        for type, numpy_type in INTEGERS.items():
            limits = np.iinfo(numpy_type)
            for value in {int(limits.min), int(limits.max), 0, 99}:
                with self.subTest(f"{type} {value}"):
                    stored = np.where(VALID, Z, 0).astype(numpy_type)
                    stored[~VALID] = value
                    self.check(self.declare(stored, type, value), VALID)

    def test_values_of_floats(self):
        """A pixel is the declared value as its own type rounds it, at most the largest of the type."""
        for type, numpy_type in FLOATS.items():
            most = float(np.finfo(numpy_type).max)
            for value in (-9999, -9999.00586, -32768, 0.1, 1e30, -1e-45, 9.96921e36, 1.70141e38,
                          -3.4028234663852886e38, 3.4028235677973366e38, 1e44,
                          -1.7976931348623157e308, np.inf, -np.inf, np.nan):
                if type == "Float16" and most < abs(value) < np.inf:
                    continue
                with self.subTest(f"{type} {value}"):
                    clamped = value if not np.isfinite(value) else max(min(value, most), -most)
                    stored = np.where(VALID, Z, 0).astype(numpy_type)
                    stored[~VALID] = clamped
                    self.check(self.declare(stored.astype(np.float64) if type == "Float16" else
                                            stored, type, repr(float(value))), VALID)

    def test_huge_values_of_floats_lose_nothing(self):
        for type in FLOATS:
            for text in ("1e+44", "-1.7976931348623157e+308", "1.7976931348623157e+308"):
                with self.subTest(f"{type} {text}"):
                    self.check(self.declare(Z, type, text), np.ones_like(VALID))

    def test_short_floats(self):
        """Floats of 16 bits hold -9999 and 0.1 as they can; GDAL rounds to them, or cuts."""
        for value in (-9999, -32768, -9999.00586, 0.1):
            with self.subTest(value):
                path = self.make(np.where(VALID, Z, value), options=["NBITS=16"], nodata=value,
                                 name="short.tif")
                self.check(path, VALID)

    def test_the_files_own_tag(self):
        """GTiff reads the value from a text of its own."""
        for type, value in (("Int16", 1e44), ("Byte", -1.797e308), ("UInt16", -9999), ("Int32", 0.5)):
            with self.subTest(f"{type} {value}"):
                path = self.make(Z, type=gdal.GetDataTypeByName(type), nodata=value)
                dataset = gdal.Open(path)
                self.assertEqual(dataset.GetRasterBand(1).GetNoDataValue(), value)
                self.check(path, np.ones_like(VALID))

    def test_a_tag_that_is_no_number(self):
        """GDAL makes 0 of it, which is sea level."""
        for options in ([], ["BIGTIFF=YES"]):
            for text, is_told in ((b"None\0", True), (b"n/a\0", True), (b"    \0", True), (b"0\0", False),
                                  (b"0.00\0", False)):
                path = self.make(np.arange(600.0).reshape(20, 30), nodata=int("7" * (len(text) - 1)),
                                 options=options)
                with open(path, "rb") as file:
                    data = file.read()
                declared = b"7" * (len(text) - 1) + b"\0"
                self.assertEqual(data.count(declared), 1)
                with open(path, "wb") as file:
                    file.write(data.replace(declared, text))
                for command in (["gradient", "--overwrite", path, "out.tif"], ["info", path]):
                    with self.subTest(text):
                        result = self.demgrad(*command)
                        self.assertEqual(result.code, 0, result.err)
                        self.assertEqual("which is no number" in result.err, is_told, result.err)
                result = self.demgrad("info", "--input-nodata", "nan", path)
                self.assertEqual(result.err, "")

    def test_notes_and_vrts_that_have_no_number(self):
        for text, is_told in (("NA", True), ("n/a", True), ("0", False), ("0.0", False), (" 0 ", False)):
            path = self.declare(Z - 10, "Float32", text)
            self.assert_told(path, is_told)
            notes = f"<PAMDataset><PAMRasterBand band='1'><NoDataValue>{text}</NoDataValue></PAMRasterBand></PAMDataset>"
            with open(self.path("plain.tif.aux.xml"), "w", encoding="utf-8") as file:
                file.write(notes)
            self.assert_told(self.path("plain.tif"), is_told)
            os.remove(self.path("plain.tif.aux.xml"))

    def test_several_numbers_in_notes_and_vrts(self):
        """GDAL takes the first, or one with a decimal comma for another."""
        for text in ("520;560", "1,5"):
            self.assert_error(self.demgrad("info", self.declare(Z, "Float32", text)), 1, "in.vrt: ", text)

    def assert_told(self, path, is_told, words="which is no number"):
        result = self.demgrad("info", path)
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(words in result.err, is_told, result.err)
        if is_told:
            self.assertNotIn(words, self.demgrad("info", "--input-nodata", "nan", path).err)

    HEADERS = (("EHdr", "in.bil", "in.hdr", "NODATA"), ("ENVI", "in.dat", "in.hdr", "data ignore value"),
               ("ERS", "in.ers", "in.ers", "NullCellValue"), ("RST", "in.rst", "in.rdc", "flag value"),
               ("SAGA", "in.sdat", "in.sgrd", "NODATA_VALUE"), ("RRASTER", "in.grd", "in.grd", "nodatavalue"))

    def in_header(self, row):
        """Makes the raster; gives a way to write another value into its header, and its name."""
        driver, name, header, key = row
        self.make(Z - 10, nodata=-9999, geotransform=(500000, 30, 0, 5000000, 0, -30))
        gdal.Translate(self.path(name), self.path("in.tif"), format=driver)
        if os.path.exists(self.path(name + ".aux.xml")):
            os.remove(self.path(name + ".aux.xml"))
        with open(self.path(header), encoding="latin-1") as file:
            text = file.read()
        pattern = rf"(?m)^(\s*{key}\s*[:=]?\s*)-9999[.0]*$"
        self.assertEqual(len(re.findall(pattern, text)), 1, text)

        def write(value):
            with open(self.path(header), "w", encoding="latin-1") as file:
                file.write(re.sub(pattern, lambda match: match[1] + value, text))
        return write, self.path(name)

    def test_headers_that_have_no_number(self):
        for row in self.HEADERS:
            write, path = self.in_header(row)
            for text, is_told in (("none", True), ("0", False), ("-9999", False)):
                with self.subTest(f"{row[0]} {text}"):
                    write(text)
                    self.assert_told(path, is_told)

    def test_headers_that_have_nothing(self):
        for row in self.HEADERS:
            write, path = self.in_header(row)
            write("")
            with self.subTest(row[0]):
                dataset = gdal.Open(path)
                makes_zero = dataset.GetRasterBand(1).GetNoDataValue() == 0
                self.assertEqual(makes_zero, row[0] not in ("EHdr", "RRASTER"))
                self.assert_told(path, makes_zero)

    def test_headers_that_have_several_numbers(self):
        """SAGA's may be a range; it writes one value as one too."""
        for row in self.HEADERS:
            write, path = self.in_header(row)
            for text, is_told in (("52;56", True), ("52;52", False), ("52.000000;52.000000", False), ("52 m", False),
                                  ("52,0", False)):
                with self.subTest(f"{row[0]} {text}"):
                    write(text)
                    self.assert_told(path, is_told, "takes 52 alone")

    def test_a_batch_and_a_mosaic(self):
        path = self.declare(Z.astype(np.int16), "Int16", "1e+44")
        self.check(path, np.ones_like(VALID), arguments=[path])
        os.mkdir(self.path("out"))
        result = self.demgrad("batch", "-q", "--metric", "map", "--output-dir", "out", path)
        self.assertEqual((result.code, result.err), (0, ""))
        got = support.read_raster(self.path("out/in_gradient.tif"))
        self.assert_close(got, map_gradient(Z.astype(float), NORTH_UP), 4 * EPS32)


class InputNodata(Declaring):
    """--input-nodata: values in place of those that the input declares."""

    def test_values_that_are_not_declared(self):
        for type, value in (("Float32", -9999), ("Float32", -3.4028234663852886e38), ("Int16", -32768),
                            ("UInt16", 65535), ("Float64", 1e20), ("Byte", 0), ("Int64", -(1 << 40))):
            with self.subTest(f"{type} {value}"):
                path = self.make(np.where(VALID, Z, value).astype(np.float64),
                                 type=gdal.GetDataTypeByName(type))
                self.check(path, VALID, arguments=[f"--input-nodata={value}"])
                info = self.demgrad("info", f"--input-nodata={value}", path)
                self.assertIn(f"nodata:         {value:.10g}\n", info.out)

    def test_several_values(self):
        z = np.where(VALID, Z, -9999).astype(float)
        z[17:] = -32768
        z[:, 0] = 3e38
        valid = VALID.copy()
        valid[17:] = valid[:, 0] = False
        path = self.make(z)
        self.check(path, valid, arguments=["--input-nodata", "-9999,-32768,3e38"])
        self.check(path, valid, arguments=["--input-nodata=nan,-9999,3e38,-32768"])

    def test_they_replace_what_is_declared(self):
        path = self.make(np.where(VALID, Z, 11), nodata=20)
        self.check(path, VALID, np.where(VALID, Z, 11), arguments=["--input-nodata", 11])
        for none in ("nan", "none"):
            self.check(path, np.ones_like(VALID), np.where(VALID, Z, 11),
                       arguments=["--input-nodata", none])

    def test_masks_stay(self):
        path = self.make(np.where(np.eye(*Z.shape) > 0, -5, Z), mask=VALID)
        self.check(path, VALID & (np.eye(*Z.shape) == 0), arguments=["--input-nodata=-5"])

    def test_tiles(self):
        z = np.where(VALID, Z, -9999).astype(float)
        tiles = [self.make(z[:, :12], name="a.tif", nodata=0),
                 self.make(z[:, 12:], name="b.tif",
                           geotransform=(NORTH_UP[0] + 12 * 30, *NORTH_UP[1:]))]
        self.check(tiles[0], VALID, arguments=["--input-nodata=-9999", tiles[1]])
        os.mkdir(self.path("out"))
        expected = map_gradient(np.where(VALID, Z, np.nan).astype(float), NORTH_UP)
        for value in ("nan", "-9999"):
            result = self.demgrad("batch", "-q", "--metric", "map", "--output-dir", "out",
                                  f"--input-nodata={value}", *tiles)
            self.assertEqual((result.code, result.err), (0, ""))
            got = np.concatenate([support.read_raster(self.path(f"out/{name}_gradient.tif"))
                                  for name in "ab"], axis=2)
            if value != "nan":
                self.assert_close(got, expected, 4 * EPS32)

    def test_wrong_values(self):
        path = self.make(Z)
        for value in ("x", "", "1,", "1;2", ",".join("1" * 17)):
            self.assert_error(self.demgrad("gradient", f"--input-nodata={value}", path, "out.tif"),
                              2, "--input-nodata", "must be numbers")


def ground(height=60, width=80, low=200, high=1400, seed=3):
    z = support.terrain(height, width, seed)
    return low + (z - z.min()) / (z.max() - z.min()) * (high - low)


MARS = "+proj=eqc +R=3396190 +units=m +no_defs"


class Undeclared(CommandTest):
    """Values that stand for nodata and are not declared are named in a warning."""

    HOLE = np.s_[20:30, 35:50]

    def doubts(self, *arguments, command="gradient", out="out.tif"):
        """The values that a run doubts."""
        result = self.demgrad(command, "--overwrite", "--progress", "none", *arguments,
                              *([out] if command == "gradient" else []))
        self.assertEqual(result.code, 0, result.err)
        return re.findall(r"demgrad: warning: .*: the value (\S+) is far from all others .* "
                          r"say --input-nodata=\1", result.err)

    def holed(self, value, z=None, type=gdal.GDT_Float32, name="in.tif", **how):
        z = (ground() if z is None else z).copy()
        z[self.HOLE] = value
        return self.make(z if "Float" in gdal.GetDataTypeName(type) else z.round(), type=type,
                         name=name, **how)

    def test_values_of_many_kinds(self):
        cases = [(gdal.GDT_Float32, v) for v in (-9999, -32768, -3.4028234663852886e38, 0, 9999, 32767,
                                                 65535, 1e20, -99999, -9999.9)]
        cases += [(gdal.GDT_Int16, v) for v in (-9999, -32768, 32767, 0)]
        cases += [(gdal.GDT_UInt16, 65535), (gdal.GDT_Float64, -1.7976931348623157e308),
                  (gdal.GDT_Int32, -2147483648), (gdal.GDT_Float64, 1e20)]
        for type, value in cases:
            with self.subTest(f"{gdal.GetDataTypeName(type)} {value}"):
                path = self.holed(value, type=type)
                found = self.doubts(path)
                self.assertEqual(len(found), 1)
                numpy_type = np.float32 if type == gdal.GDT_Float32 else np.float64
                self.assertEqual(numpy_type(float(found[0])), numpy_type(value))
                # What it says helps.
                self.assertEqual(self.doubts(f"--input-nodata={found[0]}", path), [])
                got = support.read_raster(self.path("out.tif"))
                self.assertEqual(np.isnan(got[0]).sum(), 150)

    def test_two_values(self):
        z = ground()
        z[:4] = 32767
        self.assertEqual(sorted(self.doubts(self.holed(-9999, z))), ["-9999", "32767"])

    def test_one_pixel(self):
        z = ground()
        z[9, 9] = -9999
        self.assertEqual(self.doubts(self.make(z)), ["-9999"])

    def test_in_other_units_and_degrees(self):
        self.assertEqual(self.doubts(self.holed(-32768, unit="ft", type=gdal.GDT_Int16)), ["-32768"])
        self.assertEqual(self.doubts(self.holed(-9999, scale=0.1, type=gdal.GDT_Int16,
                                                z=ground() * 10)), ["-9999"])
        degrees = dict(srs="EPSG:4326", geotransform=(9, 1 / 3600, 0, 46, 0, -1 / 3600))
        self.assertEqual(self.doubts(self.holed(-9999, **degrees)), ["-9999"])
        coarse = dict(srs="EPSG:4326", geotransform=(0, 0.1, 0, 46, 0, -0.1))
        self.assertEqual(self.doubts(self.holed(-32768, **coarse)), ["-32768"])

    def test_ground_is_not_doubted(self):
        steps = np.where(ground() > 900, 30.0, 10.0)  # roofs
        sea = np.maximum(ground(low=-2000, high=3000), 0)
        cliffs = ground() + np.where(np.arange(80) > 40, 600, 0)
        for z, type in ((ground(), gdal.GDT_Float32), (ground(), gdal.GDT_Int16),
                        (sea, gdal.GDT_Float32), (sea, gdal.GDT_Int16), (-sea, gdal.GDT_Int16),
                        (cliffs, gdal.GDT_Float32), (steps, gdal.GDT_Float32),
                        (np.zeros((60, 80)), gdal.GDT_Byte), (ground() * 0 - 9999, gdal.GDT_Int16),
                        (ground(low=-11000, high=8800), gdal.GDT_Int16)):
            self.assertEqual(self.doubts(self.make(z, type=type)), [])
        self.assertEqual(self.doubts(self.holed(-9999, nodata=-9999)), [])
        mask = np.ones((60, 80), bool)
        mask[self.HOLE] = False
        self.assertEqual(self.doubts(self.holed(-9999, mask=mask)), [])

    def test_elevations_that_no_ground_has(self):
        """Signed numbers in an unsigned type, floats in an integer's, millimetres without a unit."""
        sea = ground(low=-50, high=500)
        wrapped = sea.astype(np.int16).view(np.uint16)
        floats = sea.astype(np.float32).view(np.uint32)
        for z, type in ((wrapped, gdal.GDT_UInt16), (floats, gdal.GDT_UInt32),
                        (sea * 1000, gdal.GDT_Int32)):
            for command in (("gradient", self.make(z, type=type), "out.tif"),
                            ("batch", "--output-dir", "out", self.path("in.tif"))):
                result = self.demgrad(*command, "--overwrite", "--progress", "none")
                self.assertEqual(result.code, 0)
                self.assertEqual(result.err.count("that no ground has"), 1, result.err)
        for how in ({"z": sea * 1000, "unit": "mm"}, {"z": ground(low=-8200, high=21200), "srs": MARS},
                    {"z": np.where(sea > 400, 65535, sea), "nodata": 65535}):
            result = self.demgrad("gradient", "--overwrite", self.make(how.pop("z"), **how), "out.tif")
            self.assertNotIn("no ground", result.err)

    def test_threads_and_blocks_do_not_matter(self):
        z = ground(700, 900)
        z[300:310, 256:300] = -9999
        z[0, 899] = 32767
        path = self.make(z, options=["TILED=YES"])
        for options in (("-j", 1), ("-j", 4), ("--co", "BLOCKXSIZE=16", "--co", "BLOCKYSIZE=16"),
                        ("--ot", "Float64"), ("--memory", "128MB")):
            self.assertEqual(sorted(self.doubts(*options, path)), ["-9999", "32767"])

    def test_a_mosaic_and_a_batch(self):
        """A tile's own pixels decide; many tiles with the same value have one warning."""
        z = ground(120, 240)
        z[10:20, 10:200] = -9999
        tiles = [self.make(z[:, 80 * i:80 * i + 80], name=f"t{i}.tif",
                           geotransform=(NORTH_UP[0] + 2400 * i, *NORTH_UP[1:])) for i in range(3)]
        self.assertEqual(self.doubts(*tiles), ["-9999"])
        for threads in (1, 3):
            os.makedirs(self.path("out"), exist_ok=True)
            result = self.demgrad("batch", "--overwrite", "--progress", "none", "-j", threads,
                                  "--output-dir", "out", *tiles)
            self.assertEqual(result.code, 0)
            lines = [line for line in result.err.splitlines() if "far from all others" in line]
            self.assertEqual(len(lines), 1, result.err)
            self.assertIn("t0.tif: the value -9999 ", lines[0])
            self.assertIn("2 other inputs", lines[0])


class NoGround(CommandTest):
    """Elevations that no ground has: another unit, pixels taken for another type, or nodata."""

    def told(self, z, *options, **how):
        path = self.make(z, **how)
        result = self.demgrad("gradient", "--overwrite", "--progress", "none", *options, path, "out.tif")
        self.assertEqual(result.code, 0, result.err)
        return result.err.count("elevations that no ground has")

    def test_heights_and_depths(self):
        z = ground(low=-11000, high=8850)
        self.assertEqual(self.told(z), 0)
        self.assertEqual(self.told(z, unit="ft"), 0)
        self.assertEqual(self.told(ground(low=0, high=29000), unit="ft"), 0)
        self.assertEqual(self.told(ground(low=0, high=29000)), 1)
        self.assertEqual(self.told(ground(low=0, high=29000), "--z-unit", "ft"), 0)
        self.assertEqual(self.told(ground(low=-20000, high=0)), 1)

    def test_heights_whose_sign_was_lost(self):
        z = ground(low=-20, high=300).astype(np.int16)
        self.assertEqual(self.told(z, type=gdal.GDT_Int16), 0)
        self.assertEqual(self.told(z.view(np.uint16), type=gdal.GDT_UInt16), 1)

    def test_scale_and_offset(self):
        self.assertEqual(self.told(ground(low=0, high=60000).round(), type=gdal.GDT_UInt16), 1)
        self.assertEqual(self.told(ground(low=0, high=60000).round(), type=gdal.GDT_UInt16, scale=0.1, offset=-1000), 0)

    def test_elsewhere_and_on_purpose(self):
        z = ground(low=0, high=21000)
        self.assertEqual(self.told(z, srs=MARS), 0)
        self.assertEqual(self.told(z, srs=None), 0)
        self.assertEqual(self.told(3 * z, srs=MARS), 1)
        self.assertEqual(self.told(z, "--z-factor", "2"), 0)

    def test_a_doubtful_value_is_told_once(self):
        z = ground()
        z[20:30, 35:50] = 32767
        self.assertEqual(self.told(z), 0)


class Output(CommandTest):
    """The output's nodata value is never one of data."""

    def flat(self, type=gdal.GDT_Float32):
        """dz/dx is 0.5, dz/dy is 0; with a hole."""
        z = plane(40, 50, 15, 0).astype(float)
        z[10:15, 20:25] = -9999
        return self.make(z, nodata=-9999, type=type)

    def test_no_pixel_is_lost(self):
        for type in (gdal.GDT_Float32, gdal.GDT_Float64, gdal.GDT_Int32):
            path = self.flat(type)
            for nodata in (0, 0.5, -0.0):
                for ot in ("Float32", "Float64"):
                    with self.subTest(f"{gdal.GetDataTypeName(type)} {nodata} {ot}"):
                        result = self.demgrad("gradient", "--overwrite", "--progress", "none",
                                              "--metric", "map", "--ot", ot, f"--nodata={nodata}",
                                              path, "out.tif")
                        self.assertEqual(result.code, 0)
                        self.assertEqual(len(support.said(result)), 1, result.err)
                        self.assertIn("--nodata", result.err)
                        dataset = gdal.Open(self.path("out.tif"))
                        for i, truth in ((1, 0.5), (2, 0)):
                            band = dataset.GetRasterBand(i)
                            self.assertEqual(band.GetNoDataValue(), nodata)
                            valid = band.GetMaskBand().ReadAsArray() > 0
                            self.assertEqual(valid.sum(), 40 * 50 - 25)
                            self.assertLess(np.abs(band.ReadAsArray()[valid] - truth).max(), 2e-6)

    def test_a_class_is_no_nodata_value(self):
        self.make(Z)
        for value in (0, 1, 2):
            self.assert_error(self.demgrad("gradient", "--bands", "dzdx,quality", "--nodata", value, "in.tif",
                                           "out.tif"), 2, "quality", "nodata")

    def test_what_the_type_cannot_hold(self):
        """It is nodata, and told: infinity is not to be reckoned with."""
        huge = np.where((np.arange(400) % 37 == 5).reshape(20, 20), 1e300, 1.0) * plane(20, 20, 2, 1, 10)
        self.make(huge, type=gdal.GDT_Float64)
        for nodata in ("nan", "-9999"):
            result = self.demgrad("gradient", "--overwrite", "--nodata", nodata, "in.tif", "out.tif")
            self.assertEqual(result.code, 0)
            self.assertIn("its output has values that Float32 cannot hold: they are nodata", result.err)
            got = support.read_raster(self.path("out.tif"))
            self.assertFalse(np.isinf(got).any())
            self.assertTrue(np.isnan(got).any())
            self.assertTrue(np.isfinite(got).any())
            self.assert_figures(gdal.Open(self.path("out.tif")))
            got = self.demgrad("gradient", "--overwrite", "--nodata", nodata, "--ot", "Float64", "in.tif",
                               "out.tif")
            self.assertNotIn("cannot hold", got.err)
            self.assertTrue(np.isfinite(support.read_raster(self.path("out.tif"))).all())
        self.make(Z)
        self.assertNotIn("cannot hold", self.demgrad("gradient", "--overwrite", "in.tif", "out.tif").err)

    def test_what_overflows_on_the_way(self):
        """Differences, products and lengths beyond the type that computes: for each band, method and type."""
        kinds = ((gdal.GDT_Float64, "Float64", 1e305), (gdal.GDT_Float64, "Float32", 1e305),
                 (gdal.GDT_Float32, "Float32", 3e35))
        ways = (("--bands", "dzdx,dzdy"), ("--bands", "slope"), ("--bands", "aspect"),
                ("--bands", "slope-percent,quality"), ("--bands", "hillshade", "--hillshade", "combined"),
                ("--method", "horn"), ("--method", "evans", "--window", 5), ("--edge-order", 2),
                ("--nodata-edges", "propagate"))
        for type, ot, size in kinds:
            self.make(size * terrain(20, 30), type=type)
            for way in ways:
                with self.subTest(f"{gdal.GetDataTypeName(type)} {ot} {way}"):
                    result = self.demgrad("gradient", "--overwrite", "--spacing", 1e-4, "--ot", ot, *way,
                                          "in.tif", "out.tif")
                    self.assertEqual(result.code, 0)
                    self.assertIn(f"its output has values that {ot} cannot hold: they are nodata", result.err)
                    self.assertFalse(np.isinf(gdal.Open(self.path("out.tif")).ReadAsArray()).any())

    def test_infinite_elevations_are_told(self):
        """Once, and not where they are declared, given or masked; nothing overflows for them."""
        z = terrain(20, 30)
        z[3, 4], z[3, 6], z[10, 10], z[19, 29] = np.inf, -np.inf, np.inf, np.inf
        words = "has infinite elevations: they are taken as nodata"
        for type in (gdal.GDT_Float32, gdal.GDT_Float64):
            for way in ((), ("--method", "evans"), ("--edge-order", 2), ("--bands", "slope,quality"),
                        ("--nodata-edges", "propagate")):
                with self.subTest(f"{gdal.GetDataTypeName(type)} {way}"):
                    self.make(np.where(np.isinf(z), np.nan, z), type=type)
                    expected = self.gradient(*way, "in.tif")
                    self.make(z, type=type)
                    result = self.demgrad("gradient", "--overwrite", *way, "in.tif", "out.tif")
                    self.assertEqual((result.code, result.err.count(words)), (0, 1), result.err)
                    self.assertNotIn("cannot hold", result.err)
                    self.assertTrue(np.array_equal(support.read_raster(self.path("out.tif")), expected,
                                                   equal_nan=True))
            told = self.demgrad("gradient", "--overwrite", "--input-nodata=inf,-inf", "in.tif", "out.tif")
            self.assertEqual(support.said(told), [])
            self.make(z, type=type, nodata=float("inf"))
            self.assertEqual(support.said(self.demgrad("gradient", "--overwrite", "in.tif", "out.tif")), [])
            self.make(z, type=type, mask=np.isfinite(z))
            self.assertEqual(support.said(self.demgrad("gradient", "--overwrite", "in.tif", "out.tif")), [])
            os.remove(self.path("in.tif.msk"))

    def test_other_values_change_nothing(self):
        path = self.flat()
        plain = self.gradient(path)
        for nodata in (-9999, -3.4e38, 1e20, "inf"):
            result = self.demgrad("gradient", "--overwrite", "--progress", "none",
                                  f"--nodata={nodata}", path, "out.tif")
            self.assertEqual((result.code, support.said(result)), (0, []))
            got = support.read_raster(self.path("out.tif"))
            got[~np.isfinite(got) | (np.abs(got) > 1e3)] = np.nan
            np.testing.assert_array_equal(got, plain)

    def test_statistics_count_what_is_valid(self):
        self.gradient("--nodata", 0, "--metric", "map", "--report", self.path("report.json"),
                      self.flat())
        with open(self.path("report.json"), encoding="utf-8") as file:
            bands = json.load(file)["output"]["bands"]
        self.assertEqual([band["valid"] for band in bands], [1975, 1975])

    def test_a_value_that_does_not_fit(self):
        path = self.flat()
        for value in ("1e300", "-1e39"):
            self.assert_error(self.demgrad("gradient", f"--nodata={value}", path, "out.tif"), 2,
                              "--nodata", "Float32", "Float64")
            self.gradient("--ot", "Float64", f"--nodata={value}", path)

    def test_a_batch(self):
        os.mkdir(self.path("out"))
        result = self.demgrad("batch", "--progress", "none", "--metric", "map", "--nodata=0",
                              "--output-dir", "out", self.flat())
        self.assertEqual(result.code, 0)
        self.assertIn("--nodata", result.err)
        band = gdal.Open(self.path("out/in_gradient.tif"))
        valid = band.GetRasterBand(2).GetMaskBand().ReadAsArray() > 0
        self.assertEqual(valid.sum(), 1975)


if __name__ == "__main__":
    support.main()
