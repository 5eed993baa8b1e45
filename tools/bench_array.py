"""Times demgrad_array_gradient against numpy.gradient; tools/bench-array runs it.

Usage: bench_array.py LIBRARY [--mpx N] [--rounds N]
"""

import argparse
import os
import statistics
import sys
import time

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "tests", "array"))
from array_library import gradient, load  # noqa: E402


def seconds(function, *arguments, **keywords):
    start = time.perf_counter()
    value = function(*arguments, **keywords)
    taken = time.perf_counter() - start
    del value
    return taken


def new_results(f, n, make):
    dtype = f.dtype if f.dtype.kind == "f" else np.float64
    return [make(f, dtype=dtype) for _ in range(n)]


class Bench:
    def __init__(self, library, rounds):
        self.library = library
        self.rounds = rounds

    def ours(self, f, results, spacings, axes, threads):
        status, error = gradient(self.library, f, results, spacings, axes, threads=threads)
        if status != 0:
            raise RuntimeError(error.message.decode())

    def ours_fresh(self, f, spacings, axes, n):
        self.ours(f, new_results(f, n, np.empty_like), spacings, axes, 1)

    def row(self, name, f, spacings=(), axes=None):
        """One line: medians over the rounds, in each of which every contender runs once."""
        n = f.ndim if axes is None else len(axes)
        kept = new_results(f, n, np.ones_like)
        times = []
        for _ in range(self.rounds + 1):
            times.append((
                seconds(np.gradient, f, *spacings, axis=axes),
                seconds(self.ours, f, kept, spacings, axes, 1),
                seconds(self.ours, f, kept, spacings, axes, 2),
                seconds(self.ours_fresh, f, spacings, axes, n)))
        medians = [statistics.median(column) for column in zip(*times[1:])]  # the first warms up
        text = "%-34s %7.4f" % (name, medians[0])
        for median in medians[1:]:
            text += "  %7.4f %5.1fx" % (median, medians[0] / median)
        print(text, flush=True)


def run(bench, mpx):
    random = np.random.default_rng(1)
    side, cube = int((mpx * 1e6) ** 0.5), int(round((mpx * 1e6) ** (1 / 3)))
    x = np.cumsum(random.uniform(0.5, 1.5, side))
    f = random.standard_normal((side, side), dtype=np.float32)
    bench.row("float 2-D, both axes", f)
    bench.row("float 2-D, both axes, spacing 30", f, (30.0,))
    bench.row("float 2-D, both axes, coordinates", f, (x, x))
    bench.row("float 2-D, axis 0", f, axes=(0,))
    bench.row("float 2-D, axis 1", f, axes=(1,))
    bench.row("int16 2-D, both axes", (f * 1000).astype(np.int16))
    del f
    bench.row("double 2-D, both axes", random.standard_normal((side, side)))
    f = random.standard_normal((cube, cube, cube))
    bench.row("double 3-D, all axes", f)
    bench.row("double 3-D, all axes, spacings", f, (10.0, 20.0, 30.0))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("--mpx", type=float, default=100, help="millions of elements (100)")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print("numpy %s, %g million elements, median of %d, seconds" % (
        np.__version__, options.mpx, options.rounds))
    print("%-34s %7s  %14s  %14s  %14s" % (
        "", "numpy", "1 thread", "2 threads", "1, new results"))
    run(Bench(load(options.library), options.rounds), options.mpx)


if __name__ == "__main__":
    main()
