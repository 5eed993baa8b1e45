"""Where the benchmark runs: the machine, its programs, and a folder with room."""

import os
import platform
import re
import shutil
import subprocess
import sys

import numpy
from osgeo import gdal

ROOM = 12e9  # bytes that a run with 10,000 x 10,000 pixels needs at its peak
SPARE = 3e8  # and one of any size


def read(path):
    with open(path) as file:
        return file.read()


def first_match(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def choose_folder(asked, size):
    room = ROOM * (size / 10000) ** 2 + SPARE
    folder = asked or os.environ.get("TMPDIR", "/tmp")
    if not os.path.isdir(folder) or shutil.disk_usage(folder).free < room:
        sys.exit(f"run-bench: {folder} is no folder with {room / 1e9:.1f} GB free: name one with "
                 "--dir, or take a smaller --size")
    return folder


def file_system(folder):
    """That of the mount point nearest to the folder."""
    folder = os.path.realpath(folder)
    mounts = [line.split()[1:3] for line in read("/proc/mounts").splitlines()]
    over = [mount for mount in mounts if os.path.commonpath([mount[0], folder]) == mount[0]]
    return max(over, key=lambda mount: len(mount[0]))[1]


def first_line(*argv):
    if not shutil.which(argv[0]):
        return f"no {argv[0]}"
    done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return (done.stdout or done.stderr).splitlines()[0]


def describe(arguments):
    memory = int(first_match(r"^MemTotal: *(\d+)", read("/proc/meminfo"))) / 2**20
    facts = {
        "Machine": f"{first_match(r'^model name.*: (.*)', read('/proc/cpuinfo'))}, "
                   f"{os.cpu_count()} cores, {memory:.0f} GiB of memory, "
                   f"load {os.getloadavg()[0]:.2f} at the start",
        "System": f"{first_match(r'^PRETTY_NAME=.(.*).$', read('/etc/os-release'))}, "
                  f"Linux {platform.release()}, files on {file_system(arguments.dir)}",
        "demgrad": f"{first_line(arguments.demgrad, '--version')}, commit {arguments.commit}",
        "Rivals": f"{first_line('gdaldem', '--version')}; numpy {numpy.__version__} with GDAL "
                  f"{gdal.VersionInfo('RELEASE_NAME')}; {first_line('grass', '--version')}; "
                  f"{first_line('cat', '--version')}",
        "Runs": f"{arguments.size:,} x {arguments.size:,} pixels; medians of {arguments.runs} "
                "runs, at least 21 for 100 x 100, the commands taking turns, warm cache; in "
                "brackets the shortest and the longest run",
    }
    return "".join(f"- {name}: {fact}\n" for name, fact in facts.items())
