"""The provider: the list of algorithms, and the setting that says where the command is."""

import os

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from . import command
from .algorithms import make_algorithms
from .compatibility import add_setting, remove_setting

FOLDER = os.path.dirname(__file__)


class Provider(QgsProcessingProvider):
    def id(self):
        return "demgrad"

    def name(self):
        return "demgrad"

    def longName(self):
        return "demgrad: gradients of elevation rasters"

    def icon(self):
        return QIcon(os.path.join(FOLDER, "icons", "demgrad.svg"))

    def svgIconPath(self):
        return os.path.join(FOLDER, "icons", "demgrad.svg")

    def versionInfo(self):
        return command.usage()["version"]

    def load(self):
        add_setting(self, command.SETTING, "The demgrad command, or the folder it is in")
        self.refreshAlgorithms()
        return True

    def unload(self):
        remove_setting(command.SETTING)

    def loadAlgorithms(self):
        for algorithm in make_algorithms():
            self.addAlgorithm(algorithm)
