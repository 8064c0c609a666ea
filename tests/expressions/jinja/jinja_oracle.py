"""One form for the trees of jinja2 and for ours, so that they can be compared.

A tree becomes nested lists: a word for the kind of node, then names, constants and children.
"""

from __future__ import annotations

import warnings
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.parser import Parser

from st2lang.expressions import jinja_ast as ast
from st2lang.expressions import jinja_statements as stmt
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.jinja import parse_expression, parse_template

ENVIRONMENT = jinja2.Environment(
    undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
REJECTED = ["rejected"]
Form = Any


def their_template(text: str) -> Form:
    """What `Environment.parse` makes of a text. Raises RecursionError when it is too deep for jinja2."""
    return _theirs(lambda: their_form(Parser(ENVIRONMENT, text).parse()))


def their_expression(text: str) -> Form:
    """What `Environment.compile_expression` parses."""

    def parse() -> Form:
        parser = Parser(ENVIRONMENT, text, state="variable")
        node = parser.parse_expression()
        return their_form(node) if parser.stream.eos else REJECTED

    return _theirs(parse)


def _theirs(parse: Any) -> Form:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # unknown escapes in strings
        try:
            return parse()
        except (jinja2.TemplateSyntaxError, SyntaxError, ValueError):
            return REJECTED


def our_template(text: str) -> Form:
    return _ours(parse_template(text))


def our_expression(text: str) -> Form:
    return _ours(parse_expression(text))


def _ours(result: ast.Node | ExpressionSyntaxError) -> Form:
    return REJECTED if isinstance(result, ExpressionSyntaxError) else our_form(result)


def constant(value: object) -> Form:
    huge = type(value) is int and value > 10**99  # repr has a limit of digits
    written = hex(value) if huge else repr(value)
    return ["const", type(value).__name__, written]


# ------------------------------------------------------------------------------------------- jinja2

_OPERATORS = {
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.And: "and",
    nodes.Or: "or",
    nodes.Neg: "-",
    nodes.Pos: "+",
    nodes.Not: "not",
}
_COMPARISONS = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "not in",
}


def their_form(node: nodes.Node | None) -> Form:
    """The form of a jinja2 tree."""
    form, body, call = their_form, _their_body, _their_call
    match node:
        case None:
            return None
        case nodes.Template():
            return ["template", body(node.body)]
        case nodes.Const():
            return constant(node.value)
        case nodes.Name():
            return ["name", node.name]
        case nodes.NSRef():
            return ["attribute", ["name", node.name], node.attr]
        case nodes.List():
            return ["list", *map(form, node.items)]
        case nodes.Tuple():
            return ["tuple", *map(form, node.items)]
        case nodes.Dict():
            return ["dict", *([form(pair.key), form(pair.value)] for pair in node.items)]
        case nodes.Getattr():
            return ["attribute", form(node.node), node.attr]
        case nodes.Getitem():
            return ["item", form(node.node), form(node.arg)]
        case nodes.Slice():
            return ["slice", form(node.start), form(node.stop), form(node.step)]
        case nodes.Call():
            return ["call", form(node.node), call(node)]
        case nodes.Filter():
            return ["filter", node.name, form(node.node), call(node)]
        case nodes.Test():
            return ["test", node.name, form(node.node), call(node)]
        case nodes.CondExpr():
            return ["conditional", form(node.test), form(node.expr1), form(node.expr2)]
        case nodes.Concat():
            first, *rest = map(form, node.nodes)
            return _concatenation(first, rest)
        case nodes.Compare():
            operands = [[_COMPARISONS[operand.op], form(operand.expr)] for operand in node.ops]
            return ["compare", form(node.expr), *operands]
        case nodes.BinExpr():
            return ["binary", _OPERATORS[type(node)], form(node.left), form(node.right)]
        case nodes.UnaryExpr():
            return ["unary", _OPERATORS[type(node)], form(node.node)]
        case nodes.Stmt():
            return _their_statement(node)
    raise AssertionError(f"{node!r} is new to this test")


