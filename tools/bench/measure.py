"""Runs commands side by side, and says how long they took and how much memory they held."""

import os
import shutil
import subprocess
import sys
import time


class Command:
    """What to run; `prepare` removes what the run before it left and is not timed."""

    def __init__(self, name, argv, output=None, *, stdout=None, prepare=None, env=None):
        self.name = name
        self.argv = argv
        self.output = output
        self.stdout = stdout
        self.prepare = prepare
        self.env = env

    def run(self, before=()):
        """Seconds from start to finish; `before` is put in front of the command."""
        if self.output and os.path.exists(self.output):
            os.remove(self.output)
        if self.prepare:
            self.prepare()
        os.sync()  # or the disk would be busy with what other commands wrote
        with open(self.stdout or os.devnull, "wb") as out:
            start = time.perf_counter()
            done = subprocess.run([*before, *self.argv], stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=subprocess.PIPE, env=self.env)
            seconds = time.perf_counter() - start
        if done.returncode != 0:
            sys.exit(f"run-bench: {self.name} failed: {' '.join(self.argv)}\n"
                     + done.stderr.decode(errors="replace")[-2000:])
        return seconds


def tell(text):
    print(f"run-bench: {text}", file=sys.stderr, flush=True)


def times(commands, rounds):
    """Seconds of every run, by the command's name. The commands take turns, so that what disturbs
    the machine for a while disturbs them all; a first round warms the caches and is not kept."""
    seconds = {command.name: [] for command in commands}
    for index in range(rounds + 1):
        for command in commands:
            took = command.run()
            if index > 0:
                seconds[command.name].append(took)
    for command in commands:
        if command.output and os.path.exists(command.output):
            os.remove(command.output)
    return seconds


def peak_memory(command, log, rounds):
    """Largest resident memory of any run, in MiB. GNU time starts the command, as a process that
    this one starts is given this one's own memory as its first peak."""
    peak = 0
    for _ in range(rounds):
        command.run(before=("/usr/bin/time", "-f", "%M", "-o", log))
        with open(log) as file:
            peak = max(peak, int(file.read().split()[-1]) / 1024)
    os.remove(command.output)
    return peak


class Grass:
    """A GRASS database with one raster in it, for modules that are run without GRASS's start."""

    def __init__(self, folder, raster):
        base = subprocess.run(["grass", "--config", "path"], check=True, capture_output=True,
                              text=True).stdout.strip()
        self.folder = f"{folder}/grass"
        os.mkdir(self.folder)
        session = f"{self.folder}/session"
        with open(session, "w") as file:
            file.write(f"GISDBASE: {self.folder}\nLOCATION_NAME: bench\nMAPSET: PERMANENT\n")
        path = [f"{base}/bin", f"{base}/scripts", os.environ["PATH"]]
        self.env = dict(os.environ, GISBASE=base, GISRC=session, PATH=":".join(path),
                        LD_LIBRARY_PATH=f"{base}/lib", GRASS_PYTHON=sys.executable)
        self.module("grass", "-c", raster, f"{self.folder}/bench", "-e", env=os.environ)
        self.module("r.in.gdal", "--quiet", f"input={raster}", "output=z")
        self.module("g.region", "raster=z")

    def module(self, *argv, env=None):
        subprocess.run(argv, check=True, env=env or self.env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def gradient(self):
        remove = ("g.remove", "-f", "--quiet", "type=raster", "name=dx,dy")
        return Command("GRASS", ["r.slope.aspect", "--quiet", "elevation=z", "dx=dx", "dy=dy"],
                       prepare=lambda: self.module(*remove), env=self.env)

    def close(self):
        shutil.rmtree(self.folder)
