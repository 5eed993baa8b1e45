"""The lines of the benchmark's table, in Markdown."""

import statistics

HEAD = ["What", "Measured", "Against", "Ratio", "Must be", ""]


def duration(seconds):
    return f"{seconds * 1000:.3g} ms" if seconds < 0.1 else f"{seconds:.3g} s"


def timing(name, seconds):
    """The median, and the shortest and longest run."""
    text = f"{name}: {duration(statistics.median(seconds))}"
    if len(seconds) > 1:
        text += f" ({duration(min(seconds))} to {duration(max(seconds))})"
    return text


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, measured, against, figure, bound, holds):
        self.rows.append([what, measured, against, figure, bound,
                          "holds" if holds else "**falls short**"])

    def add_ratio(self, what, seconds, above, below, *, at_most=None, at_least=None):
        """The medians of the runs of two names, one divided by the other."""
        ratio = statistics.median(seconds[above]) / statistics.median(seconds[below])
        bound = f"at most {at_most}" if at_least is None else f"at least {at_least}"
        holds = ratio <= at_most if at_least is None else ratio >= at_least
        self.add(what, timing(above, seconds[above]), timing(below, seconds[below]),
                 f"{ratio:.2f}", bound, holds)

    def add_memory(self, what, mebibytes, limit):
        self.add(what, f"{mebibytes:.0f} MiB", "", "", f"at most {limit} MiB", mebibytes <= limit)

    def add_pace(self, what, seconds_per_megapixel, *, at_most):
        paces = [f"{name}: {1000 * pace:.3g} ms" for name, pace in seconds_per_megapixel.items()]
        ratio = max(seconds_per_megapixel.values()) / min(seconds_per_megapixel.values())
        self.add(what, "; ".join(paces), "", f"{ratio:.2f}", f"at most {at_most}",
                 ratio <= at_most)

    def __str__(self):
        rows = [HEAD, ["---"] * len(HEAD), *self.rows]
        return "".join("| " + " | ".join(cells) + " |\n" for cells in rows)
