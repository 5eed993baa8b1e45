"""A Processing script for QGIS: the slope of a DEM in classes, with demgrad and QGIS' reclassification.

Processing toolbox, Scripts, Add script to toolbox; or
qgis_process run script:slope_classes -- INPUT=dem.tif OUTPUT=classes.tif
"""

import processing
from qgis.processing import alg


@alg(name="slope_classes", label="Slope in classes (demgrad)", group="demgrad", group_label="demgrad")
@alg.input(type=alg.RASTER_LAYER, name="INPUT", label="Elevation")
@alg.input(type=alg.RASTER_LAYER_DEST, name="OUTPUT", label="Classes")
def slope_classes(instance, parameters, context, feedback, inputs):
    """Slopes up to 5, 15, 30 degrees and above, as 1 to 4."""
    slope = processing.run(
        "demgrad:slope",
        {"INPUT": parameters["INPUT"], "OUTPUT": "TEMPORARY_OUTPUT"},
        context=context,
        feedback=feedback,
        is_child_algorithm=True,
    )["OUTPUT"]
    return processing.run(
        "native:reclassifybytable",
        {
            "INPUT_RASTER": slope,
            "RASTER_BAND": 1,
            "TABLE": [0, 5, 1, 5, 15, 2, 15, 30, 3, 30, 90, 4],
            "RANGE_BOUNDARIES": 2,
            "OUTPUT": parameters["OUTPUT"],
        },
        context=context,
        feedback=feedback,
        is_child_algorithm=True,
    )
