#!/usr/bin/env python3
"""Random calls of demgrad_array_gradient and demgrad_array_diff against numpy's gradient and diff.

Usage: compare_with_numpy.py LIBRARY [--cases N] [--seed N] [--jobs N]

Every case draws its dimension, shape, strides, dtype, values, spacing, axes and edge order, among
them arguments that numpy refuses. Results have to be the same to the last bit (NaNs: NaN), memory
around the results has to stay as it was, and what numpy refuses has to be refused with a message
and with nothing written. Exits 77 where there is no numpy, 1 if any case differs.

Under numpy 2, which mixes float with scalars by other rules than numpy 1, only double and integer
arrays are compared.
"""

import argparse
import concurrent.futures
import ctypes
import os
import random
import sys
import warnings

try:
    import numpy as np
except ImportError:
    print("numpy is not installed: nothing to compare with")
    sys.exit(77)

from array_library import Array, CODES, DTYPES, DiffOptions, Error, MAX_NDIM, gradient, load, view

LARGE_CASES = 60
STREAMED_CASES = 8
FLOATS = ["f4", "f8"] if np.lib.NumpyVersion(np.__version__) < "2.0.0" else ["f8"]
USED = [d for d in DTYPES if d[0] != "f"] + FLOATS


# ---- What is drawn -------------------------------------------------------------------------------

SPECIALS = [0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e-310, 5e-324, 1e-45, 1e-38, 3.4e38,
            1e38, -3e38, 1.7e308, -1e308, 1 / 3]
SPACINGS = [1, 2, 0.1, -3.5, 30.0, 1 / 3, 0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1e-60, 1e60,
            3.39e38, 3.4e38, 3.4028e38, 1.7e38, 1.71e38, 4.5e-39, 5e-39, 6e-39, 1e-38, 1e-300, 1e300]


