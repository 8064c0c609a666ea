"""Whether a call fits a function, and what it returns.

Both ask every overload: a call is wrong only when no overload takes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from st2lang import types
from st2lang.functions.record import Function, Kind, Parameter, Signature
from st2lang.functions.signature import parse
from st2lang.record import record
from st2lang.types import Type

TOO_MANY = "too-many-arguments"
MISSING = "missing-argument"
UNKNOWN = "unknown-argument"
REPEATED = "repeated-argument"
NOT_A_METHOD = "not-a-method"
ONLY_A_METHOD = "only-a-method"


@record
class CallProblem:
    """What is wrong with a call. `argument` is the name it is about, `suggestion` the likely one."""

    reason: str
    message: str
    argument: str = ""
    suggestion: str = ""


def check_call(
    function: Function,
    positional: int,
    keywords: Sequence[str] = (),
    as_method: bool = False,
    *,
    receiver_type: Type = types.ANY,
    spread: bool = False,
) -> list[CallProblem]:
    """The problems of a call with so many positional arguments and these keyword names.

    `as_method`: called on a receiver (`$.len()`; filters and tests always are), which does not
    count as an argument; what is known of its type leaves out overloads for other types. `spread`:
    Jinja's `f(*args, **kwargs)`, where the number is unknown. An empty list means that at least one
    overload takes the call.
    """
    receiver = as_method or function.kind in (Kind.FILTER, Kind.TEST)
    signatures = function.signatures
    fitting = [s for s in signatures if (s.as_method if receiver else s.as_function)]
    if not fitting:
        return [_wrong_style(function, receiver)]
    if receiver:
        fitting = [s for s in fitting if _takes(s, receiver_type)] or fitting
    per_overload = [
        _check(function, signature, positional, list(keywords), receiver, spread)
        for signature in fitting
    ]
    if not all(per_overload):
        return []
    if len(fitting) > 1 and all(_about_number(problems) for problems in per_overload):
        return [_wrong_number(function, fitting, positional + len(keywords), receiver)]
    return min(per_overload, key=lambda problems: (len(problems), _about_number(problems)))


def result_type(
    function: Function,
    positional: Sequence[Type],
    keywords: Mapping[str, Type] | None = None,
    as_method: bool = False,
) -> Type:
    """What a call returns, `positional` starting with the receiver when `as_method`.

    That of the first overload that surely takes these types, joined with those before it that
    may; `ANY` when none does.
    """
    named = tuple(keywords.items()) if keywords else ()
    receiver = as_method or function.kind in (Kind.FILTER, Kind.TEST, Kind.PROPERTY)
    return _returned(function.kind, function.forms, tuple(positional), named, receiver)


@lru_cache(maxsize=4096)
def _returned(
    kind: Kind,
    forms: tuple[str, ...],
    positional: tuple[Type, ...],
    keywords: tuple[tuple[str, Type], ...],
    receiver: bool,
) -> Type:
    returns: list[Type] = []
    for signature in (parse(form, kind) for form in forms):
        if not (signature.as_method if receiver else signature.as_function):
            continue
        bound: dict[str, Type] = {}
        taken = _takes_types(signature, positional, dict(keywords), bound)
        if taken is not False:
            returns.append(_substitute(signature.returns, bound))
        if taken:
            break
    result = types.join_all(returns)
    return types.ANY if result == types.NEVER else result


def parameter_at(signature: Signature, position: int) -> Parameter | None:
    """The parameter that takes the positional argument at an index (the receiver is 0 in methods)."""
    places = [p for p in signature.parameters if not (p.keyword_only or p.any_keyword)]
    if position < len(places):
        return places[position]
    return places[-1] if places and places[-1].variadic else None


def _takes(signature: Signature, receiver: Type) -> bool:
    return _fits(receiver, signature.parameters[0], {}) is not False


def _check(
    function: Function,
    signature: Signature,
    positional: int,
    keywords: list[str],
    receiver: bool,
    spread: bool,
) -> list[CallProblem]:
    if any(p.type == types.MAPPING_RULE and p.variadic for p in signature.parameters):
        positional, keywords = positional + len(keywords), []
    given = positional + receiver
    places = [p for p in signature.parameters if not (p.keyword_only or p.any_keyword)]
    slots = [p for p in places if not p.variadic]
    problems = _keyword_problems(function, signature, slots[:given], keywords, receiver)
    if spread:
        return problems
    if given > len(slots) and len(slots) == len(places):
        problems.append(_too_many(function, signature, positional, len(keywords), receiver))
    missing = [p for p in slots[given:] if p.required and p.name not in keywords]
    missing += [
        p for p in signature.parameters if p.keyword_only and p.required and p.name not in keywords
    ]
    if missing and not any(problem.reason == UNKNOWN for problem in problems):
        message = f"{_title(function)} lacks the argument {_quoted(missing[0].name)}"
        problems.append(
            CallProblem(MISSING, f"{message}; it is {_shape(signature)}", missing[0].name)
        )
    return problems


def _keyword_problems(
    function: Function,
    signature: Signature,
    taken: Sequence[Parameter],
    keywords: Sequence[str],
    receiver: bool,
) -> list[CallProblem]:
    problems: list[CallProblem] = []
    by_name = [p.name for p in signature.parameters if not (p.variadic or p.any_keyword)]
    anything = any(p.any_keyword for p in signature.parameters)
    seen = {p.name for p in taken}
    for name in keywords:
        if name in seen:
            twice = f"{_title(function)} is given the argument {_quoted(name)} twice"
            problems.append(CallProblem(REPEATED, twice, name))
        elif name not in by_name and not anything:
            problems.append(_unknown(function, name, by_name[1:] if receiver else by_name))
        seen.add(name)
    return problems


def _unknown(function: Function, name: str, known: Sequence[str]) -> CallProblem:
    from st2lang.functions import nearest

    suggestion = nearest(name, known) or ""
    message = f"{_title(function)} has no argument {_quoted(name)}"
    if suggestion:
        message += f"; did you mean {_quoted(suggestion)}?"
    elif known:
        message += f"; it has {', '.join(map(_quoted, known))}"
    return CallProblem(UNKNOWN, message, name, suggestion)


def _wrong_style(function: Function, receiver: bool) -> CallProblem:
    name = function.name
    if receiver:
        message = f"{_title(function)} is not a method: write {name}(value), not value.{name}()"
        return CallProblem(NOT_A_METHOD, message)
    message = f"{_title(function)} is a method: write value.{name}(), not {name}(value)"
    return CallProblem(ONLY_A_METHOD, message)


def _about_number(problems: Sequence[CallProblem]) -> bool:
    return all(problem.reason in (TOO_MANY, MISSING) for problem in problems)


def _wrong_number(
    function: Function, signatures: Sequence[Signature], given: int, receiver: bool
) -> CallProblem:
    ranges = [_range(signature, receiver) for signature in signatures]
    expected = sorted({n for low, high in ranges for n in range(low, (high or low) + 1)})
    endless = any(high is None for _, high in ranges)
    reason = TOO_MANY if given > expected[-1] else MISSING
    count = _count(expected, endless)
    are = "is" if given == 1 else "are"
    return CallProblem(
        reason, f"{_title(function)} takes {count}, but {given or 'none'} {are} given"
    )


def _too_many(
    function: Function, signature: Signature, positional: int, keywords: int, receiver: bool
) -> CallProblem:
    named = [_quoted(p.name) for p in signature.parameters if p.keyword_only]
    if not named:
        return _wrong_number(function, [signature], positional + keywords, receiver)
    allowed = sum(not p.keyword_only for p in signature.parameters) - receiver
    message = (
        f"{_title(function)} takes {_arguments(allowed)} by position, but {positional} are given"
    )
    return CallProblem(TOO_MANY, f"{message}; {' and '.join(named)} must be named")


def _range(signature: Signature, receiver: bool) -> tuple[int, int | None]:
    parameters = signature.parameters[1:] if receiver else signature.parameters
    low = sum(p.required for p in parameters)
    endless = any(p.variadic or p.any_keyword for p in parameters)
    return low, None if endless else len(parameters)


def _count(expected: Sequence[int], endless: bool) -> str:
    low, high = expected[0], expected[-1]
    if endless:
        return f"at least {_arguments(low)}"
    if low == high:
        return _arguments(low)
    if len(expected) == high - low + 1 and high - low > 1:
        return f"{low} to {_arguments(high)}"
    return f"{', '.join(map(str, expected[:-1]))} or {_arguments(high)}"


def _arguments(count: int) -> str:
    return f"{count or 'no'} argument{'s' * (count != 1)}"


def _title(function: Function) -> str:
    return _quoted(function.name)


def _quoted(name: str) -> str:
    return f"`{name}`"


def _shape(signature: Signature) -> str:
    return _quoted(signature.text.rpartition(" -> ")[0])


def _takes_types(
    signature: Signature,
    positional: Sequence[Type],
    keywords: Mapping[str, Type],
    bound: dict[str, Type],
) -> bool | None:
    """Whether a signature takes arguments of these types; fills in what type variables stand for."""
    given = [(parameter_at(signature, index), kind) for index, kind in enumerate(positional)]
    named = {p.name: p for p in signature.parameters}
    given += [(named[name], kind) for name, kind in keywords.items() if name in named]
    rest = signature.parameters[len(positional) :]
    if any(parameter.required and parameter.name not in keywords for parameter in rest):
        return False
    certain: bool | None = True
    for parameter, kind in given:
        fits = parameter is not None and _fits(kind, parameter, bound)
        if fits is False:
            return False
        certain = certain and fits
    return certain


def _fits(kind: Type, parameter: Parameter, bound: dict[str, Type]) -> bool | None:
    _unify(parameter.type, kind, bound)
    if isinstance(parameter.type, types.Lambda):
        return True
    return types.assignable(kind, _substitute(parameter.type, bound))


def _unify(pattern: Type, kind: Type, bound: dict[str, Type]) -> None:
    """Let an argument decide the variables of its parameter's type."""
    match pattern, kind:
        case (types.Variable(name=name), _):
            bound[name] = types.join(bound.get(name, types.NEVER), kind)
        case (types.List(element=inner), types.List(element=given)):
            _unify(inner, given, bound)
        case (types.Dict(value=inner), types.Dict(value=given, fields=fields)):
            _unify(inner, types.join_all([given, *(part for _, part in fields)]), bound)
        case (types.Lambda(returns=inner), types.Lambda(returns=given)):
            _unify(inner, given, bound)
        case (types.Lambda(returns=inner), _):
            _unify(inner, kind, bound)
        case (types.Union(members=members), _):
            for member in members:
                _unify(member, kind, bound)
        case (types.List(element=inner) | types.Dict(value=inner), _):
            _unify(inner, types.ANY, bound)


def _substitute(pattern: Type, bound: Mapping[str, Type]) -> Type:
    """The type with its variables decided; those of arguments that were not given are nothing."""
    match pattern:
        case types.Variable(name=name):
            return bound.get(name, types.NEVER)
        case types.List(element=inner):
            return types.List(_substitute(inner, bound))
        case types.Dict(value=inner, fields=fields):
            return types.Dict(_substitute(inner, bound), fields)
        case types.Lambda():
            return types.ANY
        case types.Union(members=members):
            return types.join_all(_substitute(member, bound) for member in members)
        case _:
            return pattern
