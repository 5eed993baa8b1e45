#!/usr/bin/env python3
"""usage: faces.py BUILD SOURCE

A part has its headers for others in the folder `face`, its inside beside its sources. With the
compiler's command for each part: no include of another part's inside compiles, nor one of a face that
the part is not to know; each face compiles alone, with the faces that its part knows. No include leads
through folders, past what the build hands out.
"""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

# What each part may know beside itself and core: the parts' order, as src/meson.build draws it.
KNOWS = {
    "core": set(),
    "gdal": set(),
    "files": {"gdal"},
    "array": set(),
    "metric": set(),
    "kernel": set(),
    "formats": {"gdal"},
    "reader": {"gdal", "files", "formats"},
    "writer": {"gdal", "files"},
    "pipeline": {"reader", "metric", "kernel"},
    "api": {"files", "pipeline", "reader", "metric", "kernel", "writer"},
    "batch": {"gdal", "files", "api"},
    "preview": {"gdal", "files", "api"},
    "option": {"gdal"},
    "cli": {"files", "api", "option"},
}


def commands(build, source):
    """For each part: the compiler's words for its first source, without input and output."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if path.parent.parent != source / "src" or path.suffix != ".c":
            continue
        words = shlex.split(entry["command"])
        keep = words[: words.index("-MD")] if "-MD" in words else words[: words.index("-o")]
        found.setdefault(path.parent.name, (entry["directory"], keep))
    return found


def run(command, text, without=None):
    """What the compiler says of a source; without a folder of the -I words."""
    directory, words = command
    kept = [w for w in words if not w.startswith("-I") or Path(directory, w[2:]).resolve() != without]
    done = subprocess.run(kept + ["-fsyntax-only", "-Werror", "-x", "c", "-"], input=text, text=True,
                          cwd=directory, capture_output=True)
    return done.returncode, done.stderr


def headers(folder):
    return sorted(path.name for path in folder.glob("*.h"))


def forbidden(source, part):
    """Pairs (header, what it is) that the part is not to include."""
    for other in sorted(KNOWS.keys() - {part}):
        for name in headers(source / "src" / other):
            yield name, f"the inside of {other}"
        if other != "core" and other not in KNOWS[part]:
            for name in headers(source / "src" / other / "face"):
                yield name, f"of {other}, which it is not to know"


def ways_round(source):
    """Includes by a path."""
    for path in sorted((source / "src").rglob("*.*")):
        if path.suffix in (".c", ".h", ".inc", ".cpp"):
            for name in re.findall(r'^\s*#\s*include\s*"([^"]*/[^"]*)"', path.read_text(), re.M):
                yield f"{path.relative_to(source)} includes {name} by its path"


def check_forbidden(command, source, part):
    pairs = dict(forbidden(source, part))
    directory, words = command  # libraries have headers of such names too
    own = [w for w in words if not w.startswith("-isystem") and
           (not w.startswith("-I") or source in Path(directory, w[2:]).resolve().parents)]
    text = "".join(f'#if __has_include("{n}")\n#error FOUND {n}\n#endif\n' for n in pairs)
    _, said = run((directory, own), text)
    found = set(re.findall(r"FOUND (\S+)", said))
    return [f"{part} can include {name}, {pairs[name]}" for name in sorted(found)], len(pairs)


def check_faces(command, source, part):
    names = headers(source / "src" / part / "face")
    return [f"{part}/face/{name} does not compile with faces alone: {said}" for name in names
            for status, said in [run(command, f'#include "{name}"\n', source / "src" / part)]
            if status != 0], len(names)


def main():
    build, source = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    parts = commands(build, source)
    wrong = [f"no source of the part {part}" for part in sorted(KNOWS.keys() - parts.keys())]
    wrong += ways_round(source)
    wrong += [f"the part {part} is not known here" for part in sorted(parts.keys() - KNOWS.keys())]
    tried = 0
    for part in sorted(KNOWS.keys() & parts.keys()):
        for check in check_forbidden, check_faces:
            lines, count = check(parts[part], source, part)
            wrong += lines
            tried += count
    print(f"{tried} includes tried")
    for line in wrong:
        print(line)
    return 1 if wrong or tried < 500 else 0


if __name__ == "__main__":
    sys.exit(main())
