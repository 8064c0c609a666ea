"""Whether an expression has one value for the whole of a run, known from its beginning."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, cast

from st2lang import functions, types
from st2lang.calls import Site, jinja_sites, yaql_sites
from st2lang.expressions import jinja_ast, yaql_ast
from st2lang.functions.record import Kind
from st2lang.query import nodes
from st2lang.symbols import Role, Use

if TYPE_CHECKING:
    from st2lang.dialects.model import Workflow
    from st2lang.document import Document
    from st2lang.query.nodes import AnyNode
    from st2lang.refactoring._expressions import Part

_CHANGES = frozenset(
    [
        "now",
        "localtz",
        "utctz",
        "random",
        "randint",
        "shuffle",
        "assert",
        "call",
        "def",
        "let",
        "unpack",
        "with",
        "memorize",
        "completed",
        "failed",
        "succeeded",
        "item",
        "result",
        "st2kv",
        "task",
        "task_status",
        "cycler",
        "joiner",
        "lipsum",
        "namespace",
    ]
)
"""Functions that do not give the same at any time and any place, or do more than give a value."""

_SETS = frozenset(["set", "toSet", "union", "intersect", "difference", "symmetricDifference"])
"""Functions that give sets, which do not outlive an expression."""

_GUARDS = frozenset(("default", "d", "defined", "undefined", "get", "coalesce"))
"""Functions, filters and tests whose operand need not have a value."""


def is_steady(document: Document, part: Part) -> bool:
    """Whether a part of an expression can be worked out at the beginning of a run instead."""
    if not _has_substance(part) or not _is_always_evaluated(part):
        return False
    for site in _sites(part):
        record = functions.lookup(_table(document, part), site.name, site.kind)
        if site.name in _CHANGES or (record is None and not site.defined):
            return False
        if record is not None and record.group == "Dates and times":
            return False
    if isinstance(part.node, yaql_ast.Member) and _called(part.node) in _SETS:
        return False
    if isinstance(part.node, yaql_ast.Call) and part.node.name in _SETS:
        return False
    if not document.workflow or not document.workflow.orquesta:
        return part.whole and _reads_only_parameters(document, part)
    return _reads_only_constants(document.workflow, part)


def _table(document: Document, part: Part) -> str:
    if part.language == "yaql":
        return "yaql"
    orquesta = document.workflow is not None and document.workflow.orquesta
    return "jinja" if orquesta else "jinja-chain"


def _sites(part: Part) -> list[Site]:
    if part.language == "yaql":
        return list(yaql_sites(cast("yaql_ast.Node", part.node)))
    return list(jinja_sites(cast("jinja_ast.Node", part.node)))


def _has_substance(part: Part) -> bool:
    """More than a literal or the name of a variable."""
    match part.node:
        case yaql_ast.Literal() | yaql_ast.Variable() | yaql_ast.Group() | yaql_ast.Call(args=()):
            return False
        case yaql_ast.Call(name="ctx") | jinja_ast.Const() | jinja_ast.Name():
            return False
        case yaql_ast.Member(receiver=yaql_ast.Call(name="ctx", args=()), member=member):
            return not isinstance(member, yaql_ast.Keyword)
        case jinja_ast.Attribute(base=jinja_ast.Call(function=jinja_ast.Name(name="ctx"))):
            return False
        case jinja_ast.Call(function=jinja_ast.Name(name="ctx")):
            return False
        case _:
            return any(not isinstance(n, yaql_ast.Literal) for n in nodes.walk(part.node))


def _is_always_evaluated(part: Part) -> bool:
    """Whether nothing around decides if, how often or with what the part is evaluated."""
    for parent, child in pairwise((*part.above, part.node)):
        match parent:
            case yaql_ast.Binary(operator="and" | "or" | "->", left=left):
                if child is not left or parent.operator == "->":
                    return False
            case jinja_ast.Binary(operator="and" | "or", left=left) if child is not left:
                return False
            case jinja_ast.Conditional() | jinja_ast.Test():
                return False
            case jinja_ast.Filter(name=name) if name in _GUARDS:
                return False
            case jinja_ast.Attribute(base=base) if child is base and parent.name in _GUARDS:
                return False
            case yaql_ast.Member(receiver=receiver, member=member) if child is receiver:
                if parent.null_safe or getattr(member, "name", "") in _GUARDS:
                    return False
            case yaql_ast.Call(name=name) if _is_lazy(name) or name in _GUARDS:
                return False
    return not _has_free_variables(part.node)


def _has_free_variables(node: AnyNode) -> bool:
    """Whether a `$` in it stands for something that is given outside of it."""
    if isinstance(node, yaql_ast.Variable):
        return True
    if isinstance(node, yaql_ast.Call) and _is_lazy(node.name):
        return False  # its own lambdas bind them
    return any(map(_has_free_variables, nodes.children(node)))


def _is_lazy(name: str) -> bool:
    """Whether a YAQL function evaluates arguments itself."""
    record = functions.lookup("yaql", name, Kind.FUNCTION)
    return record is None or any(
        isinstance(p.type, types.Lambda) for s in record.signatures for p in s.parameters
    )


def _called(node: yaql_ast.Member) -> str:
    return node.member.name if isinstance(node.member, yaql_ast.Call) else ""


def _names(part: Part, orquesta: bool) -> set[tuple[Use, str]]:
    if part.language == "yaql":
        from st2lang.symbols import yaql

        return {(use, name) for use, name, _, _ in yaql.uses(cast("yaql_ast.Node", part.node))}
    from st2lang.symbols import jinja

    node = cast("jinja_ast.Node", part.node)
    return {(use, name) for use, name, _, _ in jinja.uses(node, orquesta)}


def _reads_only_constants(workflow: Workflow, part: Part) -> bool:
    """Whether it reads nothing but inputs and `vars` that are set once and stay as they are."""
    before = [a.name.text for a in workflow.inputs]
    vars_ = [a.name.text for a in workflow.vars]
    if part.place.role is Role.VARS:
        before += vars_[: part.place.index]
    else:
        before += vars_
    published = {
        a.name.text for t in workflow.tasks.values() for o in t.transitions for a in o.publish
    }
    changed = published | {a.name.text for a in workflow.output}
    every = [a.name.text for a in workflow.inputs] + vars_
    names = _names(part, True)
    return all(
        use is Use.VARIABLE and name in before and every.count(name) == 1 and name not in changed
        for use, name in names
    )


def _reads_only_parameters(document: Document, part: Part) -> bool:
    """In a chain: whether it reads nothing but parameters of the action, which nothing else is called."""
    workflow = document.workflow
    parameters = {name for action in document.actions for name in action.all_parameters}
    if workflow is None or not parameters:
        return False
    own = {a.name.text for task in workflow.tasks.values() for a in task.publish}
    own |= {a.name.text for a in workflow.vars} | set(workflow.tasks)
    names = _names(part, False)
    return bool(names) and all(
        use is Use.VARIABLE and name in parameters and name not in own for use, name in names
    )
