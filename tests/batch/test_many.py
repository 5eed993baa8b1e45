"""As test_equality.py, of 400 random tiles each."""

import numpy as np

import batch_support
from batch_support import BatchTest, grown, guillotine, terrain

GEOGRAPHIC = {"srs": "EPSG:4326", "grid": (8.5, 1 / 1200, 0, 47.3, 0, -1 / 1200)}


class Many(BatchTest):
    def parts_of_400(self, random, width, height):
        """Tiles of one pixel and more, some overlapping, with gaps between."""
        parts = guillotine(random, width, height, 440)
        parts = [parts[i] for i in random.permutation(440)[:400]]
        return [grown(random, part, width, height, 3) if random.random() < 0.5 else part
                for part in parts]

    def ground_with_holes(self, random, width, height):
        z = terrain(height, width, seed=5)
        for _ in range(150):
            row, col = random.integers(0, height), random.integers(0, width)
            z[row:row + random.integers(1, 12), col:col + random.integers(1, 12)] = -9999
        return np.where(random.random(z.shape) < 0.01, -9999, z)

    def check_400(self, seed, *options, **how):
        random = np.random.default_rng(seed)
        z = self.ground_with_holes(random, 700, 600)
        parts = self.parts_of_400(random, 700, 600)
        tiles = self.cut(z, parts, nodata=-9999, **how)
        self.assertEqual(len(tiles), 400)
        self.assertTrue(any(1 in part[2:] for part in parts), "no tile is one pixel wide")
        self.check(tiles, *options)

    def test_400_tiles_geographic(self):
        self.check_400(1, **GEOGRAPHIC)

    def test_400_tiles_projected(self):
        for i, options in enumerate((["--metric", "map"], [], ["--frame", "true"])):
            with self.subTest(options):
                self.check_400(2 + i, *options)

    def test_400_tiles_of_edge_order_2_without_one_sided_edges(self):
        self.check_400(5, "--edge-order", 2, **GEOGRAPHIC)
        self.check_400(5, "--nodata-edges", "propagate")


if __name__ == "__main__":
    batch_support.main()
