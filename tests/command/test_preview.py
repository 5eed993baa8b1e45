"""Pictures: what they show against mathematics, what stands around them, and what goes wrong."""

import json
import math
import os
import re
import resource

import numpy as np
from osgeo import gdal

import support

SIZE = 200
STEP = 10.0
PLACE = (500000, STEP, 0, 5000000, 0, -STEP)


def read_png(path):
    """The pixels of a PNG, (rows, columns, 4)."""
    pixels = np.moveaxis(gdal.Open(path).ReadAsArray(), 0, -1)
    if pixels.shape[2] == 4:
        return pixels
    return np.concatenate([pixels, np.full_like(pixels[..., :1], 255)], axis=2)


def centres(size=SIZE):
    """Metres east and north of the raster's middle."""
    at = (np.arange(size) + 0.5 - size / 2) * STEP
    return at[np.newaxis], -at[:, np.newaxis]


class Case(support.CommandTest):
    def raster(self, values, name="dem.tif", geotransform=PLACE, **how):
        return self.make(values, name, geotransform=geotransform, **how)

    def ramp(self, *lines):
        with open(self.path("ramp.txt"), "w") as file:
            file.write("\n".join(lines) + "\n")
        return self.path("ramp.txt")

    def draw(self, *arguments, output="out.png"):
        result = self.demgrad("preview", "-q", "--overwrite", *arguments, self.path(output))
        self.assertEqual((result.code, result.err), (0, ""), arguments)
        self.assert_no_leftovers()
        return self.path(output)

    def bare(self, *arguments, size=SIZE):
        return read_png(self.draw("--bare", "--size", size, *arguments))


class Sizes(Case):
    def test_pictures_that_cannot_be(self):
        x, _ = centres(40)
        tall = self.raster(np.tile(0.1 * x, (160, 1)))
        for options in (("--size", 20000), ("--bare", "--size", 1, "--scale", "0.1"), ("--bare", "--size", 1)):
            result = self.demgrad("preview", *options, tall, self.path("out.png"))
            self.assert_error(result, 1, "pixel", "--size")
            self.assertNotIn("mem", result.err)

    def test_a_range_with_no_room_for_ticks_ends(self):
        x, y = centres(40)
        self.draw("--style", "slope", "--range", "1e9,1000000000.0000005", self.raster(0.1 * x + 0 * y))

    def test_a_globe_with_its_first_column_twice(self):
        """It wraps, whatever a smaller picture's columns do."""
        z = 100 * np.sin(np.radians(np.arange(721) * 0.5))[np.newaxis] + np.zeros((60, 1))
        globe = self.raster(z, geotransform=(-180.25, 0.5, 0, 15, 0, -0.5), srs="EPSG:4326")
        self.draw("--wrap", "yes", "--size", 300, globe)


