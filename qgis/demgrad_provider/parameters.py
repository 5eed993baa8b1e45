"""Dialog fields from what the command says of its options: an option is a parameter, both ways."""

import os

from qgis.core import (
    QgsProcessingException,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from .compatibility import (
    creation_options_widget,
    file_behavior,
    number_type,
    parameter_flag,
)


def parameter_name(option):
    return option["name"].upper().replace("-", "_")


def label(option):
    """The option's help as a field's label: its first clause, with a capital."""
    text = option["help"].split(";")[0].split(":")[0].strip()
    return text[:1].upper() + text[1:]


def as_flag(option, default):
    return QgsProcessingParameterBoolean(parameter_name(option), label(option), defaultValue=False)


def as_number(option, default):
    kind = number_type(option["kind"] == "integer")
    limits = {}
    if option.get("min") is not None:
        limits["minValue"] = option["min"]
    if option.get("max") is not None:
        limits["maxValue"] = option["max"]
    value = None if default is None else float(default)
    if value is not None and option["kind"] == "integer":
        value = int(value)
    return QgsProcessingParameterNumber(
        parameter_name(option), label(option), kind, value, default is None, **limits
    )


def as_choice(option, default, many=False):
    chosen = default.split(",") if many and default else default
    return QgsProcessingParameterEnum(
        parameter_name(option),
        label(option),
        options=option["choices"],
        allowMultiple=many,
        defaultValue=chosen,
        optional=default is None,
        usesStaticStrings=True,
    )


def as_list(option, default):
    return as_choice(option, default, many=True)


def as_text(option, default):
    return QgsProcessingParameterString(
        parameter_name(option), label(option), defaultValue=default, optional=True
    )


def as_file(option, default):
    return QgsProcessingParameterFile(
        parameter_name(option),
        label(option),
        file_behavior(option["kind"] == "folder"),
        optional=True,
    )


def as_crs(option, default):
    return QgsProcessingParameterCrs(parameter_name(option), label(option), optional=True)


def as_creation_options(option, default):
    parameter = as_text(option, default)
    parameter.setMetadata(creation_options_widget())
    return parameter


def as_band(option, default):
    # Optional in spite of its default: QGIS 3.22 refuses the run else, where no layer is open yet.
    return QgsProcessingParameterBand(
        parameter_name(option),
        label(option),
        defaultValue=1,
        parentLayerParameterName="INPUT",
        optional=True,
    )


MAKERS = {
    "flag": as_flag,
    "integer": as_number,
    "number": as_number,
    "choice": as_choice,
    "list": as_list,
    "file": as_file,
    "folder": as_file,
    "crs": as_crs,
    "creation-options": as_creation_options,
    "band": as_band,
}

# Options with a field of another kind than their values are.
FIELDS = {"band": "band", "co": "creation-options"}
ARGUMENTS = {"CRS": "crs", "FILE": "file", "DIR": "folder"}


def field_kind(option):
    kind = FIELDS.get(option["name"], option["kind"])
    return ARGUMENTS.get(option["argument"], kind) if kind == "text" else kind


def make_parameter(option, has_layer, default=None):
    """The field of an option. `has_layer`: there is one layer, INPUT, whose bands can be listed."""
    kind = field_kind(option)
    if kind == "band" and not has_layer:
        kind = "integer"
    default = option.get("default") if default is None else default
    parameter = MAKERS.get(kind, as_text)(option, default)
    parameter.setHelp(option["help"][:1].upper() + option["help"][1:])
    if not option["is_common"]:
        parameter.setFlags(parameter.flags() | parameter_flag("Advanced"))
    return parameter


def read_value(algorithm, option, parameters, context):
    """The option's value as the dialog has it, as text for the command line; None for not given."""
    name = parameter_name(option)
    kind = field_kind(option)
    if parameters.get(name) is None and kind != "flag":
        return None
    if kind == "flag":
        return algorithm.parameterAsBool(parameters, name, context)
    if kind == "list":
        return ",".join(algorithm.parameterAsEnumStrings(parameters, name, context)) or None
    if kind == "choice":
        return algorithm.parameterAsEnumString(parameters, name, context) or None
    if kind in ("integer", "band"):
        return str(algorithm.parameterAsInt(parameters, name, context))
    if kind == "number":
        return repr(algorithm.parameterAsDouble(parameters, name, context))
    if kind == "crs":
        crs = algorithm.parameterAsCrs(parameters, name, context)
        return (crs.authid() or crs.toWkt()) if crs.isValid() else None
    if kind == "file":
        path = algorithm.parameterAsFile(parameters, name, context)
        if path and not os.path.isfile(path):
            raise QgsProcessingException(f"{path}: is no file")
        return path or None
    return algorithm.parameterAsString(parameters, name, context) or None


def to_arguments(option, value):
    """The words of the command line that say so; none for a default."""
    word = "--" + option["name"]
    if value is None or value is False or value == option.get("default"):
        return []
    if value is True:
        return [word]
    if option["name"] == "co":
        return [part for item in value.split("|") if item for part in (word, item)]
    if option.get("is_repeatable"):
        return [part for item in value.split() for part in (word, item)]
    return [f"{word}={value}"]
