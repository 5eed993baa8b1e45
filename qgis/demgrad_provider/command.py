"""The command demgrad: where it is, what it takes, and how it is run."""

import functools
import glob
import json
import os
import shutil
import subprocess
import sys
import threading

from .compatibility import setting

FOLDER = os.path.dirname(__file__)
SETTING = "DEMGRAD_COMMAND"
PROGRAM = "demgrad.exe" if sys.platform == "win32" else "demgrad"

MISSING = (
    "The command demgrad was not found. Install it, or say where it is: Settings, Options, "
    "Processing, Providers, demgrad. It was looked for in that setting, on PATH and beside the plugin."
)

# Seconds between two looks at whether the user cancelled, and until a command that does not end by
# itself is killed.
INTERVAL = 0.1
PATIENCE = 0.7


class CommandError(Exception):
    """The command is missing, or failed; the text is for the user."""


@functools.lru_cache(maxsize=None)
def usage():
    """What the command says of its options (demgrad --json-usage), as shipped with the plugin."""
    with open(os.path.join(FOLDER, "usage.json"), encoding="utf-8") as file:
        return json.load(file)


def candidates():
    configured = os.path.expanduser(setting(SETTING).strip())
    if configured:
        yield configured
        yield os.path.join(configured, PROGRAM)
    yield shutil.which(PROGRAM) or ""
    yield os.path.join(FOLDER, PROGRAM)


def find():
    """The command's path; CommandError where there is none."""
    for path in candidates():
        if path and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise CommandError(MISSING)


def quote(argument):
    """An argument as a shell takes it, to be copied."""
    if sys.platform == "win32":
        return subprocess.list2cmdline([argument])
    import shlex

    return shlex.quote(argument)


def environment():
    """QGIS' own paths of libraries and data are not the command's, where the two were built apart."""
    kept = dict(os.environ)
    kept.pop("PYTHONHOME", None)
    return kept


def remove_unfinished(folder, pid):
    """Removes what a killed command left in the folder of its output; its lock file names the process."""
    for lock in glob.glob(os.path.join(glob.escape(folder), ".demgrad-*", "lock")):
        try:
            with open(lock, encoding="utf-8") as file:
                is_its_own = f"pid {pid}" in file.read().splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        if is_its_own and not os.path.islink(os.path.dirname(lock)):
            shutil.rmtree(os.path.dirname(lock), ignore_errors=True)


class Run:
    """One run of the command: shows its progress, warnings and errors, and ends it on a cancel. `folder`
    is where it writes, if it does."""

    def __init__(self, arguments, feedback, folder=None):
        self.arguments = [find(), *arguments]
        self.feedback = feedback
        self.folder = folder
        self.errors = []
        self.answer = []
        self.process = None

    def __call__(self):
        """Runs it. What it wrote to stdout; CommandError where it failed or was cancelled."""
        self.feedback.pushCommandInfo(" ".join(map(quote, self.arguments)))
        try:
            self.process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as problem:
            raise CommandError(f"{self.arguments[0]}: cannot be run: {problem.strerror}")
        readers = [
            threading.Thread(target=self._collect, args=(self.process.stdout, self.answer)),
            threading.Thread(target=self._collect, args=(self.process.stderr, None)),
        ]
        self.lines = []
        self.lock = threading.Lock()
        for reader in readers:
            reader.start()
        cancelled = self._wait()
        for reader in readers:
            reader.join()
        self._tell()
        self.process.stdout.close()
        self.process.stderr.close()
        if cancelled:
            if self.folder is not None:
                remove_unfinished(self.folder, self.process.pid)
            raise CommandError("cancelled; nothing was kept")
        if self.process.returncode != 0:
            raise CommandError(
                "\n".join(self.errors) or f"demgrad ended with status {self.process.returncode}"
            )
        return "".join(self.answer)

    def _collect(self, stream, answer):
        """Feedback is this thread's no business: lines wait for the one that called."""
        for line in stream:
            text = line.decode("utf-8", "replace")
            if answer is not None:
                answer.append(text)
                continue
            with self.lock:
                self.lines.append(text.rstrip("\r\n"))

    def _wait(self):
        """Until the process has ended; whether it was cancelled."""
        cancelled = False
        waited = 0.0
        while True:
            try:
                self.process.wait(INTERVAL)
                return cancelled
            except subprocess.TimeoutExpired:
                self._tell()
            if self.feedback.isCanceled() and not cancelled:
                cancelled = True
                self.process.terminate()
            elif cancelled:
                waited += INTERVAL
                if waited >= PATIENCE:
                    self.process.kill()

    def _tell(self):
        with self.lock:
            lines, self.lines = self.lines, []
        for line in lines:
            self._tell_line(line)

    def _tell_line(self, line):
        if line.startswith("{"):
            try:
                self.feedback.setProgress(100 * float(json.loads(line)["done"]))
                return
            except (ValueError, KeyError, TypeError):
                pass
        if line.startswith("demgrad: warning: "):
            self.feedback.pushWarning(line[len("demgrad: warning: "):])
        elif line.startswith("demgrad: error: "):
            self.errors.append(line[len("demgrad: error: "):])
        elif line:
            self.feedback.pushConsoleInfo(line)
