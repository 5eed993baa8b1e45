"""The algorithms: each is a row of a table, whose dialog comes from the command's own options."""

import html
import json
import os

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingMultiStepFeedback,
    QgsProcessingOutputHtml,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtGui import QIcon

from . import command, styles
from .compatibility import file_behavior, raster_source_type
from .parameters import make_parameter, parameter_name, read_value, to_arguments

FOLDER = os.path.dirname(__file__)

ROWS = [
    dict(
        name="gradient",
        title="Gradient (dz/dx, dz/dy)",
        about="dz/dx and dz/dy of a DEM in metres of rise per metre travelled on the ground, towards grid "
        "east and grid north, or towards true east and north. Right in degrees, Web Mercator, UTM, polar "
        "and any other grid, and in feet. One-sided at the rim and around holes.",
        tags="dem,derivative,slope,components,partial,dx,dy,elevation",
    ),
    dict(
        name="terrain",
        title="Terrain bands",
        about="Any of slope, aspect, hillshade, gradient, quality and errors of a DEM in one pass and one "
        "file.",
        tags="dem,slope,aspect,hillshade,quality,error,uncertainty,elevation",
        bands="slope-degrees,aspect,hillshade",
    ),
    dict(
        name="slope",
        title="Slope",
        about="The slope of a DEM in degrees, on the ground: right in geographic and Web Mercator grids too.",
        tags="dem,steepness,gradient,degrees,percent,elevation",
        bands="slope-degrees",
        choices=["slope-degrees", "slope-percent", "slope"],
    ),
    dict(
        name="aspect",
        title="Aspect",
        about="The way down in degrees clockwise from grid north (or true north, with the frame).",
        tags="dem,exposition,direction,azimuth,elevation",
        bands="aspect",
        choices=["aspect"],
    ),
    dict(
        name="hillshade",
        title="Hillshade",
        about="Shaded relief, 1 to 255: from one light, from several, or combined with the slope.",
        tags="dem,relief,shading,light,elevation",
        bands="hillshade",
        choices=["hillshade"],
    ),
]


def options_of(name):
    return [o for o in command.usage()["options"] if name in o["commands"] and not o["is_for_lines"]]


def layer_path(layer):
    """The file of a raster layer; an exception that says why where it is none."""
    provider = layer.dataProvider().name() if layer.dataProvider() else layer.providerType()
    path = layer.source().split("|")[0]
    if provider != "gdal":
        raise QgsProcessingException(
            f"{layer.name()}: is a layer of {provider}, not a file; export it first (Export, Save As)"
        )
    if path.startswith("MEM:") or path.startswith("/vsimem/"):
        raise QgsProcessingException(f"{layer.name()}: is in memory only; save it to a file first")
    return path


class Base(QgsProcessingAlgorithm):
    def __init__(self, row):
        super().__init__()
        self.row = row

    def createInstance(self):
        return type(self)(self.row)

    def name(self):
        return self.row["name"]

    def displayName(self):
        return self.row["title"]

    def group(self):
        return self.row.get("group", "Terrain")

    def groupId(self):
        return self.group().lower()

    def tags(self):
        return self.row["tags"].split(",")

    def shortDescription(self):
        return self.row["about"].split(". ")[0].split(": ")[0].rstrip(".") + "."

    def shortHelpString(self):
        lines = ["<p>" + html.escape(self.row["about"]) + "</p>"]
        for option in self.options():
            lines.append(f"<p><b>{html.escape(parameter_name(option))}</b>: {html.escape(option['help'])}</p>")
        return "".join(lines)

    def icon(self):
        return QIcon(self.svgIconPath())

    def svgIconPath(self):
        path = os.path.join(FOLDER, "icons", self.row["name"] + ".svg")
        return path if os.path.exists(path) else os.path.join(FOLDER, "icons", "demgrad.svg")

    def canExecute(self):
        """Listed where the command is missing too; the dialog then says what to do."""
        try:
            command.find()
        except command.CommandError as problem:
            return False, str(problem)
        return True, ""

    def options(self):
        return options_of("gradient")

    def add_options(self, has_layer):
        for option in self.options():
            self.addParameter(make_parameter(option, has_layer))

    def input_layer(self, parameters, context):
        layer = self.parameterAsRasterLayer(parameters, "INPUT", context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, "INPUT"))
        return layer

    def arguments(self, parameters, context, but=()):
        """The words of the command line; without those of the options named in `but`."""
        words = []
        for option in self.options():
            if option["name"] not in but:
                words += to_arguments(option, read_value(self, option, parameters, context))
        return words

    def run_command(self, arguments, feedback, folder=None):
        try:
            return command.Run(arguments, feedback, folder)()
        except command.CommandError as problem:
            raise QgsProcessingException(str(problem))