def _their_statement(node: nodes.Stmt) -> Form:
    form, body = their_form, _their_body
    match node:
        case nodes.If():
            branches = [[form(part.test), body(part.body)] for part in (node, *node.elif_)]
            return ["if", branches, body(node.else_)]
        case nodes.For():
            head = [form(node.target), form(node.iter), form(node.test), bool(node.recursive)]
            return ["for", *head, body(node.body), body(node.else_)]
        case nodes.Assign():
            return ["set", form(node.target), form(node.node)]
        case nodes.AssignBlock():
            return ["set_block", form(node.target), form(node.filter), body(node.body)]
        case nodes.With():
            pairs = zip(node.targets, node.values, strict=True)
            return [
                "with",
                [[form(target), form(value)] for target, value in pairs],
                body(node.body),
            ]
        case nodes.Macro():
            return ["macro", node.name, _their_signature(node), body(node.body)]
        case nodes.CallBlock():
            return ["call_block", _their_signature(node), form(node.call), body(node.body)]
        case nodes.FilterBlock():
            return ["filter_block", form(node.filter), body(node.body)]
        case nodes.Block():
            return ["block", node.name, bool(node.scoped), bool(node.required), body(node.body)]
        case nodes.Scope(body=[nodes.ScopedEvalContextModifier() as inner]):
            return ["autoescape", form(inner.options[0].value), body(inner.body)]
        case nodes.Extends():
            return ["extends", form(node.template)]
        case nodes.Include():
            return ["include", form(node.template), bool(node.ignore_missing), node.with_context]
        case nodes.Import():
            return ["import", form(node.template), node.target, node.with_context]
        case nodes.FromImport():
            names = [[n, n] if isinstance(n, str) else list(n) for n in node.names]
            return ["from", form(node.template), names, node.with_context]
    raise AssertionError(f"{node!r} is new to this test")


def _their_body(body: list[nodes.Node]) -> Form:
    forms = []
    for node in body:
        if not isinstance(node, nodes.Output):
            forms.append(their_form(node))
            continue
        for part in node.nodes:
            is_text = isinstance(part, nodes.TemplateData)
            forms.append(["text", part.data] if is_text else ["output", their_form(part)])
    return forms


def _their_call(node: Any) -> Form:
    args = [their_form(arg) for arg in node.args]
    kwargs = [[keyword.key, their_form(keyword.value)] for keyword in node.kwargs]
    return [args, kwargs, their_form(node.dyn_args), their_form(node.dyn_kwargs)]


def _their_signature(node: Any) -> Form:
    missing = [None] * (len(node.args) - len(node.defaults))
    pairs = zip(node.args, [*missing, *map(their_form, node.defaults)], strict=True)
    return [[arg.name, default] for arg, default in pairs]


def _concatenation(first: Form, rest: list[Form]) -> Form:
    """`(a ~ b) ~ c` is `a ~ b ~ c`."""
    return [*first, *rest] if first[0] == "concatenation" else ["concatenation", first, *rest]


# --------------------------------------------------------------------------------------------- ours


