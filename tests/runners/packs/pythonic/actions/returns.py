import collections
import datetime
import decimal
import enum
import sys
import uuid
from dataclasses import dataclass

from st2actions.runners.pythonrunner import Action

Pair = collections.namedtuple("Pair", "first second third")


class Colour(enum.Enum):
    RED = "red"


@dataclass
class Point:
    x: int
    _hidden: int = 0


VALUES = {
    "number": 5,
    "nothing": None,
    "tuple of three": (1, 2, 3),
    "list of two": [True, "x"],
    "succeeded": (True, {"a": 1}),
    "failed": (False, "no luck"),
    "told nothing": (None, [1]),
    "bad status": ("yes", 1),
    "data": {
        "day": datetime.date(2020, 1, 2),
        "time": datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
        "id": uuid.UUID(int=7),
        "colour": Colour.RED,
        "point": Point(1),
        "infinity": float("inf"),
    },
    "object": [{"c": 2}, decimal.Decimal("1.5")],
    "object with status": (False, decimal.Decimal("1.5")),
    "number as key": {1: 2},
    "named tuple": Pair(1, 2, 3),
    "huge number": 2**64,
    "surrogate": "\ud800",
    "large": "x" * 3_000_000,
}


class Returns(Action):
    def run(self, what):
        if what == "exit":
            sys.exit(3)
        if what == "exit 0":
            sys.exit()
        return VALUES[what]
