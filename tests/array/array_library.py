"""demgrad/array.h for Python: its structures, and its gradient on numpy's arrays."""

import ctypes

import numpy as np

MAX_NDIM = 32
DTYPES = ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]  # in demgrad_dtype's order
CODES = {np.dtype(name): 1 + i for i, name in enumerate(DTYPES)}
Extent = ctypes.c_ssize_t * MAX_NDIM


class Error(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("message", ctypes.c_char * 8192)]


class Array(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("dtype", ctypes.c_int), ("ndim", ctypes.c_int),
                ("shape", Extent), ("strides", Extent)]


class Spacing(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("value", ctypes.c_double),
                ("coordinates", ctypes.POINTER(Array))]


class GradientOptions(ctypes.Structure):
    _fields_ = [("axes", ctypes.POINTER(ctypes.c_int)), ("n_axes", ctypes.c_int),
                ("spacings", ctypes.POINTER(Spacing)), ("n_spacings", ctypes.c_int),
                ("edge_order", ctypes.c_int), ("threads", ctypes.c_int)]


class DiffOptions(ctypes.Structure):
    _fields_ = [("n", ctypes.c_ssize_t), ("axis", ctypes.c_int),
                ("prepend", ctypes.POINTER(Array)), ("append", ctypes.POINTER(Array))]


def load(path):
    return ctypes.CDLL(path)


def view(array):
    """The demgrad_array of a numpy array, which has to outlive it."""
    size = array.itemsize
    return Array(array.ctypes.data, CODES[array.dtype], array.ndim, Extent(*array.shape),
                 Extent(*[stride // size for stride in array.strides]))


def gradient(library, f, results, spacings=(), axes=None, edge_order=1, threads=1):
    """numpy.gradient(f, *spacings, axis=axes, edge_order=edge_order) into results.

    Spacings are floats and 1-D arrays. Gives the status and the error.
    """
    options = GradientOptions(edge_order=edge_order, threads=threads, n_spacings=len(spacings))
    if axes is not None:
        options.n_axes = len(axes)
        options.axes = (ctypes.c_int * max(len(axes), 1))(*axes)
    options.spacings = given = (Spacing * max(len(spacings), 1))()
    for slot, spacing in zip(given, spacings):
        if isinstance(spacing, np.ndarray):
            slot.kind, slot.coordinates = 2, ctypes.pointer(view(spacing))
        else:
            slot.kind, slot.value = 1, spacing
    error = Error()
    status = library.demgrad_array_gradient(
        ctypes.byref(view(f)), ctypes.byref(options),
        (Array * max(len(results), 1))(*[view(r) for r in results]), len(results),
        ctypes.byref(error))
    return status, error
