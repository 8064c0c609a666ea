"""The type of what stands in front of a dot or a bar, in code that may go on as it likes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from st2lang import types
from st2lang.expressions import jinja, yaql, yaql_ast
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.query.code import Code, Open, opened, receiver_start
from st2lang.query.results import Schema, descend, inference
from st2lang.query.results import schema_of as schema_of_task
from st2lang.query.segments import Form, Lexeme, lex, segments
from st2lang.symbols import Use
from st2lang.types import ANY, Type

if TYPE_CHECKING:
    from st2lang.dialects.model import Task
    from st2lang.document import Document
    from st2lang.inference import Lookup


class Receivers:
    """Types of operands of the code at one place, in a task or outside all of them."""

    def __init__(self, document: Document, code: Code, task: Task | None) -> None:
        self._code = code
        self._task = task
        self._document = document
        self._inference = inference(document) if document.workflow is not None else None

    def text(self, end: int) -> str:
        """The operand that ends in front of `words[end]`, as written."""
        words = self._code.words
        start = receiver_start(words, end)
        return self._code.before[words[start].start : words[end - 1].end] if end > start else ""

    def type_before(self, end: int) -> Type:
        """The type of the operand that ends in front of `words[end]`."""
        return self._type(self._code.words, self._code.before, end, 4)

    def _type(self, words: Sequence[Lexeme], code: str, end: int, depth: int) -> Type:
        start = receiver_start(words, end)
        if end <= start or not depth:
            return ANY
        first = words[start]
        if self._code.language == "yaql" and first.text == "$":
            return _below(self._element(words, code, start, depth), words[start + 1 : end])
        if first.form is Form.NAME and self._code.language == "jinja":
            bound = self._bound(first.text, depth)
            if bound is not None:
                return _below(bound, words[start + 1 : end])
        return self.type_of(code[first.start : words[end - 1].end])

    def type_of(self, operand: str) -> Type:
        """The type of an operand as written; `ANY` for one that does not parse."""
        if self._code.language == "yaql":
            from st2lang.inference.yaql import infer as infer_yaql

            tree = yaql.parse(operand)
            if isinstance(tree, ExpressionSyntaxError):
                return ANY
            return infer_yaql(tree, self._lookup())
        from st2lang.inference.jinja import infer as infer_jinja

        node = jinja.parse_expression(operand)
        if isinstance(node, ExpressionSyntaxError):
            return ANY
        return infer_jinja(node, self._code.table, self._lookup())

    def _lookup(self) -> Lookup:
        if self._inference is None:
            return lambda use, name: ANY
        if self._code.orquesta:
            return self._inference.lookup(self._task)
        return self._of_chain

    def _of_chain(self, use: Use, name: str) -> Type:
        """In a chain the name of a node is its result."""
        from st2lang.query.results import type_of

        workflow = self._document.workflow
        task = workflow.tasks.get(name) if workflow is not None else None
        return ANY if task is None else type_of(self._document, task)

    def _element(self, words: Sequence[Lexeme], code: str, at: int, depth: int) -> Type:
        """What `$` is: an element of what the method is called on whose argument it stands in."""
        for around in reversed(opened(words[:at], "yaql")):
            if around.bracket == "(" and around.calls == "method" and _evaluates(around):
                kind = self._type(words, code, around.at - 2, depth - 1)
                return types.element(kind)
        return ANY

    def _bound(self, name: str, depth: int) -> Type | None:
        """The type of a name that the template has bound; None for one that it has not."""
        for words, code in self._statements():
            texts = [word.text for word in words]
            if texts[:1] == ["for"] and "in" in texts:
                at = texts.index("in")
                if name in texts[1:at]:
                    if at > 2:
                        return ANY
                    end = texts.index("if", at) if "if" in texts[at:] else len(texts)
                    return types.element(self._type(words, code, end, depth - 1))
            elif texts[:1] == ["set"] and texts[1:3] == [name, "="]:
                return self._type(words, code, len(texts), depth - 1)
        return None

    def _statements(self) -> list[tuple[Sequence[Lexeme], str]]:
        """The `{% … %}` in front of the cursor, the nearest first."""
        text = self._code.scalar.value[: self._code.base]
        return [
            (lex("jinja", code), code)
            for part in reversed(segments(text, False))
            if part.opening == "{%"
            for code in (text[part.base : part.stop],)
        ]

    def locals(self) -> tuple[str, ...]:
        """Names that are bound in front of the cursor: by statements, in YAQL by `let`."""
        names: dict[str, None] = {}
        if self._code.language == "yaql":
            for around in self._code.opened:
                if around.name in ("let", "with"):
                    names.update(dict.fromkeys(around.keywords))
            return tuple(names)
        for words, _ in self._statements():
            texts = [word.text for word in words]
            if texts[:1] == ["for"] and "in" in texts:
                bound = texts[1 : texts.index("in")]
                names.update(dict.fromkeys(t for t in bound if t.isidentifier()))
                names["loop"] = None
            elif texts[:1] == ["set"] and len(texts) > 1:
                names[texts[1]] = None
        return tuple(names)


def _evaluates(call: Open) -> bool:
    """Whether a method evaluates its argument for every element (and so binds `$`)."""
    from st2lang import functions
    from st2lang.functions.calls import parameter_at

    record = functions.lookup("yaql", call.name)
    if record is None:
        return False
    for signature in record.signatures:
        parameter = parameter_at(signature, call.positional + 1) if signature.as_method else None
        if parameter is not None and isinstance(parameter.type, types.Lambda):
            first = signature.parameters[0].type
            return isinstance(first, types.List | types.Variable) or first == ANY
    return False


def _below(kind: Type, words: Sequence[Lexeme]) -> Type:
    """The type behind `.a.b` of a value; `ANY` behind anything else."""
    for at in range(0, len(words), 2):
        step = words[at : at + 2]
        if len(step) < 2 or step[0].text not in (".", "?.") or step[1].form is not Form.NAME:
            return ANY
        if isinstance(kind, types.List):
            kind = kind.element
        kind = types.field(kind, step[1].text) or ANY
    return kind


def members(kind: Type) -> tuple[tuple[str, Type], ...]:
    """The fields that a value of a type is known to have; those of its elements, for a list."""
    match kind:
        case types.Dict(fields=fields):
            return fields
        case types.List(element=inner):
            return members(inner)
        case types.Union(members=alternatives):
            found: dict[str, Type] = {}
            for one in alternatives:
                for name, part in members(one):
                    found[name] = types.join(found[name], part) if name in found else part
            return tuple(sorted(found.items()))
        case _:
            return ()


def null_left_out(kind: Type) -> Type:
    """A type without null: what a method is called on."""
    if isinstance(kind, types.Union):
        return types.join_all(member for member in kind.members if member != types.NULL)
    return kind


def schema_of(document: Document, task: Task | None, operand: str, language: str) -> Schema:
    """The output schema of a result that an operand of an expression in a task is, or is part of."""
    workflow = document.workflow
    if workflow is None:
        return {}
    head, *path = operand.replace(" ", "").replace("?.", ".").split(".")
    of: Task | None = None
    if head == "result()":
        of = task
    elif head in workflow.tasks and not workflow.orquesta:
        of = workflow.tasks[head]
    elif path[:1] == ["result"]:
        found = task_named(head, language)
        of, path = (workflow.tasks.get(found[0]) if found is not None else None), path[1:]
    return {} if of is None else descend(schema_of_task(document, of), tuple(path))


def is_context(operand: str) -> bool:
    """True for `ctx()`."""
    return operand.replace(" ", "") == "ctx()"


def task_named(operand: str, language: str) -> tuple[str, bool] | None:
    """(task, whether its result is meant) of `task(x)` and `task(x).result`."""
    if language == "yaql":
        return _task_of_yaql(yaql.parse(operand))
    from st2lang.expressions import jinja_ast

    match jinja.parse_expression(operand):
        case jinja_ast.Call(function=jinja_ast.Name(name="task"), arguments=(first, *_)):
            inner, result = first.value, False
        case jinja_ast.Attribute(
            base=jinja_ast.Call(function=jinja_ast.Name(name="task"), arguments=(first, *_)),
            name="result",
        ):
            inner, result = first.value, True
        case _:
            return None
    return (str(inner.value), result) if isinstance(inner, jinja_ast.Const) else None


def _task_of_yaql(tree: yaql_ast.Node | ExpressionSyntaxError) -> tuple[str, bool] | None:
    match tree:
        case yaql_ast.Member(receiver=receiver, member=yaql_ast.Keyword(name="result")):
            found = _task_of_yaql(receiver)
            return (found[0], True) if found is not None else None
        case yaql_ast.Call(
            name="task", args=(yaql_ast.Keyword(name=name) | yaql_ast.Literal(value=str(name)), *_)
        ):
            return name, False
    return None
