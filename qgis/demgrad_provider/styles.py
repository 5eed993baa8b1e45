"""How outputs look when they are loaded: a layer style (QML) for each kind of band."""

import os
import tempfile

from osgeo import gdal
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
)

from . import command
from .compatibility import blend_multiply

# By the band's description: the ramp, the range (None: from the statistics), whether it is about 0.
LOOKS = {
    "dz/dx": dict(ramp="balance", is_about_0=True),
    "dz/dy": dict(ramp="balance", is_about_0=True),
    "slope": dict(ramp="heat", low=0),
    "aspect": dict(ramp="compass", low=0, high=360),
    "hillshade": dict(ramp="grey", low=1, high=255, is_multiplied=True),
    "quality": dict(ramp="quality", low=0, high=2),
    "error": dict(ramp="error", low=0),
}


def look_of(description):
    for start, look in LOOKS.items():
        if description.startswith(start):
            return look
    return LOOKS["slope"]


def ramp_colours(name):
    return next(r["colours"] for r in command.usage()["ramps"] if r["name"] == name)


def minimum_and_maximum(band):
    """As demgrad wrote them; of a file without them, about, and without a side file."""
    items = band.GetMetadata()
    try:
        return float(items["STATISTICS_MINIMUM"]), float(items["STATISTICS_MAXIMUM"])
    except (KeyError, ValueError):
        return tuple(band.ComputeRasterMinMax(True))


def band_range(band, look):
    low, high = look.get("low"), look.get("high")
    if low is None or high is None:
        minimum, maximum = minimum_and_maximum(band)
        if look.get("is_about_0"):
            high = max(abs(minimum), abs(maximum)) or 1
            low = -high
        else:
            low = minimum if low is None else low
            high = maximum if high is None else high
    return low, high if high > low else low + 1


QML = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology">
 <pipe>
  <rasterrenderer type="singlebandpseudocolor" band="{band}" opacity="1" alphaBand="-1" classificationMin="{low!r}" classificationMax="{high!r}">
   <rastershader>
    <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="{low!r}" maximumValue="{high!r}" labelPrecision="4">
{items}
    </colorrampshader>
   </rastershader>
  </rasterrenderer>
  <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
  <huesaturation colorizeOn="0" saturation="0" grayscaleMode="0"/>
  <rasterresampler maxOversampling="2"/>
 </pipe>
 <blendMode>{blend}</blendMode>
</qgis>
"""

ITEM = '     <item value="{value!r}" label="{value:.4g}" color="{colour}" alpha="255"/>'


def make_qml(path, number=1):
    """The style of a band of the raster at `path`."""
    dataset = gdal.Open(path)
    band = dataset.GetRasterBand(number)
    look = look_of(band.GetDescription())
    low, high = band_range(band, look)
    colours = ramp_colours(look["ramp"])
    steps = len(colours) - 1
    items = [
        ITEM.format(value=low + (high - low) * i / steps, colour=colour)
        for i, colour in enumerate(colours)
    ]
    blend = blend_multiply() if look.get("is_multiplied") else 0
    return QML.format(band=number, low=low, high=high, items="\n".join(items), blend=blend)


def apply(layer, path):
    """Gives a layer the style of its first band."""
    with tempfile.TemporaryDirectory() as folder:
        style = os.path.join(folder, "style.qml")
        with open(style, "w", encoding="utf-8") as file:
            file.write(make_qml(path))
        layer.loadNamedStyle(style)
    layer.triggerRepaint()


class Styler(QgsProcessingLayerPostProcessorInterface):
    # Processing does not keep what it is given.
    kept = []

    def __init__(self, path):
        super().__init__()
        self.path = path
        Styler.kept.append(self)

    def postProcessLayer(self, layer, context, feedback):
        try:
            apply(layer, self.path)
        except RuntimeError as problem:  # a raster of nodata has no statistics
            feedback.pushInfo(f"{self.path}: no style: {problem}")
        Styler.kept.remove(self)


def apply_on_load(path, context):
    if context.willLoadLayerOnCompletion(path):
        context.layerToLoadOnCompletionDetails(path).setPostProcessor(Styler(path))


def load(path, name, context):
    """Has a raster loaded with its style that is no destination of the algorithm."""
    layer = QgsRasterLayer(path, name)
    if not layer.isValid() or context.project() is None:
        return
    context.temporaryLayerStore().addMapLayer(layer)
    details = QgsProcessingContext.LayerDetails(name, QgsProject.instance(), name)
    details.setPostProcessor(Styler(path))
    context.addLayerToLoadOnCompletion(layer.id(), details)
