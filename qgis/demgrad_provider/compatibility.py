"""What has other names in other releases of QGIS (3.22 to 4) and Qt (5 and 6): the only place for that."""

from qgis import core


def parameter_flag(name):
    """A flag of a parameter: "Advanced", "Optional", "Hidden"."""
    flags = getattr(getattr(core, "Qgis", None), "ProcessingParameterFlag", None)
    if flags is not None and hasattr(flags, name):
        return getattr(flags, name)
    return getattr(core.QgsProcessingParameterDefinition, "Flag" + name)


def number_type(is_integer):
    types = getattr(getattr(core, "Qgis", None), "ProcessingNumberParameterType", None)
    if types is not None:
        return types.Integer if is_integer else types.Double
    numbers = core.QgsProcessingParameterNumber
    return numbers.Integer if is_integer else numbers.Double


def raster_source_type():
    types = getattr(getattr(core, "Qgis", None), "ProcessingSourceType", None)
    return types.Raster if types is not None else core.QgsProcessing.TypeRaster


def file_behavior(is_folder):
    behaviors = getattr(getattr(core, "Qgis", None), "ProcessingFileParameterBehavior", None)
    owner = behaviors if behaviors is not None else core.QgsProcessingParameterFile
    return owner.Folder if is_folder else owner.File


def creation_options_widget():
    """The metadata that give a text parameter the widget for creation options."""
    if core.Qgis.QGIS_VERSION_INT >= 33400:
        return {"widget_wrapper": {"widget_type": "rasteroptions"}}
    return {
        "widget_wrapper": {
            "class": "processing.algs.gdal.ui.RasterOptionsWidget.RasterOptionsWidgetWrapper"
        }
    }


def meters():
    units = getattr(getattr(core, "Qgis", None), "DistanceUnit", None)
    return units.Meters if units is not None else core.QgsUnitTypes.DistanceMeters


def blend_multiply():
    """The number of the blend mode, as layer styles have it."""
    return 6


def add_setting(provider, name, description):
    """Shows a setting of the provider's in Processing's options; does nothing where Processing's own
    plugin is not loaded, as the value is read without it too."""
    try:
        from processing.core.ProcessingConfig import ProcessingConfig, Setting

        ProcessingConfig.settingIcons[provider.name()] = provider.icon()
        ProcessingConfig.addSetting(Setting(provider.name(), name, description, ""))
        ProcessingConfig.readSettings()
    except ImportError:
        pass


def remove_setting(name):
    try:
        from processing.core.ProcessingConfig import ProcessingConfig

        ProcessingConfig.removeSetting(name)
    except (ImportError, KeyError):
        pass


def setting(name):
    try:
        from processing.core.ProcessingConfig import ProcessingConfig

        value = ProcessingConfig.getSetting(name)
    except ImportError:
        value = None
    if value:
        return value
    return core.QgsSettings().value("Processing/Configuration/" + name) or ""
