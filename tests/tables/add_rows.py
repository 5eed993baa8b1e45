#!/usr/bin/env python3
"""usage: add_rows.py KERNEL OUT

Adds a stencil and a band to copies of the kernel's sources as someone would who wants them: a row in each
table, and a function. Nothing else of demgrad is touched; test_tables.py says what comes of it.
"""

import sys
from pathlib import Path

STENCIL_WEIGHTS = "static const double SOBEL[] = {12, 6, 8, 4, 2, 1};\n\n"
STENCIL_ROW = '    {"sobel-5", "Sobel\'s 5 x 5", 2, 2, false, SOBEL},\n'
BAND_FUNCTION = """
static inline REAL NAME(tilt_of)(REAL dzdx, REAL dzdy, const dg_band_settings *settings) {
    return dzdx + (REAL)(2 * settings->light.exaggeration) * dzdy;
}

"""
BAND_LOOP = "OF_GRADIENT(tilt, tilt_of)\n"
BAND_ROW = '    {"tilt", "a tilt", "m/m", -HUGE_VAL, HUGE_VAL, DG_NEEDS_BOTH | DG_NEEDS_LIGHT, BAND(tilt)},\n'

# Each file, and what comes before which of its lines.
ADDED = {
    "stencil.c": [(STENCIL_WEIGHTS, "const dg_stencil dg_stencils[] = {\n"),
                  (STENCIL_ROW, '    {"fourth", ')],
    "bands.inc": [(BAND_FUNCTION, "/* Makes a band's function of that of a pixel. */\n"),
                  (BAND_LOOP, "OF_GRADIENT(slope, ")],
    "kernel_tier.c": [(BAND_ROW, '    {"slope", ')],
    "kernel_real.inc": [],  # which includes the one beside it
}


def main():
    kernel, out = Path(sys.argv[1]), Path(sys.argv[2])
    for name, places in ADDED.items():
        text = (kernel / name).read_text()
        for added, line in places:
            if text.count(line) != 1:
                sys.exit(f"{name}: has not one place for a row or function, before: {line}")
            text = text.replace(line, added + line)
        (out / name).write_text(text)


if __name__ == "__main__":
    main()
