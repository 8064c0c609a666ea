import abc
from collections import OrderedDict  # noqa: F401, a class that is not the module's own

from st2common.runners.base_action import Action


class Abstract(Action):
    @abc.abstractmethod
    def more(self):
        """For others."""


class Helper:
    pass


class Real(Abstract):
    def more(self):
        return "real"

    def run(self):
        return self.more()
