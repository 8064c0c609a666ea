"""YAML with places: text to a spanned tree, whatever state the text is in.

`parse` gives a `YamlFile`; `deref` follows aliases; `Scalar.locate` leads from decoded text back to
the source.
"""

from st2lang.yaml.nodes import Alias, Entry, Mapping, Node, Scalar, Sequence, Style, Value, deref
from st2lang.yaml.parse import YamlFile, parse
from st2lang.yaml.walk import node_at, to_data, walk

__all__ = [
    "Alias",
    "Entry",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Style",
    "Value",
    "YamlFile",
    "deref",
    "node_at",
    "parse",
    "to_data",
    "walk",
]
