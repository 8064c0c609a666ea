"""What expressions give: YAQL and Jinja as Orquesta evaluates them, Jinja as ActionChains do.

    evaluate_yaql("$.a + 1", {"a": 1})                    2
    render("<% ctx(a) %>", Scope({"a": [1]}))             [1]
    render_chain("{{ a }}!", Scope({"a": 1}))             "1!"
    cast("5", {"type": "integer"})                        5

Expressions are compiled once and kept by their text. All of these raise `EvaluationError` and nothing
else. Results may share parts with the variables of the scope: nobody may change them.
"""

from st2lang.evaluation.casts import cast
from st2lang.evaluation.chain import chain_renderer, render_chain
from st2lang.evaluation.datastore import st2kv
from st2lang.evaluation.text import Renderer, render, renderer
from st2lang.evaluation.yaql import evaluate_yaql
from st2lang.functions._orquesta import Scope
from st2lang.functions._outside import Outside, Still, World
from st2lang.functions.failure import EvaluationError

__all__ = [
    "EvaluationError",
    "Outside",
    "Renderer",
    "Scope",
    "Still",
    "World",
    "cast",
    "chain_renderer",
    "evaluate_yaql",
    "render",
    "render_chain",
    "renderer",
    "st2kv",
]