class Draw:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.n = np.random.RandomState(seed % 2**32)

    def chance(self, p):
        return self.r.random() < p

    def values(self, count, dtype):
        dtype = np.dtype(dtype)
        if dtype.kind != "f":
            info = np.iinfo(dtype)
            if self.chance(0.3):
                return self.n.choice(np.array([info.min, info.max, 0, 1], dtype), count)
            return np.frombuffer(self.n.bytes(count * dtype.itemsize), dtype).copy()
        kind = self.r.randrange(4)
        if kind == 0:
            values = self.n.randint(-9, 9, count).astype(float)
        elif kind == 1:
            values = self.n.standard_normal(count) * 10.0 ** self.r.randint(-45, 40)
        else:
            values = self.n.standard_normal(count) * 1000
        if self.chance(0.3) and count:
            where = self.n.randint(0, count, 1 + count // 4)
            values[where] = self.n.choice(SPECIALS, where.size)
        return values.astype(dtype)

    def length(self):
        kind = self.r.random()
        if kind < 0.07:
            return self.r.choice([0, 1, 2, 2, 2])
        if kind < 0.93:
            return self.r.randint(3, 6)
        return self.r.randint(7, 30)

    def shape(self):
        if self.chance(0.01):
            ndim = self.r.randint(7, MAX_NDIM)
            longer = [self.r.randrange(ndim) for _ in range(4)]
            return tuple(3 if d in longer else 1 for d in range(ndim))
        ndim = self.r.choices([1, 2, 3, 4, 5, 6], [30, 34, 20, 10, 4, 2])[0]
        return tuple(self.length() if ndim < 4 else self.r.randint(3 - self.chance(0.05), 4)
                     for _ in range(ndim))

    def layout(self, shape, broadcast):
        """Of a base array: its shape, the order of its axes, and a slice for each."""
        order = list(range(len(shape)))
        if self.chance(0.4):
            self.r.shuffle(order)
        base, slices = [], []
        padded = sum(n > 1 for n in shape) <= 5 and len(shape) <= 6  # or it grows out of memory
        for axis in order:
            n = shape[axis]
            step = self.r.choice([1, 1, 1, -1, 2, -3] if padded else [1, -1])
            start = self.r.randint(0, 2) if padded and self.chance(0.2) else 0
            if broadcast and self.chance(0.05):
                base.append(1)
                slices.append(None)
                continue
            span = (n - 1) * abs(step) + 1 if n else 0
            base.append(start + span + (padded and self.r.randint(0, 1)))
            first = start if step > 0 else start + span - 1
            stop = first + n * step
            slices.append(slice(first, stop if stop >= 0 else None, step) if n else slice(0, 0))
        return base, order, slices

    def strided(self, shape, dtype, broadcast=False, fill=None):
        """An array of the shape with strides of all sorts, and the memory it lies in."""
        base_shape, order, slices = self.layout(shape, broadcast)
        count = int(np.prod(base_shape))
        memory = self.values(count, dtype) if fill is None else np.full(count, fill, dtype)
        array = memory.reshape(base_shape)[(*[s or slice(None) for s in slices], ...)]
        array = array.transpose(np.argsort(order)) if order else array
        return np.broadcast_to(array, shape) if broadcast else array, memory

    def packed(self, shape, dtype, fill=None):
        """Contiguous, at any offset from a cache line."""
        count, before = int(np.prod(shape)), self.r.randrange(16)
        memory = (self.values(count + 16, dtype) if fill is None
                  else np.full(count + 16, fill, dtype))
        return memory[before:before + count].reshape(shape), memory

    def axes(self, ndim):
        """The axis argument: None, a number or a tuple; now and then a wrong one."""
        kind = self.r.random()
        if kind < 0.4:
            return None
        if kind < 0.55:
            return self.r.randint(-ndim, ndim - 1)
        if kind < 0.97:
            some = self.r.sample(range(ndim), self.r.randint(0 if self.chance(0.05) else 1, ndim))
            return tuple(a - ndim if self.chance(0.4) else a for a in some)
        return tuple(self.r.randint(-ndim - 1, ndim) for _ in range(self.r.randint(1, ndim + 1)))

    def coordinates(self, length):
        if self.chance(0.03):
            length += self.r.choice([-1, 1, 2])
        length = max(length, 0)
        dtype = self.r.choice(USED) if self.chance(0.4) else "f8"
        kind = self.r.random()
        if self.chance(0.01):
            return self.n.standard_normal((max(length, 1), 2))
        if kind < 0.25:
            x = np.arange(length) * self.r.choice([1, 2, 0.5, 0.1, -3, 0, 1e-40])
        elif kind < 0.85:
            x = np.cumsum(self.n.uniform(0.1, 3, length)) * self.r.choice([1, 30, 1e-3, 1e-20, 1e19])
        else:
            return self.strided((length,), dtype)[0]
        with np.errstate(all="ignore"):
            x = x.astype(dtype)
        return x[::-1] if self.chance(0.1) else x

    def scalar(self):
        return float(self.r.choice(SPACINGS) if self.chance(0.5) else self.r.uniform(0.01, 50))

    def spacings(self, lengths):
        kind = self.r.random()
        if kind < 0.2:
            return []
        if kind < 0.4:
            return [self.scalar()]
        if kind < 0.98:
            p = self.r.choice([0, 0.5, 1])
            return [self.coordinates(n) if self.chance(p) else self.scalar() for n in lengths]
        return [self.coordinates(3) if self.chance(0.4) else self.scalar()
                for _ in range(self.r.randint(1, 5))]


# ---- How results are compared --------------------------------------------------------------------

def ulps(ours, theirs):
    """The largest distance in units in the last place; infinite where only one is NaN."""
    if ours.tobytes() == theirs.tobytes() or ours.size == 0:
        return 0
    if ours.dtype.kind != "f":
        return np.inf
    both_nan = np.isnan(ours) & np.isnan(theirs)
    if (np.isnan(ours) != np.isnan(theirs)).any():
        return np.inf
    integer = np.dtype("i%d" % ours.itemsize)
    keys = []
    for array in ours, theirs:
        bits = np.ascontiguousarray(array).view(integer).astype(object)
        keys.append(np.where(bits < 0, -(bits & np.iinfo(integer).max), bits))
    same = np.ascontiguousarray(ours).view(integer) == np.ascontiguousarray(theirs).view(integer)
    distance = np.where(both_nan | same, 0, np.abs(keys[0] - keys[1]))
    # A zero of the other sign is at no distance, but not the same bits either.
    return max(int(distance.max()), int((~(both_nan | same)).any()))


class Failure(Exception):
    pass


class Compare:
    def __init__(self, library, seed):
        self.library = library
        self.draw = Draw(seed)
        self.counts = {"gradient": 0, "gradient refused": 0, "diff": 0, "diff refused": 0}
        self.max_ulp = 0

    def results(self, shape, dtype, n, packed=False):
        """n arrays for results, in memory filled with a mark."""
        make = self.draw.packed if packed else self.draw.strided
        made = [make(shape, dtype, fill=77) for _ in range(n)]
        return [a for a, _ in made], [m for _, m in made]

    def check(self, status, error, expected, results, memories):
        if expected is None:
            if status == 0:
                raise Failure("numpy refuses this, demgrad does not")
            if not error.message or error.status != status:
                raise Failure("no message, or another status in it")
            if any((m != 77).any() for m in memories):
                raise Failure("a result was written to in a call that failed")
            return
        if status != 0:
            raise Failure("refused: " + error.message.decode())
        for ours, theirs, memory in zip(results, expected, memories):
            distance = ulps(ours, theirs)
            self.max_ulp = max(self.max_ulp, distance)
            if distance:
                raise Failure("ours:\n%r\nnumpy's:\n%r\n%s ulp" % (ours, theirs, distance))
            if memory.size > ours.size:
                ours[...] = 77
                if (memory != 77).any():
                    raise Failure("memory outside of a result was written to")

    def gradient(self, f, spacings, axis, edge_order, threads=1, packed=False):
        try:
            expected = np.gradient(f, *spacings, axis=axis, edge_order=edge_order)
            expected = [expected] if isinstance(expected, np.ndarray) else expected
        except (ValueError, TypeError, IndexError, ZeroDivisionError):
            expected = None
        axes = None if axis is None else axis if isinstance(axis, tuple) else (axis,)
        dtype = f.dtype if f.dtype.kind == "f" else "f8"
        n = f.ndim if axes is None else len(axes)
        results, memories = self.results(f.shape, dtype, n, packed)
        status, error = gradient(self.library, f, results, spacings, axes, edge_order, threads)
        self.counts["gradient"] += 1
        self.counts["gradient refused"] += expected is None
        self.check(status, error, expected, results, memories)

    def gradient_case(self):
        d = self.draw
        f = d.strided(d.shape(), d.r.choice(FLOATS if d.chance(0.8) else USED), broadcast=True)[0]
        axis = d.axes(f.ndim)
        axes = range(f.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        lengths = [f.shape[a] if -f.ndim <= a < f.ndim else 3 for a in axes]
        edge_order = d.r.choices([1, 2, 3], [50, 48, 1])[0]
        call = (f, d.spacings(lengths), axis, edge_order)
        self.run(self.gradient, *call)

    def large_case(self):
        """Long enough rows, or enough of them, for segments and threads."""
        d = self.draw
        shape = d.r.choice([(300001,), (3, 140001), (140001, 3), (300, 701), (40, 90, 71),
                            (2, 3, 33333), (5000, 2, 11, 3)])
        f = d.strided(shape, d.r.choice(FLOATS if d.chance(0.7) else USED), broadcast=True)[0]
        edge_order = d.r.randint(1, min(2, min(shape) - 1))
        spacings = d.spacings(shape)
        self.run(self.gradient, f, spacings, None, edge_order, d.r.choice([1, 2, 3, 5, 100]))

    def streamed_case(self):
        """Results that no cache holds, which are written past it."""
        d = self.draw
        shape = d.r.choice([(17000003,), (2, 4200001), (4200001, 2), (2900, 3001), (260, 210, 211)])
        f = d.packed(shape, d.r.choice(FLOATS))[0]
        edge_order = d.r.randint(1, min(2, min(shape) - 1))
        spacings = d.r.choice([(), (d.r.choice(SPACINGS),), d.spacings(shape)])
        self.run(self.gradient, f, spacings, None, edge_order, d.r.choice([1, 2, 3]), True)

    def diff(self, a, n, axis, prepend, append):
        keywords = {k: v for k, v in (("prepend", prepend), ("append", append)) if v is not None}
        try:
            expected = np.diff(a, n=n, axis=axis, **keywords)
        except (ValueError, TypeError, IndexError):
            expected = None
        options = DiffOptions(n=n, axis=axis)
        if prepend is not None:
            options.prepend = ctypes.pointer(view(prepend))
        if append is not None:
            options.append = ctypes.pointer(view(append))
        error, wanted = Error(), Array()
        status = self.library.demgrad_array_diff_result(
            ctypes.byref(view(a)), ctypes.byref(options), ctypes.byref(wanted), ctypes.byref(error))
        self.counts["diff"] += 1
        self.counts["diff refused"] += expected is None
        self.check(status, error, None if expected is None else [], [], [])
        if expected is None:
            results, memories = self.results(a.shape, a.dtype, 1)
        else:
            if (tuple(wanted.shape[:wanted.ndim]), wanted.dtype) != (
                    expected.shape, CODES[expected.dtype]):
                raise Failure("the result is described as of shape %r, dtype %d; numpy's %r, %r" % (
                    wanted.shape[:wanted.ndim], wanted.dtype, expected.shape, expected.dtype))
            results, memories = self.results(expected.shape, expected.dtype, 1)
        status = self.library.demgrad_array_diff(
            ctypes.byref(view(a)), ctypes.byref(options), ctypes.byref(view(results[0])),
            ctypes.byref(error))
        expected = None if expected is None else [expected]
        self.check(status, error, expected, results, memories)

    def attached(self, a, axis):
        """A prepend or append argument for a."""
        d = self.draw
        dtype = a.dtype if d.chance(0.6) else np.dtype(d.r.choice(USED))
        if d.chance(0.6):
            return None
        if d.chance(0.3) or not -a.ndim <= axis < a.ndim:
            return d.strided((), dtype)[0]
        shape = list(a.shape)
        shape[axis] = d.r.randint(0, 3)
        if d.chance(0.04):
            shape[d.r.randrange(a.ndim)] += 1
        if d.chance(0.02):
            shape.pop()
        return d.strided(tuple(shape), dtype, broadcast=True)[0]

    def diff_case(self):
        d = self.draw
        shape = d.shape() if d.chance(0.99) else ()
        a = d.strided(shape, d.r.choice(USED), broadcast=True)[0]
        axis = d.r.randint(-a.ndim, a.ndim - 1) if a.ndim else 0
        if d.chance(0.02):
            axis = d.r.choice([a.ndim, -a.ndim - 1])
        n = d.r.choices([0, 1, 2, 3, 4, 9, -1], [4, 50, 20, 10, 5, 2, 1])[0]
        self.run(self.diff, a, n, axis, self.attached(a, axis), self.attached(a, axis))

    def run(self, function, *arguments):
        try:
            function(*arguments)
        except Failure as failure:
            text = "\n".join("  %r" % (a,) if not isinstance(a, np.ndarray) else
                             "  array %r %r strides %r\n%r" % (a.shape, a.dtype, a.strides, a)
                             for a in arguments)
            raise Failure("%s\n%s of\n%s" % (failure, function.__name__, text)) from None


def work(job):
    path, seed, n_gradient, n_diff, n_large, n_streamed = job
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    compare = Compare(load(path), seed)
    try:
        for _ in range(n_gradient):
            compare.gradient_case()
        for _ in range(n_diff):
            compare.diff_case()
        for _ in range(n_large):
            compare.large_case()
        for _ in range(n_streamed):
            compare.streamed_case()
    except Failure as failure:
        return None, 0, str(failure)
    return compare.counts, compare.max_ulp, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("--cases", type=int, default=100000, help="of gradient; a fifth as many of diff")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "little"))
    parser.add_argument("--jobs", type=int, default=min(os.cpu_count() or 1, 4))
    options = parser.parse_args()
    print("numpy %s, seed %d, jobs %d" % (np.__version__, options.seed, options.jobs), flush=True)
    n = options.jobs
    jobs = [(options.library, options.seed * 64 + k, -(-options.cases // n),
             -(-options.cases // (5 * n)), -(-LARGE_CASES // n), -(-STREAMED_CASES // n)) for k in range(n)]
    with concurrent.futures.ProcessPoolExecutor(n) as pool:
        done = list(pool.map(work, jobs))
    failures = [failure for _, _, failure in done if failure]
    if failures:
        print(failures[0])
        return 1
    for name in done[0][0]:
        print("%-17s %d" % (name, sum(counts[name] for counts, _, _ in done)))
    print("largest distance  %s ulp" % max(ulp for _, ulp, _ in done))
    return 0


if __name__ == "__main__":
    sys.exit(main())