class Raster(Base):
    """One layer, or several that are one mosaic, to one raster."""

    def options(self):
        options = options_of("gradient")
        for i, option in enumerate(options):
            if option["name"] == "bands" and "bands" in self.row:
                choices = self.row.get("choices", option["choices"])
                options[i] = dict(option, choices=choices, default=self.row["bands"], is_common=True)
        return options

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterRasterLayer("INPUT", "Elevation"))
        more = QgsProcessingParameterMultipleLayers(
            "MORE", "More rasters on the same grid, as one mosaic", raster_source_type(), optional=True
        )
        self.addParameter(more)
        self.add_options(has_layer=True)
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", self.row["title"]))

    def processAlgorithm(self, parameters, context, feedback):
        layers = [self.input_layer(parameters, context)]
        layers += self.parameterAsLayerList(parameters, "MORE", context) or []
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        words = self.arguments(parameters, context)
        bands = next((w[len("--bands="):] for w in words if w.startswith("--bands=")), None)
        if bands is None and "bands" in self.row:
            bands = self.row["bands"]
            words.append("--bands=" + bands)
        words = ["gradient", "--overwrite", "--progress=json", *words, "--",
                 *[layer_path(layer) for layer in layers], output]
        self.run_command(words, feedback, os.path.dirname(output))
        if not os.path.exists(output):
            raise QgsProcessingException(f"{output}: was not written")
        styles.apply_on_load(output, context)
        return {"OUTPUT": output}


class Batch(Base):
    """Layers or a folder of tiles to a folder of outputs, without seams."""

    def options(self):
        return options_of("batch")

    def initAlgorithm(self, configuration=None):
        self.addParameter(
            QgsProcessingParameterMultipleLayers(
                "LAYERS", "Elevation tiles", raster_source_type(), optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterFile(
                "FOLDER", "Or a folder of tiles", file_behavior(True), optional=True
            )
        )
        self.add_options(has_layer=False)
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT_DIR", "Folder for the outputs"))
        self.addOutput(QgsProcessingOutputRasterLayer("OUTPUT", "All outputs as one raster"))

    def processAlgorithm(self, parameters, context, feedback):
        layers = self.parameterAsLayerList(parameters, "LAYERS", context) or []
        folder = self.parameterAsFile(parameters, "FOLDER", context)
        inputs = [layer_path(layer) for layer in layers] + ([folder] if folder else [])
        if not inputs:
            raise QgsProcessingException("Give the tiles, as layers (LAYERS) or as a folder (FOLDER)")
        output = self.parameterAsString(parameters, "OUTPUT_DIR", context)
        words = self.arguments(parameters, context) + ["--output-dir=" + output]
        steps = QgsProcessingMultiStepFeedback(2, feedback)
        self.run_command(["batch", "--progress=json", *words, "--", *inputs], steps, output)
        steps.setCurrentStep(1)
        words = self.arguments(parameters, context, but=("prune",)) + ["--output-dir=" + output]
        self.run_command(["batch", "--verify", "--progress=none", *words, "--", *inputs], steps)
        mosaic = os.path.join(output, "gradient.vrt")
        if not os.path.exists(mosaic):
            raise QgsProcessingException(f"{mosaic}: was not written")
        styles.load(mosaic, "gradient", context)
        return {"OUTPUT_DIR": output, "OUTPUT": mosaic}


class Info(Base):
    """What a run would assume, as a page."""

    def options(self):
        return options_of("info")

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterRasterLayer("INPUT", "Elevation"))
        self.add_options(has_layer=True)
        self.addParameter(
            QgsProcessingParameterFileDestination("OUTPUT", "Report", "HTML files (*.html)", optional=True)
        )
        self.addOutput(QgsProcessingOutputHtml("OUTPUT", "Report"))

    def processAlgorithm(self, parameters, context, feedback):
        layer = self.input_layer(parameters, context)
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        words = self.arguments(parameters, context)
        answer = self.run_command(["info", "--json", *words, "--", layer_path(layer)], feedback)
        if not output:  # it is optional: the log has the facts then
            feedback.pushConsoleInfo(answer)
            return {}
        try:
            with open(output, "w", encoding="utf-8") as file:
                file.write(page(layer.name(), json.loads(answer)))
        except OSError as problem:
            raise QgsProcessingException(f"{output}: cannot be written: {problem.strerror}")
        return {"OUTPUT": output}