def our_form(node: ast.Node | None) -> Form:
    """The form of our tree."""
    form = our_form
    match node:
        case None:
            return None
        case ast.Template(items):
            return ["template", _our_body(items)]
        case ast.Const(value):
            return constant(value)
        case ast.Name(name):
            return ["name", name]
        case ast.ListDisplay(items):
            return ["list", *map(form, items)]
        case ast.TupleDisplay(items):
            return ["tuple", *map(form, items)]
        case ast.DictDisplay(pairs):
            return ["dict", *([form(key), form(value)] for key, value in pairs)]
        case ast.Attribute(base, name):
            return ["attribute", form(base), name]
        case ast.Item(base, index):
            return ["item", form(base), form(index)]
        case ast.Slice(lower, upper, step):
            return ["slice", form(lower), form(upper), form(step)]
        case ast.Call(function, arguments):
            return ["call", form(function), _our_call(arguments)]
        case ast.Filter(base, name, arguments):
            return ["filter", name, form(base), _our_call(arguments)]
        case ast.Test(base, name, arguments, negated):
            plain = ["test", name, form(base), _our_call(arguments)]
            return ["unary", "not", plain] if negated else plain
        case ast.Conditional(test, then, otherwise):
            return ["conditional", form(test), form(then), form(otherwise)]
        case ast.Binary("~", left, right):
            return _concatenation(form(left), [form(right)])
        case ast.Binary(operator, left, right):
            return ["binary", operator, form(left), form(right)]
        case ast.Compare(first, rest):
            return ["compare", form(first), *([operator, form(value)] for operator, value in rest)]
        case ast.Unary(operator, operand):
            return ["unary", operator, form(operand)]
    return _our_statement(node)


def _our_statement(node: ast.Node) -> Form:
    form, body = our_form, _our_body
    match node:
        case stmt.If(branches, otherwise):
            return ["if", [[form(test), body(part)] for test, part in branches], body(otherwise)]
        case stmt.For(target, iterable, condition, recursive, items, otherwise):
            head = [form(target), form(iterable), form(condition), recursive]
            return ["for", *head, body(items), body(otherwise)]
        case stmt.Set(target, ast.Node() as value):
            return ["set", form(target), form(value)]
        case stmt.Set(target, None, filters, tuple() as items):
            return ["set_block", form(target), form(filters), body(items)]
        case stmt.With(bindings, items):
            return ["with", [[form(b.target), form(b.value)] for b in bindings], body(items)]
        case stmt.Macro(name, parameters, items):
            return ["macro", name.name, _our_signature(parameters), body(items)]
        case stmt.CallBlock(parameters, call, items):
            return ["call_block", _our_signature(parameters), form(call), body(items)]
        case stmt.FilterBlock(filters, items):
            return ["filter_block", form(filters), body(items)]
        case stmt.Block(name, scoped, required, items):
            return ["block", name, scoped, required, body(items)]
        case stmt.Autoescape(value, items):
            return ["autoescape", form(value), body(items)]
        case stmt.Load():
            return _our_load(node)
    raise AssertionError(f"{node!r} is new to this test")


def _our_load(node: stmt.Load) -> Form:
    names = [_our_import(binding) for binding in node.names]
    template = our_form(node.template)
    match node.kind:
        case "extends":
            return ["extends", template]
        case "include":
            return ["include", template, node.ignore_missing, node.with_context is not False]
        case "import":
            return ["import", template, names[0][1], node.with_context is True]
    return ["from", template, names, node.with_context is True]


def _our_import(binding: stmt.Binding) -> Form:
    match binding:
        case stmt.Binding(ast.Name(name), ast.Const(str() as original)):
            return [original, name]
        case stmt.Binding(ast.Name(name), None):
            return [None, name]
    raise AssertionError(binding)


def _our_body(body: tuple[ast.Node, ...]) -> Form:
    forms = []
    for node in body:
        match node:
            case ast.Text(value):
                forms.append(["text", value])
            case ast.Output(values):
                forms += [["output", our_form(value)] for value in values]
            case _:
                forms.append(our_form(node))
    return forms


def _our_call(arguments: tuple[ast.Argument, ...]) -> Form:
    args, kwargs, stars = [], [], {"*": None, "**": None}
    for argument in arguments:
        value = our_form(argument.value)
        if argument.stars:
            stars[argument.stars] = value
        elif argument.name is not None:
            kwargs.append([argument.name, value])
        else:
            args.append(value)
    return [args, kwargs, stars["*"], stars["**"]]


def _our_signature(parameters: tuple[stmt.Binding, ...]) -> Form:
    return [[parameter.target.name, our_form(parameter.value)] for parameter in parameters]