class Torn(Case):
    def test_pictures_that_do_not_fit(self):
        """Files may grow to a limit, as on a disk that gets full."""
        x, y = centres()
        dem = self.raster(np.sin(x / 300) * 50 + 0 * y)
        for suffix in ("png", "svg", "pdf", "jpg"):
            whole = os.path.getsize(self.draw("--size", 300, dem, output=f"out.{suffix}"))
            os.remove(self.path(f"out.{suffix}"))
            before = self.files()
            for size in (0, 1, 4096, whole // 4096 * 4096, whole - 1):
                with self.subTest(f"{suffix}: {size} of {whole} bytes"):
                    result = self.demgrad(
                        "preview", "-q", "--size", 300, dem, self.path(f"out.{suffix}"),
                        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
                    self.assert_error(result, 1, f"out.{suffix}: cannot be written")
                    self.assertEqual(self.files(), before)


class Truth(Case):
    def test_input_nodata_is_of_what_is_stored(self):
        """Not of the metres that it stands for: here 100 is 0 m, and nothing is stored as 0."""
        x, y = centres()
        stored = np.rint(0.1 * x + 0 * y).astype(np.int16) + 100
        dem = self.raster(np.where(stored == 0, 1, stored), type=gdal.GDT_Int16, offset=-100.0)
        pixels = self.bare(dem, "--input-nodata", "0")
        self.assertEqual(pixels[..., 3].min(), 255)

    def test_a_plane_has_one_colour(self):
        x, y = centres()
        slope = math.degrees(math.atan(math.hypot(0.3, 0.4)))
        ramp = self.ramp("0 0 0 0", f"{2 * slope} 250 100 50")
        pixels = self.bare(self.raster(0.3 * x + 0.4 * y), "--style", "slope", "--ramp", ramp)
        colours = np.unique(pixels.reshape(-1, 4), axis=0)
        self.assertLessEqual(np.ptp(colours.astype(int), axis=0).max(), 1)
        np.testing.assert_allclose(colours[0], [125, 50, 25, 255], atol=1)

    def test_a_cone_goes_once_round_the_aspect_ramp(self):
        x, y = centres()
        pixels = self.bare(self.raster(1000 - 0.5 * np.hypot(x, y)), "--style", "aspect", "--ramp",
                           self.ramp("0 0 0 0", "360 240 0 0")).astype(int)
        # On a cone the way down leads away from its top.
        azimuth = np.degrees(np.arctan2(x, y + 0 * x)) % 360
        away = (np.hypot(x, y) > 10 * STEP) & (np.abs(azimuth - 180) < 178)
        inner = np.zeros_like(away)
        inner[1:-1, 1:-1] = True  # one-sided differences of a cone are not exact
        want = azimuth / 360 * 240
        error = np.abs(pixels[..., 0] - want)[away & inner]
        self.assertLess(error.max(), 1.5)

    def test_components_have_one_ramp_about_0(self):
        x, y = centres()
        pixels = self.bare(self.raster(0.2 * x - 0.2 * y), "--style", "components", "--ramp",
                           self.ramp("-0.4 0 0 0", "0.4 200 0 0"), size=2 * SIZE)
        self.assertEqual(pixels.shape[1], 2 * pixels.shape[0])
        left, right = pixels[:, : pixels.shape[1] // 2, 0], pixels[:, pixels.shape[1] // 2 :, 0]
        np.testing.assert_allclose(left, 150, atol=1)
        np.testing.assert_allclose(right, 50, atol=1)

    def test_a_hemisphere_is_shaded_as_lamberts_law_has_it(self):
        x, y = centres()
        radius = 0.8 * SIZE * STEP
        white = self.ramp("0 255 255 255", "90 255 255 255")
        sphere = np.sqrt(radius**2 - x**2 - y**2)
        grey = self.bare(self.raster(sphere), "--metric", "map", "--ramp", white)[..., 0]
        # Central differences of the sphere, whose ground faces (-p, -q, 1).
        q, p = np.gradient(sphere, STEP)
        q = -q
        facing = np.hypot(p, q)
        shade = np.zeros_like(p)
        for azimuth in np.radians((225, 270, 315, 360)):
            light = np.array([np.sin(azimuth), np.cos(azimuth)])
            cosine = (1 - p * light[0] - q * light[1]) / np.sqrt(2 * (1 + facing**2))
            weight = ((p * light[0] + q * light[1]) / facing) ** 2
            shade += weight * np.maximum(cosine, 0) / 2
        want = np.clip(0.22 + 1.06 * shade, 0, 1) * 255
        inner = (slice(1, -1), slice(1, -1))
        np.testing.assert_allclose(grey[inner], want[inner], atol=1.5)

    def test_light_comes_from_the_pictures_corner_whatever_the_grids_turn(self):
        x, y = centres()
        white = self.ramp("0 255 255 255", "90 255 255 255")
        radius = 1.2 * SIZE * STEP
        sphere = np.sqrt(radius**2 - x**2 - y**2)
        upright = self.bare(self.raster(sphere), "--metric", "map", "--ramp", white)
        south_up = self.raster(sphere[::-1], "south.tif", (500000, STEP, 0, 5000000, 0, STEP))
        np.testing.assert_allclose(
            self.bare(south_up, "--metric", "map", "--ramp", white).astype(int), upright, atol=1)
        for degrees in (30, 90, 180):
            c, s = STEP * math.cos(math.radians(degrees)), STEP * math.sin(math.radians(degrees))
            turned = self.raster(sphere, "turned.tif", (500000, c, s, 5000000, s, -c))
            np.testing.assert_allclose(
                self.bare(turned, "--metric", "map", "--ramp", white).astype(int), upright, atol=1)

    def test_light_comes_from_there_in_a_mirror_image_too(self):
        x, y = centres()
        white = self.ramp("0 255 255 255", "90 255 255 255")
        sphere = np.sqrt((1.2 * SIZE * STEP) ** 2 - x**2 - y**2)
        upright = self.bare(self.raster(sphere), "--metric", "map", "--ramp", white)
        westward = self.raster(sphere, "west.tif", (500000, -STEP, 0, 5000000, 0, -STEP))
        turned = self.raster(sphere, "turned.tif", (500000, -STEP, 0, 5000000, 0, STEP))
        unplaced = self.raster(sphere, "unplaced.tif", None, srs=None)
        for dem, metric in ((westward, ("--metric", "map")), (turned, ("--metric", "map")),
                            (unplaced, ("--spacing", STEP))):
            np.testing.assert_allclose(self.bare(dem, *metric, "--ramp", white).astype(int), upright, atol=1)

    def test_a_mirror_image_is_drawn_as_the_ground_is(self):
        x, y = centres()
        z = 300 * np.exp(-((x - 400) ** 2 + (y - 200) ** 2) / 300**2)
        upright = self.bare(self.raster(z), "--metric", "map").astype(int)
        for name, values, geotransform in (
                ("west", z[:, ::-1], (500000, -STEP, 0, 5000000, 0, -STEP)),
                ("south", z[::-1], (500000, STEP, 0, 5000000, 0, STEP))):
            dem = self.raster(values, name + ".tif", geotransform)
            np.testing.assert_allclose(self.bare(dem, "--metric", "map").astype(int), upright, atol=1)
        turned = self.raster(z, "turned.tif", (500000, 8, 6, 5000000, 6, -8))
        over = self.raster(z[::-1], "over.tif", (500000, 8, -6, 5000000, 6, 8))
        np.testing.assert_allclose(self.bare(over).astype(int), self.bare(turned).astype(int), atol=1)

    def test_holes_are_transparent(self):
        x, y = centres()
        z = 0.3 * x + 0.4 * y
        z[50:80, 60:100] = np.nan
        pixels = self.bare(self.raster(z))
        self.assertTrue((pixels[50:80, 60:100, 3] == 0).all())
        pixels[50:80, 60:100, 3] = 255
        self.assertTrue((pixels[..., 3] == 255).all())

    def test_a_large_raster_shows_the_slopes_of_its_means(self):
        x, y = centres(1000)
        ramp = self.ramp("0 0 0 0", f"{2 * math.degrees(math.atan(0.5))} 200 0 0")
        pixels = self.bare(self.raster(0.3 * x + 0.4 * y), "--style", "slope", "--ramp", ramp, size=100)
        self.assertEqual(pixels.shape[:2], (100, 100))
        np.testing.assert_allclose(pixels[..., 0], 100, atol=1)

    def test_overviews_are_read_where_they_are(self):
        x, y = centres(1024)
        dem = self.raster(0.3 * x + 0.4 * y, options=["TILED=YES"])
        dataset = gdal.Open(dem, gdal.GA_Update)
        dataset.BuildOverviews("AVERAGE", [2, 4])
        # Other values in the overviews tell that they were read.
        for level, value in ((0, 7.0), (1, 5.0)):
            band = dataset.GetRasterBand(1).GetOverview(level)
            band.WriteArray(band.ReadAsArray() * value)
        dataset = band = None
        ramp = self.ramp("0 0 0 0", "90 90 0 0")
        slope = math.degrees(math.atan(0.5 * 5))
        pixels = self.bare(dem, "--style", "slope", "--ramp", ramp, size=100)
        np.testing.assert_allclose(pixels[..., 0], slope, atol=1)

    def test_a_gradient_and_a_batchs_folder_show_what_their_dem_does(self):
        x, y = centres()
        dem = self.raster(0.3 * x + 0.4 * y + 20 * np.sin(x / 300) * np.cos(y / 200))
        want = self.bare(dem, "--style", "components", size=2 * SIZE)
        self.assertEqual(self.demgrad("gradient", "-q", dem, self.path("g.tif")).code, 0)
        np.testing.assert_array_equal(
            self.bare(self.path("g.tif"), "--style", "components", size=2 * SIZE), want)
        os.mkdir(self.path("out"))
        self.assertEqual(self.demgrad("batch", "-q", "--tile", "128x128", "--output-dir",
                                 self.path("out"), dem).code, 0)
        np.testing.assert_array_equal(
            self.bare(self.path("out"), "--style", "components", size=2 * SIZE), want)
        self.assertEqual(self.demgrad("batch", "-q", "--verify", "--tile", "128x128", "--output-dir",
                                 self.path("out"), dem).code, 0)
        np.testing.assert_array_equal(
            self.bare(self.path("out"), "--style", "components", size=2 * SIZE), want)

    def test_tiles_show_what_their_mosaic_does(self):
        x, y = centres()
        z = 0.3 * x + 20 * np.sin(x / 300) * np.cos(y / 200)
        want = self.bare(self.raster(z))
        tiles = [self.raster(z[:, :120], "left.tif"),
                 self.raster(z[:, 120:], "right.tif", (500000 + 1200, STEP, 0, 5000000, 0, -STEP))]
        np.testing.assert_array_equal(self.bare(*tiles), want)


    def test_quality_tells_where_differences_are_one_sided(self):
        x, y = centres()
        z = 0.3 * x + 0.4 * y
        z[50:80, 60:100] = np.nan
        pixels = self.bare(self.raster(z), "--style", "quality", "--ramp",
                           self.ramp("0 0 0 0", "2 200 0 0"))
        want = np.full(z.shape, 200)
        want[[0, -1]] = want[:, [0, -1]] = 100
        want[49, 60:100] = want[80, 60:100] = want[50:80, 59] = want[50:80, 100] = 100
        valid = np.isfinite(z)
        np.testing.assert_array_equal(pixels[..., 0][valid], want[valid])
        self.assertFalse(pixels[..., 3][~valid].any())

    def test_errors_of_means_are_smaller(self):
        x, y = centres(400)
        ramp = self.ramp("0 0 0 0", "0.2 200 0 0")
        dem = self.raster(0.3 * x + 0 * y)
        for size, mean in ((400, 1), (200, 2), (100, 4)):
            pixels = self.bare(dem, "--metric", "map", "--style", "error", "--z-error", 2.0, "--ramp",
                               ramp, size=size)
            # (f1 - f0) / 2 h, each of a standard deviation of 2 / mean, as mean x mean pixels are one.
            want = 2.0 / mean / math.sqrt(2) / (STEP * mean)
            np.testing.assert_allclose(pixels[1:-1, 1:-1, 0], 1000 * want, atol=1)


    def test_classes_have_no_colours_between_them(self):
        """At whole and other factors, also where others are drawn as squares."""
        x, y = centres(100)
        z = 0.3 * x + 0.4 * y
        z[50:60, 60:75] = np.nan
        z[52, 70] = 7  # alone in a hole
        dem = self.raster(z)
        ramps = {ramp["name"]: ramp["colours"] for ramp in json.loads(self.demgrad("--json-usage").out)["ramps"]}
        classes = {tuple(bytes.fromhex(ramps["quality"][i][1:])) for i in (0, 8, 16)}
        for size in (60, 100, 150, 240, 433, 1000):
            pixels = self.bare(dem, "--style", "quality", size=size)
            colours = set(map(tuple, pixels[pixels[..., 3] > 0][:, :3].tolist()))
            self.assertLessEqual(colours, classes, size)
            self.assertGreaterEqual(len(colours), 2 if size < 100 else 3, size)

    def test_the_range_of_errors_is_where_they_are(self):
        """On slopes to the east and to the north errors are those of the differences along and across."""
        size = 400
        x, y = centres(size)
        z = np.where(x < 0, 0.3 * x, 0.3 * y)
        # 1 m / (sqrt(2) 10 m) is 0.0707, but for 20 m it is 0.0354, and for 50 m 0.0141.
        for across, wanted in ((20, "0.035,0.075"), (50, "0,0.08")):
            dem = self.raster(z, geotransform=(500000, STEP, 0, 5000000, 0, -across))
            options = ("--metric", "map", "--style", "error", "--z-error", 1, dem)
            whole = f"{size}x{size * across // 10}"
            found = self.bare(*options, size=whole)
            np.testing.assert_array_equal(found, self.bare("--range", wanted, *options, size=whole))


class Around(Case):
    """What stands around a map, as far as pixels tell; the unit test `legend` reads the words."""

    WIDTH = 500

    def below(self, *arguments):
        """The pixels below the map, which is square, and has no title above it."""
        pixels = read_png(self.draw("--title", "", "--size", self.WIDTH, "--metric", "map", *arguments))
        return pixels[16 + self.WIDTH - 32 + 2:]

    def assert_told(self, plain, other, is_told):
        self.assertEqual(plain.shape, other.shape)
        self.assertEqual(bool((plain != other).any()), is_told)

    def test_a_legend_tells_of_holes_and_only_then(self):
        x, y = centres()
        z = 0.3 * x + 0.4 * y
        holes = z.copy()
        holes[50:80, 60:100] = np.nan
        for style in ("relief", "slope", "aspect", "quality"):
            fixed = ("--range", "0,90") if style in ("relief", "slope") else ()
            whole = self.below("--style", style, *fixed, self.raster(z))
            self.assert_told(whole, self.below("--style", style, *fixed, self.raster(holes, "h.tif")), True)
            self.assert_told(whole, self.below("--style", style, *fixed, self.raster(z.T, "t.tif")), False)

    def test_a_legend_of_aspects_tells_of_flat_ground(self):
        x, y = centres()
        z = 0.3 * x + 0 * y
        slope = self.below("--style", "aspect", self.raster(z))
        self.assert_told(slope, self.below("--style", "aspect", self.raster(np.maximum(z, 0), "f.tif")), True)
        self.assert_told(slope, self.below("--style", "aspect", self.raster(-z, "d.tif")), False)

    def test_a_legend_tells_of_what_is_beyond_its_ends(self):
        x, y = centres()
        plane = self.raster(0.3 * x + 0 * y)  # 16.7 degrees
        for style in ("relief", "slope"):
            inside = self.below("--style", style, "--range", "10,20", plane)
            for rise, is_told in ((0.19, False), (0.35, False), (0.1, True), (0.4, True)):
                other = self.raster(rise * x + 0 * y, "other.tif")
                if style == "relief":  # whose small print tells how flat ground is exaggerated
                    rows = slice(0, 50)
                    self.assert_told(inside[rows], self.below("--style", style, "--range", "10,20", other)[rows],
                                     is_told)
                else:
                    self.assert_told(inside, self.below("--style", style, "--range", "10,20", other), is_told)

    def test_a_folder_titles_its_picture(self):
        x, y = centres()
        dem = self.raster(0.3 * x + 20 * np.sin(x / 300) * np.cos(y / 200))
        os.mkdir(self.path("gully"))
        batch = ("batch", "-q", "--tile", "128x128", "--output-dir", "gully", dem)
        self.assertEqual(self.demgrad(*batch, "--preview", "with.png").code, 0)
        for verify in ((), ("--verify",)):
            self.assertEqual(self.demgrad(*batch, *verify).code, 0)
            want = read_png(self.draw("--title", "gully", "gully"))
            for name in ("gully", "gully/", "gully/.", "gully/../gully//"):
                np.testing.assert_array_equal(read_png(self.draw(name)), want, name)
            np.testing.assert_array_equal(read_png(self.path("with.png")), want)


class Doubts(Case):
    """What a run finds among the elevations is told of a picture of them too."""

    def found(self, z, *arguments, **how):
        self.raster(z, **how)
        self.raster(z[:, :30], name="part.tif", **how)
        said = []
        for command in (["gradient", "--overwrite", "dem.tif", "out.tif"],
                        ["preview", "--overwrite", "dem.tif", "out.png"],
                        ["preview", "--overwrite", "dem.tif", "part.tif", "out.png"]):
            result = self.demgrad(*command, *arguments)
            self.assertEqual(result.code, 0, result.err)
            said.append([line.split("dem.tif", 1)[1].split(": ", 1)[1] for line in support.said(result)])
        self.assertEqual(said, [said[0]] * 3)
        return said[0]

    def test_they_are_told(self):
        z = support.terrain(60, 70, largest=100.0) + 1000
        hole = np.zeros(z.shape, bool)
        hole[3:9, 4:11] = True
        self.assertEqual(self.found(z), [])
        for value, words in ((-9999, "the value -9999 is far"), (np.inf, "infinite"), (20000, "20000")):
            line, *others = self.found(np.where(hole, value, z))
            self.assertIn(words, line)
        self.assertEqual(self.found(np.where(hole, -9999, z), "--input-nodata", -9999), [])
        self.assertEqual(self.found(np.where(hole, -9999, z), nodata=-9999), [])

    def test_inputs_that_are_scaled_each_in_its_own_way(self):
        z = support.terrain(60, 70, largest=100.0) + 1000
        self.raster(z * 10, scale=0.1)
        self.raster(z, name="other.tif", geotransform=(PLACE[0] + 70 * STEP, *PLACE[1:]))
        result = self.demgrad("preview", "dem.tif", "other.tif", "out.png")
        self.assertEqual((result.code, support.said(result)), (0, []), result.err)


class Files(Case):
    def test_each_format_is_what_its_suffix_says(self):
        dem = self.raster(np.random.default_rng(1).normal(size=(60, 80)).cumsum(0).cumsum(1))
        for suffix, start in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF"),
                              (".jpg", b"\xff\xd8"), (".jpeg", b"\xff\xd8"), (".PNG", b"\x89PNG")):
            path = self.draw(dem, output="out" + suffix)
            with open(path, "rb") as file:
                self.assertTrue(file.read().startswith(start), suffix)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["dem.tif", "out.PNG", "out.jpeg", "out.jpg", "out.pdf", "out.png", "out.svg"])

    def test_the_same_input_gives_the_same_picture(self):
        x, y = centres()
        dem = self.raster(0.3 * x + 20 * np.sin(x / 300) * np.cos(y / 200))
        first = read_png(self.draw(dem, output="a.png"))
        for option in ((), ("-j", 1), ("--memory", "128MB")):
            np.testing.assert_array_equal(read_png(self.draw(dem, *option, output="b.png")), first)

    def test_a_bare_map_has_a_world_file(self):
        x, y = centres()
        for name, geotransform in (("north", PLACE), ("south", (500000, STEP, 0, 5000000, 0, STEP)),
                                   ("west", (500000, -STEP, 0, 5000000, 0, -STEP)),
                                   ("turned", (500000, 8, 6, 5000000, 6, -8)),
                                   ("turned over", (500000, 8, 6, 5000000, -6, 8))):
            dem = self.raster(0.3 * x + 0.4 * y, name + ".tif", geotransform)
            path = self.draw("--bare", "--size", 2 * SIZE, dem, output=name + ".png")
            got = gdal.Open(path).GetGeoTransform()
            want = np.array(geotransform, float)
            turned = {"south": 2, "turned over": 2, "west": 1}.get(name)
            if turned:  # the picture has north up, and east on its right
                want[[0, 3]] += SIZE * want[[turned, 3 + turned]]
                want[[turned, 3 + turned]] *= -1
            want[[1, 2, 4, 5]] /= 2
            np.testing.assert_allclose(got, want, rtol=1e-9)

    def test_density_multiplies_the_pixels(self):
        dem = self.raster(np.zeros((30, 40)))
        one = read_png(self.draw("--size", 500, dem))
        two = read_png(self.draw("--size", 500, "--scale", 2, dem))
        self.assertEqual(two.shape[:2], (2 * one.shape[0], 2 * one.shape[1]))

    def test_a_wanted_size_is_kept(self):
        dem = self.raster(np.zeros((30, 40)))
        for size, want in (("640x480", (480, 640)), ("500x900", (900, 500)), ("900x500", (500, 900))):
            self.assertEqual(read_png(self.draw("--size", size, dem)).shape[:2], want)

    def test_progress_comes_to_its_end(self):
        self.raster(np.zeros((30, 40)))
        result = self.demgrad("preview", "dem.tif", "out.png")
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertEqual(result.out, "0...10...20...30...40...50...60...70...80...90...100 - done.\n")

    def test_a_width_alone_gives_no_endless_picture(self):
        dem = self.raster(np.zeros((3000, 2)))
        for bare in ((), ("--bare",)):
            self.assertLess(read_png(self.draw("--size", 400, *bare, dem)).shape[0], 1500)

    def test_any_shape_and_any_name_can_be_drawn(self):
        names = ["x" * 200, "Über Größe 山 " + "lang " * 30, "a\tb\\c \x1b[31m"]
        for shape in ((3, 3), (3000, 10), (10, 3000), (2, 2), (700, 700)):
            dem = self.raster(np.add.outer(np.arange(shape[0]), np.arange(shape[1])) * 1.5)
            for name in names:
                for style in ("relief", "aspect", "components"):
                    pixels = read_png(self.draw("--title", name, "--style", style, dem))
                    # Nothing is drawn over the page's margin.
                    page = pixels[..., :3]
                    margin = np.concatenate([page[:8].reshape(-1, 3), page[-8:].reshape(-1, 3),
                                             page[:, :8].reshape(-1, 3), page[:, -8:].reshape(-1, 3)])
                    self.assertTrue((margin == margin[0]).all(), (shape, name, style))


class WithARun(Case):
    def test_the_picture_comes_with_the_output(self):
        x, y = centres()
        dem = self.raster(0.3 * x + 20 * np.sin(x / 300) * np.cos(y / 200))
        for bands in ((), ("--bands", "dzdy,slope")):
            result = self.demgrad("gradient", "-q", "--overwrite", *bands, "--preview",
                                  self.path("a.png"), dem, self.path("g.tif"))
            self.assertEqual((result.code, result.err), (0, ""))
            title = ("--title", "g.tif" if not bands else "dem.tif")
            np.testing.assert_array_equal(read_png(self.path("a.png")),
                                          read_png(self.draw(dem, *title, output="b.png")))

    def test_a_batch_is_drawn_whole(self):
        x, y = centres()
        dem = self.raster(0.3 * x + 20 * np.sin(x / 300) * np.cos(y / 200))
        os.mkdir(self.path("out"))
        result = self.demgrad("batch", "-q", "--tile", "128x128", "--preview", self.path("a.png"),
                              "--output-dir", self.path("out"), dem)
        self.assertEqual((result.code, result.err), (0, ""))
        self.assertTrue(os.path.exists(self.path("a.png")))

    def test_what_cannot_be_drawn_is_said_before_the_work(self):
        dem = self.raster(np.zeros((30, 40)))
        for picture, code in (("a.bmp", 2), ("nowhere/a.png", 1)):
            result = self.demgrad("gradient", "-q", "--preview", self.path(picture), dem,
                                  self.path("g.tif"))
            self.assertEqual(result.code, code)
            self.assertFalse(os.path.exists(self.path("g.tif")))


class Failures(Case):
    def fails(self, *arguments, code=1):
        before = sorted(os.listdir(self.folder))
        result = self.demgrad("preview", "-q", *arguments)
        self.assertEqual(result.code, code, result.err)
        self.assertEqual(result.err.count("\n"), 1, result.err)
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        return result.err

    def test_each_says_what_is_wrong_and_leaves_nothing(self):
        dem = self.raster(np.zeros((30, 40)))
        self.assertIn(".png", self.fails(dem, self.path("out.bmp"), code=2))
        self.assertIn("--bare", self.fails("--size", "60x60", dem, self.path("out.png")))
        said = self.fails("--ramp", "nosuch", dem, self.path("out.png"))
        asked = " ".join(self.demgrad("preview", "--help").out.split())
        for ramp in json.loads(self.demgrad("--json-usage").out)["ramps"]:
            self.assertRegex(said, rf"\(.*\b{ramp['name']}\b.*\)")
            self.assertRegex(asked, rf"--ramp [^:]*: [^-]*\b{ramp['name']}\b")
        self.assertIn("line 2", self.fails("--ramp", self.ramp("0 1 2 3", "1 2 x"), dem,
                                           self.path("out.png")))
        self.assertIn("nosuch.tif", self.fails(self.path("nosuch.tif"), self.path("out.png")))
        self.fails("--style", "nosuch", dem, self.path("out.png"), code=2)
        self.fails("--size", "0", dem, self.path("out.png"), code=2)
        self.fails("--range", "3,3", dem, self.path("out.png"), code=2)
        self.assertIn("folder", self.fails(dem, self.path("nowhere/out.png")))
        self.assertIn("--z-error", self.fails("--style", "error", dem, self.path("out.png")))
        self.demgrad("gradient", "-q", dem, self.path("g.tif"))
        self.assertIn("quality", self.fails("--style", "quality", self.path("g.tif"),
                                            self.path("out.png")))

    def test_what_is_there_stays_without_overwrite(self):
        dem = self.raster(np.zeros((30, 40)))
        with open(self.path("out.png"), "w") as file:
            file.write("mine")
        self.assertIn("--overwrite", self.fails(dem, self.path("out.png")))
        with open(self.path("out.png")) as file:
            self.assertEqual(file.read(), "mine")

    def test_a_gradient_of_one_component_is_refused(self):
        dem = self.raster(np.zeros((30, 40)))
        self.demgrad("gradient", "-q", "--bands", "dzdy", dem, self.path("north.tif"))
        self.assertIn("dz/dx", self.fails(self.path("north.tif"), self.path("out.png")))


class Terminal(Case):
    def show(self, *arguments):
        result = self.demgrad("preview", "--terminal", *arguments)
        self.assertEqual((result.code, result.err), (0, ""))
        return result.out

    def test_blocks_show_the_map(self):
        dem = self.raster(np.zeros((30, 40)))
        text = self.show("blocks", "--size", "40x30", "--ramp", self.ramp("0 9 9 9", "90 9 9 9"), dem)
        lines = text.splitlines()
        self.assertEqual(len(lines), 15)
        for line in lines:
            self.assertEqual(line.count("\u2580"), 40)
            self.assertTrue(line.endswith("\x1b[0m"))

    def test_kitty_and_sixel_hold_all_pixels(self):
        dem = self.raster(np.zeros((30, 40)))
        kitty = self.show("kitty", "--size", "40x30", dem)
        self.assertIn("s=40,v=30", kitty)
        data = "".join(re.findall(r";([A-Za-z0-9+/=]*)\x1b", kitty))
        self.assertEqual(len(data), 40 * 30 * 4 * 4 // 3)
        sixel = self.show("sixel", "--size", "40x30", dem)
        self.assertIn('"1;1;40;30', sixel)
        self.assertEqual(sixel.count("-"), 5)


if __name__ == "__main__":
    support.main()
