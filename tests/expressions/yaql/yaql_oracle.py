"""What the `yaql` package makes of an expression, and our tree in the same shape."""

from __future__ import annotations

import collections.abc  # noqa: F401 (the package relies on someone having imported it)
import warnings
from functools import cache
from typing import Any, NamedTuple

from yaql.language import exceptions, expressions, factory, utils

from st2lang.expressions import yaql_ast as ast
from st2lang.expressions.errors import ExpressionSyntaxError
from st2lang.expressions.yaql import parse


class Rejected(NamedTuple):
    """The package does not accept the text. `position` is None when it does not say where."""

    position: int | None


@cache
def _engine() -> Any:
    return factory.YaqlFactory().create()


def _package(text: str) -> Any:
    """The package's expression, or `Rejected`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # octal escapes beyond 0o377
            return _engine()(text).expression
    except exceptions.YaqlGrammarException as error:
        return Rejected(len(text) if error.position is None else error.position)
    except exceptions.YaqlLexicalException as error:
        return Rejected(error.position)
    except ValueError:  # escapes and numbers that Python refuses
        return Rejected(None)


def package_tree(text: str) -> object:
    """The package's tree as nested tuples, or `Rejected`."""
    result = _package(text)
    return result if isinstance(result, Rejected) else _from_package(result)


def accepted_by_package(text: str) -> bool:
    """Whether the package accepts the text, which may be nested too deeply to compare trees."""
    return not isinstance(_package(text), Rejected)


def our_tree(text: str) -> object:
    """Our tree as nested tuples, or `Rejected`."""
    result = parse(text)
    if isinstance(result, ExpressionSyntaxError):
        return Rejected(result.span.start)
    return _from_ours(result)


def _from_package(node: Any) -> object:
    match node:
        case utils.NO_VALUE:
            return None
        case expressions.KeywordConstant():
            return ("keyword", node.value)
        case expressions.Constant():
            return ("literal", type(node.value).__name__, repr(node.value))
        case expressions.GetContextValue():
            return ("variable", node.path.value)
        case expressions.Wrap():
            return ("group", _from_package(node.expr))
        case expressions.MappingRuleExpression():
            return ("named", _from_package(node.source), _from_package(node.destination))
        case expressions.Function():
            return (_kind(node), *map(_from_package, node.args))
    raise TypeError(node)


def _kind(node: Any) -> str:
    """The package's name of a function, which tells operators and displays from calls."""
    return f"call {node.name}" if type(node) is expressions.Function else str(node.name)


def _from_ours(node: ast.Argument) -> object:
    match node:
        case None:
            return None
        case ast.Keyword(name):
            return ("keyword", name)
        case ast.Literal(value):
            return ("literal", type(value).__name__, repr(value))
        case ast.Variable(name):
            return ("variable", name)
        case ast.Group(inner):
            return ("group", _from_ours(inner))
        case ast.NamedArgument(name=name, value=value):
            return ("named", _from_ours(name), _from_ours(value))
        case ast.Call(name=name, args=items):
            return (f"call {name}", *map(_from_ours, items))
        case ast.Member(receiver, member, null_safe):
            operator = "#operator_?." if null_safe else "#operator_."
            return (operator, _from_ours(receiver), _from_ours(member))
        case ast.Index(receiver, items):
            return ("#indexer", *map(_from_ours, (receiver, *items)))
        case ast.ListDisplay(items):
            return ("#list", *map(_from_ours, items))
        case ast.DictDisplay(items):
            return ("#map", *map(_from_ours, items))
        case ast.Unary(operator, operand):
            return (f"#unary_operator_{operator}", _from_ours(operand))
        case ast.Binary(operator, left, right):
            named = {"=": "*equal", "!=": "*not_equal"}
            name = named.get(operator, f"#operator_{operator}")
            return (name, _from_ours(left), _from_ours(right))


def assert_agreement(text: str) -> None:
    """Both accept the text and make the same tree, or both reject it at the same place."""
    theirs, ours = package_tree(text), our_tree(text)
    if isinstance(theirs, Rejected) and theirs.position is None:
        assert isinstance(ours, Rejected), text
    else:
        assert ours == theirs, text