class Preview(Base):
    """A picture."""

    def options(self):
        return options_of("preview")

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterRasterLayer("INPUT", "Elevation, or a gradient by demgrad"))
        self.add_options(has_layer=True)
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "OUTPUT", "Picture", "PNG files (*.png);;SVG files (*.svg);;PDF files (*.pdf);;JPEG files (*.jpg)"
            )
        )

    def processAlgorithm(self, parameters, context, feedback):
        layer = self.input_layer(parameters, context)
        output = self.parameterAsFileOutput(parameters, "OUTPUT", context)
        words = self.arguments(parameters, context)
        self.run_command(
            ["preview", "--overwrite", "--progress=json", *words, "--", layer_path(layer), output],
            feedback, os.path.dirname(output)
        )
        if not os.path.exists(output):
            raise QgsProcessingException(f"{output}: was not written")
        return {"OUTPUT": output}


def page(name, facts):
    """JSON as a page of nested tables."""

    def cell(value):
        if isinstance(value, dict):
            rows = "".join(
                f"<tr><th align='left'>{html.escape(str(key)).replace('_', ' ')}</th><td>{cell(item)}</td></tr>"
                for key, item in value.items()
            )
            return f"<table>{rows}</table>"
        if isinstance(value, list):
            return ", ".join(cell(item) for item in value)
        return html.escape("" if value is None else str(value))

    return (
        "<html><head><meta charset='utf-8'></head><body>"
        f"<h2>{html.escape(name)}</h2>{cell(facts)}</body></html>"
    )


OTHERS = [
    (Batch, dict(
        name="batch", title="Gradients of many tiles", group="Tiles",
        about="An output for each tile, computed with its neighbours' pixels, so that there are no seams. "
        "Outputs that are there and up to date are kept.",
        tags="dem,tiles,mosaic,seamless,slope,batch,folder")),
    (Info, dict(
        name="info", title="What demgrad assumes of a raster", group="Inspection",
        about="The CRS, metric, ground pixel size, elevation unit and nodata that a run would assume, as a "
        "page.",
        tags="dem,info,metadata,unit,crs,pixel size")),
    (Preview, dict(
        name="preview", title="Picture of a DEM", group="Inspection",
        about="A shaded relief, slopes, aspects, components, quality or errors, with legend and scale bar, "
        "as PNG, SVG, PDF or JPEG.",
        tags="dem,picture,map,relief,report,png")),
]


def make_algorithms():
    """All whose command is among those that the shipped description has."""
    known = {c["name"] for c in command.usage()["commands"]}
    rasters = [Raster(row) for row in ROWS]
    return rasters + [make(row) for make, row in OTHERS if row["name"] in known]
