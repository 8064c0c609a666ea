"""The intermediate graph: what a workflow means, whatever language it was written in.

Orquesta and ActionChain are both lowered to it (`compile.py`); the conductor executes it, `st2c graph`
draws it, and nothing after it looks at YAML again. Values are JSON data with the expressions in them as
text: they are compiled when they are first evaluated, once for each text.

A graph is frozen and versioned. `to_json` and `from_json` are inverse to each other; the written form is
canonical, so that the same source gives the same bytes. `docs/graph.md` describes it, and
`graph.schema.json` beside this file is its JSON Schema.
"""

from st2lang.graph.model import (
    CHAIN,
    COMMANDS,
    ORQUESTA,
    VERSION,
    Action,
    Assignment,
    Graph,
    GraphError,
    Items,
    Place,
    Retry,
    Task,
    Transition,
)
from st2lang.graph.reader import from_json, from_text

__all__ = [
    "CHAIN",
    "COMMANDS",
    "ORQUESTA",
    "VERSION",
    "Action",
    "Assignment",
    "Graph",
    "GraphError",
    "Items",
    "Place",
    "Retry",
    "Task",
    "Transition",
    "from_json",
    "from_text",
]
