"""Agreement with gdaldem on a UTM raster, its plane taken as true and edges propagated as it does.

Its elevations are whole metres: gdaldem sums those of Float32 rasters in Float32, and its own rounding
would be what is compared."""

import shutil
import subprocess
import sys

import numpy as np
from osgeo import gdal

import support
from support import CommandTest, holes, terrain

GRID = (500000, 30, 0, 5000000, 0, -30)  # square: gdaldem's aspect ignores the pixel's size
LIKE_GDALDEM = ("--metric", "map", "--nodata-edges", "propagate")
HORN, CENTRAL = ("--method", "horn"), ("--method", "central")
ZEVENBERGEN_THORNE = ("-alg", "ZevenbergenThorne")


class Gdaldem(CommandTest):
    def setUp(self):
        super().setUp()
        z = np.where(holes(200, 260), terrain(200, 260, largest=4000).round(), -32768)
        z[100:130, 50:90] = 12  # flat
        self.make(z, type=gdal.GDT_Int16, nodata=-32768, geotransform=GRID)

    def gdaldem(self, mode, *arguments):
        subprocess.run(["gdaldem", mode, self.path("in.tif"), self.path("peer.tif"), "-q", *arguments],
                       check=True)
        return support.read_raster(self.path("peer.tif"))[0]

    def band(self, name, *arguments):
        return self.gradient(*LIKE_GDALDEM, "--bands", name, *arguments, self.path("in.tif"))[0]

    def test_slope(self):
        for method, algorithm in ((HORN, ()), (CENTRAL, ZEVENBERGEN_THORNE)):
            peer = self.gdaldem("slope", *algorithm)
            ours = self.band("slope-degrees", *method)
            if method == CENTRAL:  # gdaldem wants the corners of a window too
                ours = np.where(np.isnan(peer), np.nan, ours)
            self.assert_close(ours, peer, 1e-4, method)

    def test_slope_in_percent(self):
        self.assert_close(self.band("slope-percent", *HORN), self.gdaldem("slope", "-p"), 1e-3)

    def test_aspect(self):
        for method, algorithm in ((HORN, ()), (CENTRAL, ZEVENBERGEN_THORNE)):
            peer = self.gdaldem("aspect", *algorithm)
            ours = self.band("aspect", *method)
            steep = self.band("slope-degrees", *method) > 0.1
            self.assertGreater(steep.sum(), 40000)
            both = steep & np.isfinite(peer)
            difference = np.abs(ours[both] - peer[both])
            self.assertLess(np.minimum(difference, 360 - difference).max(), 1e-4)
            flat = self.band("slope") == 0
            self.assertTrue(np.isnan(ours[flat]).all() and np.isnan(peer[flat]).all())

    def test_flat_aspect_as_zero_for_flat(self):
        """-zero_for_flat writes 0 where it has no aspect, on flat ground and nodata alike; --aspect-flat
        on flat ground alone."""
        ours = self.band("aspect", *HORN, "--aspect-flat", 0)
        flat = self.band("slope", *HORN) == 0
        self.assertTrue((ours[flat] == 0).all())
        self.assertTrue((self.gdaldem("aspect", "-zero_for_flat")[flat] == 0).all())

    def test_hillshade(self):
        cases = (((), ()),
                 (("-az", "120", "-alt", "30"), ("--azimuth", 120, "--altitude", 30)),
                 (("-z", "2.5"), ("--z-exaggeration", 2.5)),
                 (("-combined",), ("--hillshade", "combined")),
                 (("-multidirectional",), ("--hillshade", "multidirectional")),
                 (("-multidirectional", "-alt", "60", "-z", "3"),
                  ("--hillshade", "multidirectional", "--altitude", 60, "--z-exaggeration", 3)))
        for theirs, our in cases:
            for method, algorithm in ((HORN, ()), (CENTRAL, ZEVENBERGEN_THORNE)):
                peer = self.gdaldem("hillshade", *theirs, *algorithm)
                ours = np.where(np.isnan(peer), np.nan, self.band("hillshade", *method, *our))
                # Theirs is rounded to a byte.
                self.assert_close(ours, peer, 1, f"{theirs} {algorithm}")
                self.assertLess(np.nanmean(np.abs(ours - peer)), 0.3)

    def test_edges(self):
        """-compute_edges extrapolates, ours takes one-sided differences there: on a plane they agree, but
        in corners, where gdaldem 3.6 does not keep the plane."""
        self.make(support.plane(40, 50, 3, -2), type=gdal.GDT_Int16, geotransform=GRID)
        peer = self.gdaldem("slope", "-compute_edges")
        ours = self.gradient("--metric", "map", *HORN, "--bands", "slope-degrees", self.path("in.tif"))
        ours[0, [0, 0, -1, -1], [0, -1, 0, -1]] = peer[[0, 0, -1, -1], [0, -1, 0, -1]]
        self.assert_close(ours[0], peer, 1e-4)


if __name__ == "__main__":
    if not shutil.which("gdaldem"):
        print("no gdaldem (Debian: gdal-bin) was found: skipped")
        sys.exit(77)
    support.main()
