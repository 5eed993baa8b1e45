"""Differences of every stencil, written from their definitions: slow, and right around holes."""

import numpy as np

from support import differences

# Weights of z[+i] - z[-i] in the lines beside a pixel's own, from the nearest; see src/kernel/stencil.c.
MASKS = {
    "central": [[1]],
    "horn": [[2], [1]],
    "florinsky": [[68, 17], [62, 5], [44, -31]],
    "fourth": [[8, -1]],
}


def mask_of(method, window=3):
    if method == "evans":
        half = window // 2
        return [list(range(1, half + 1))] * (half + 1)
    return MASKS[method]


def shifted(z, step, axis):
    """z at `step` places on along the axis, NaN beyond the rim."""
    result = np.full_like(z, np.nan)
    n = z.shape[axis]
    if abs(step) < n:
        to = [slice(None)] * 2
        from_ = [slice(None)] * 2
        to[axis] = slice(max(0, -step), n - max(0, step))
        from_[axis] = slice(max(0, step), n - max(0, -step))
        result[tuple(to)] = z[tuple(from_)]
    return result


def line_slopes(z, axis, weights, edge_order, propagate):
    """From the pairs that are whole, counted outwards; without one, as numpy.gradient at an end."""
    slopes = differences(z, axis, edge_order=edge_order, propagate=False)
    slopes[~np.isfinite(z)] = np.nan
    whole = np.isfinite(z)
    total, gain = np.zeros_like(z), 0
    for i, weight in enumerate(weights, 1):
        pair = shifted(z, i, axis) - shifted(z, -i, axis)
        whole = whole & np.isfinite(pair)
        total = total + weight * pair
        gain += 2 * i * weight
        slopes = np.where(whole, total / gain, slopes)
    return np.where(whole, slopes, np.nan) if propagate else slopes


def difference(z, axis, method, window=3, edge_order=1, propagate=False):
    """The mean of the slopes of the lines that have one; nothing where the pixel has no data."""
    mask = mask_of(method, window)
    slopes_by = {weights: line_slopes(z, axis, weights, edge_order, propagate)
                 for weights in {tuple(weights) for weights in mask}}
    total, gains = np.zeros_like(z), np.zeros_like(z)
    missing = np.zeros(z.shape, bool)
    for line in range(1 - len(mask), len(mask)):
        weights = mask[abs(line)]
        gain = sum(2 * i * weight for i, weight in enumerate(weights, 1))
        slopes = shifted(slopes_by[tuple(weights)], line, 1 - axis)
        has_slope = np.isfinite(slopes)
        total += np.where(has_slope, gain * slopes, 0)
        gains += np.where(has_slope, gain, 0)
        missing |= ~has_slope
    with np.errstate(invalid="ignore"):
        result = total / gains
    result[~np.isfinite(z)] = np.nan
    if propagate or len(mask) == 1:
        result[missing] = np.nan
    return result


def whole(z, method, window=3):
    """Where both differences have all pixels of their stencils."""
    mask = mask_of(method, window)
    result = np.isfinite(z)
    for axis in (0, 1):
        for line in range(1 - len(mask), len(mask)):
            for place in range(-len(mask[0]), len(mask[0]) + 1):
                result &= np.isfinite(shifted(shifted(z, place, axis), line, 1 - axis))
    return result


def gradient(z, pixel, **how):
    """dz/dx, dz/dy on a north-up grid of `pixel` = (width, height) metres."""
    along, across = difference(z, 1, **how) / pixel[0], -difference(z, 0, **how) / pixel[1]
    return np.stack([along, across])
