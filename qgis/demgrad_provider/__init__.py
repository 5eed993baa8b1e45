"""demgrad in QGIS Processing."""


def classFactory(iface):
    """What QGIS calls to load the plugin."""
    from .plugin import Plugin

    return Plugin(iface)
