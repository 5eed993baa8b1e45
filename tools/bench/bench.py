#!/usr/bin/env python3
"""Measures demgrad against its rivals and itself; run by tools/run-bench, which has the options."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

import machine
from measure import Command, Grass, peak_memory, tell, times
from table import Table

HERE = os.path.dirname(os.path.abspath(__file__))
TERRAIN = f"{HERE}/terrain.py"
NUMPY = f"{HERE}/numpy_gradient.py"

ZSTD = ["COMPRESS=ZSTD", "ZSTD_LEVEL=1", "PREDICTOR=3"]
DEFLATE = ["COMPRESS=DEFLATE", "PREDICTOR=3"]
LAYOUT = ["TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER"]  # demgrad's own defaults
MEMORY_LIMIT = 256  # MiB
MEMORY_RUNS = 2  # it hardly varies
SHORT_RUNS = 21  # rounds of what takes milliseconds
PACKED_RUNS = 3  # of what takes up to ten seconds, and hardly varies


def creation_options(options):
    return [word for option in options for word in ("-co", option)]


class Bench:
    def __init__(self, arguments, folder):
        self.program = arguments.demgrad
        self.size = arguments.size
        self.runs = arguments.runs
        self.folder = folder
        self.table = Table()
        self.output = f"{folder}/out.tif"

    def make(self, kind, width, height, pixel=30):
        """Terrain of another size than the one that most lines use."""
        path = f"{self.folder}/{kind}_{width}x{height}.tif"
        if not os.path.exists(path):
            tell(f"making {width:,} x {height:,}, {kind}")
            subprocess.run([sys.executable, TERRAIN, "make", kind, str(width), str(height),
                            str(pixel), path], check=True)
        return path

    def base(self):
        return self.make("tiled", self.size, self.size)

    def derive(self, kind):
        path = f"{self.folder}/{kind}.{'vrt' if kind == 'tiles' else 'tif'}"
        base = self.base()
        if not os.path.exists(path):
            tell(f"making {kind}")
            subprocess.run([sys.executable, TERRAIN, "derive", kind, base, path], check=True)
        return path

    def drop_rasters(self):
        """All but the one that most lines use."""
        for name in os.listdir(self.folder):
            path = f"{self.folder}/{name}"
            if os.path.isdir(path):
                shutil.rmtree(path)
            elif path != self.base():
                os.remove(path)

    def demgrad(self, name, raster, *options):
        return Command(name, [self.program, "gradient", "-q", *options, raster, self.output],
                       self.output)

    def times(self, *commands, runs=None):
        tell("measuring " + ", ".join(command.name for command in commands))
        return times(commands, runs or self.runs)


def uncompressed(bench):
    raster = bench.base()
    grass = Grass(bench.folder, raster) if shutil.which("grass") else None
    commands = [
        bench.demgrad("demgrad", raster),
        Command("cat IN IN > OUT", ["cat", raster, raster], bench.output, stdout=bench.output),
        Command("gdaldem slope", ["gdaldem", "slope", "-q", raster, bench.output], bench.output),
        Command("numpy and GDAL", [sys.executable, NUMPY, raster, bench.output], bench.output)]
    seconds = bench.times(*commands, *([grass.gradient()] if grass else []))
    add = bench.table.add_ratio
    add("Uncompressed, against copying the bytes", seconds, "demgrad", "cat IN IN > OUT",
        at_most=1.3)
    add("Uncompressed, against gdaldem slope (one band)", seconds, "gdaldem slope", "demgrad",
        at_least=7)
    add("Uncompressed, against numpy.gradient with GDAL I/O", seconds, "numpy and GDAL", "demgrad",
        at_least=4)
    if grass:
        add("Uncompressed, against r.slope.aspect dx= dy= (import not counted)", seconds, "GRASS",
            "demgrad", at_least=12)
        grass.close()


def codec(bench, name, options):
    """The rival writes again what demgrad wrote, laid out and packed as demgrad does."""
    raster, ours = bench.derive(name.lower()), f"{bench.folder}/ours.tif"
    ask = [f"--co={option}" for option in options]
    one, two = "demgrad -j 1", "demgrad -j 2"
    subprocess.run([bench.program, "gradient", "-q", *ask, raster, ours], check=True)
    translate = Command("gdal_translate", [
        "gdal_translate", "-q", "-oo", "NUM_THREADS=ALL_CPUS", "-co", "NUM_THREADS=ALL_CPUS",
        *creation_options(LAYOUT + options), ours, bench.output], bench.output)
    seconds = bench.times(bench.demgrad("demgrad", raster, *ask), translate,
                          bench.demgrad(two, raster, "-j", "2", *ask),
                          bench.demgrad(one, raster, "-j", "1", *ask))
    bench.table.add_ratio(f"{name}, against gdal_translate of demgrad's output", seconds,
                          "demgrad", "gdal_translate", at_most=1)
    bench.table.add_ratio(f"{name}, one thread against two", seconds, one, two, at_least=1.7)


def zstd(bench):
    codec(bench, "ZSTD", ZSTD)


def deflate(bench):
    codec(bench, "DEFLATE", DEFLATE)


def metric(bench):
    """No map metric exists for degrees: there the map metric of the same heights in UTM serves."""
    seconds = bench.times(bench.demgrad("map in UTM", bench.base(), "--metric", "map"),
                          bench.demgrad("ground in UTM", bench.base()),
                          bench.demgrad("ground in degrees", bench.derive("geographic")))
    for name in "ground in UTM", "ground in degrees":
        bench.table.add_ratio("Ground metric against map", seconds, name, "map in UTM", at_most=1.1)


def nodata(bench):
    seconds = bench.times(bench.demgrad("5 % nodata", bench.derive("nodata")),
                          bench.demgrad("clean", bench.base()))
    bench.table.add_ratio("Nodata-riddled against clean", seconds, "5 % nodata", "clean",
                          at_most=1.1)


def int16(bench):
    seconds = bench.times(bench.demgrad("Int16", bench.derive("int16")),
                          bench.demgrad("Float32", bench.base()))
    bench.table.add_ratio("Int16 against Float32", seconds, "Int16", "Float32", at_most=1)


def interleave(bench):
    seconds = bench.times(bench.demgrad("PIXEL", bench.base(), "--co=INTERLEAVE=PIXEL"),
                          bench.demgrad("BAND", bench.base()))
    bench.table.add_ratio("Output by pixel against by band", seconds, "PIXEL", "BAND", at_most=2)


def memory(bench):
    def add(shape, kind, raster):
        tell(f"measuring the memory for {shape}, {kind}")
        command = bench.demgrad("demgrad", raster)
        peak = peak_memory(command, f"{bench.folder}/memory", min(bench.runs, MEMORY_RUNS))
        bench.table.add_memory(f"Peak resident memory, {shape}, {kind}", peak, MEMORY_LIMIT)

    square = f"{bench.size:,} x {bench.size:,}"
    add(square, "tiled", bench.base())
    add(square, "striped", bench.derive("striped"))
    add(square, "one strip", bench.derive("one-strip"))
    add(square, "one ZSTD strip", bench.derive("zstd-strip"))
    add(square, "VRT of 2,000 tiles", bench.derive("tiles"))
    bench.drop_rasters()
    width, height = bench.size * 100, bench.size * 6 // 100
    for kind in "tiled", "striped", "one-strip":
        # Pixels so small that a UTM zone holds a million of them side by side.
        raster = bench.make(kind, width, height, 3000 / bench.size)
        add(f"{width:,} x {height:,}", kind.replace("-", " "), raster)
        os.remove(raster)


def size(bench):
    """As it is, without the start-up, which is what a tiny raster takes, and packed. Of the shortest
    runs, each size's in a row: with gigabytes to take from its host, a virtual machine can be three
    times as slow from one run to the next, with cat as well."""
    def shortest(raster, *options, runs=None):
        return min(bench.times(bench.demgrad("demgrad", raster, *options), runs=runs)["demgrad"])

    start_up, plain, packed = shortest(bench.derive("corner")), {}, {}
    for halves in 1, 2, 3, 4:
        side = bench.size * halves // 2
        megapixels = side * side / 1e6
        name = f"{megapixels:.4g} Mpx"
        raster = bench.make("tiled", side, side)
        plain[name] = shortest(raster), megapixels
        packed[name] = shortest(raster, *(f"--co={option}" for option in ZSTD),
                                runs=min(bench.runs, PACKED_RUNS)), megapixels
        if raster != bench.base():
            os.remove(raster)
    for what, seconds, start in (
            ("uncompressed", plain, 0),
            ("uncompressed, less what 100 x 100 pixels take", plain, start_up),
            ("ZSTD", packed, 0)):
        pace = {name: (took - start) / megapixels for name, (took, megapixels) in seconds.items()}
        bench.table.add_pace(f"Time per megapixel, {what}, shortest runs, slowest against quickest",
                             pace, at_most=1.15)


def small(bench):
    raster = bench.derive("corner")
    seconds = bench.times(
        bench.demgrad("demgrad", raster),
        Command("gdaldem slope", ["gdaldem", "slope", "-q", raster, bench.output], bench.output),
        runs=max(bench.runs, SHORT_RUNS))
    bench.table.add_ratio("100 x 100 pixels, start to finish", seconds, "demgrad", "gdaldem slope",
                          at_most=1)


LINES = {line.__name__: line for line in (uncompressed, zstd, deflate, metric, nodata, int16,
                                          interleave, memory, size, small)}


def read_arguments():
    parser = argparse.ArgumentParser(prog="run-bench", usage="run-bench --help lists the options",
                                     add_help=False, allow_abbrev=False)
    parser.add_argument("--demgrad", required=True)
    parser.add_argument("--result", required=True)
    parser.add_argument("--commit", default="unknown")
    parser.add_argument("--dir")
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", action="append", choices=LINES)
    arguments = parser.parse_args()
    if arguments.size < 400 or arguments.size % 200 != 0 or arguments.runs < 1:
        parser.error("--size must be a multiple of 200, at least 400, and --runs at least 1")
    return arguments


def stop(number, frame):
    sys.exit(128 + number)


def main():
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, stop)
    arguments = read_arguments()
    arguments.dir = machine.choose_folder(arguments.dir, arguments.size)
    head = machine.describe(arguments)
    with tempfile.TemporaryDirectory(prefix="demgrad-bench-", dir=arguments.dir) as folder:
        bench = Bench(arguments, folder)
        for name in dict.fromkeys(arguments.only or LINES):
            LINES[name](bench)
            bench.drop_rasters()
            with open(arguments.result, "w") as file:  # what is there if the run is cut short
                file.write(f"{head}\n{bench.table}")
    print(f"{head}\n{bench.table}", end="")


main()
