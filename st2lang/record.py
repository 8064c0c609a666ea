"""Frozen dataclasses with slots, made quickly.

`dataclasses` generates six methods as text for each class and brings `inspect` along: for the hundred
small classes of this package that is half of what `st2c check` has time for. A record shares its
methods and generates `__init__` alone, which also makes instances faster than `dataclass(frozen=True)`.
It means the same: fields in order, defaults, equality and hash by the fields that take part in them.
Type checkers see a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")

_MISSING: Any = object()


class _Field:
    """What `field` was told, until the class is made."""

    __slots__ = ("compare", "default", "factory", "init")

    def __init__(
        self, default: Any, factory: Callable[[], Any] | None, compare: bool, init: bool
    ) -> None:
        self.default, self.factory, self.compare, self.init = default, factory, compare, init


def field(
    *,
    default: Any = _MISSING,
    default_factory: Callable[[], Any] | None = None,
    compare: bool = True,
    init: bool = True,
) -> Any:
    """A field that takes no part in equality, has a default made anew, or is no argument."""
    return _Field(default, default_factory, compare, init)


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(
    *, frozen: bool = True, eq: bool = True, slots: bool = True
) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    cls: type[T] | None = None, /, *, frozen: bool = True, eq: bool = True, slots: bool = True
) -> type[T] | Callable[[type[T]], type[T]]:
    """Make a class a record.

    `frozen=False` lets it be assigned to, `eq=False` compares by identity, `slots=False` leaves room for
    a `cached_property`.
    """
    if cls is None:
        return lambda real: _make(real, frozen, eq, slots)
    return _make(cls, frozen, eq, slots)


def _make(cls: type[T], frozen: bool, eq: bool, slots: bool) -> type[T]:
    names = [n for n, kind in cls.__annotations__.items() if not str(kind).startswith("ClassVar")]
    specs = {name: _spec(cls.__dict__.get(name, _MISSING)) for name in names}
    inherited: dict[str, _Field] = getattr(cls, "__record_fields__", {})
    fields = {**inherited, **specs}
    compared = tuple(name for name, spec in fields.items() if spec.compare)
    namespace = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in specs and name not in ("__dict__", "__weakref__")
    }
    namespace.update(
        __match_args__=tuple(name for name, spec in fields.items() if spec.init),
        __record_fields__=fields,
        __compared__=compared,
    )
    if slots:
        namespace["__slots__"] = tuple(name for name in names if name not in inherited)
    shared: dict[str, Any] = {"__repr__": _repr, "__reduce__": _reduce}
    if eq:
        shared |= {"__eq__": _eq, "__hash__": _hash if frozen else _unhashable}
    if frozen:
        shared |= {"__setattr__": _refuse, "__delattr__": _refuse}
    for name, method in shared.items():
        namespace.setdefault(name, method)
    metaclass: Any = type(cls)
    made = metaclass(cls.__name__, cls.__bases__, namespace)
    made.__init__ = _init(made, fields, frozen, slots)
    return made  # type: ignore[no-any-return]


def _spec(given: Any) -> _Field:
    return given if isinstance(given, _Field) else _Field(given, None, True, True)


def _init(cls: type, fields: dict[str, _Field], frozen: bool, slots: bool) -> Any:
    """`__init__` as text: the one method for which generated code is worth its price."""
    scope: dict[str, Any] = {"_missing": _MISSING}
    parameters, body = ["self"], []
    for name, spec in fields.items():
        if slots and frozen:
            scope[f"_set_{name}"] = getattr(cls, name).__set__
        value = name
        if spec.default is not _MISSING:
            scope[f"_default_{name}"] = spec.default
            parameters.append(f"{name}=_default_{name}")
        elif spec.factory is not None:
            scope[f"_make_{name}"] = spec.factory
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        else:
            parameters.append(name)
        if not spec.init:
            parameters.pop()
            value = f"_make_{name}()" if spec.factory else f"_default_{name}"
        if not frozen:
            body.append(f" self.{name} = {value}")
        elif slots:
            body.append(f" _set_{name}(self, {value})")
        else:
            body.append(f" self.__dict__[{name!r}] = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(body) or " pass"), scope)
    return scope["__init__"]


def values(instance: Any) -> tuple[Any, ...]:
    """The values of a record's arguments, in order."""
    return tuple(getattr(instance, name) for name in instance.__match_args__)


def replace(instance: T, **changes: Any) -> T:
    """A copy of a record with some fields changed."""
    given: dict[str, Any] = dict(zip(instance.__match_args__, values(instance), strict=True))  # type: ignore[attr-defined]
    return type(instance)(**{**given, **changes})


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return all(getattr(self, name) == getattr(other, name) for name in self.__compared__)


def _hash(self: Any) -> int:
    return hash(tuple([getattr(self, name) for name in self.__compared__]))


def _unhashable(self: Any) -> int:
    raise TypeError(f"unhashable type: '{type(self).__name__}'")


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record_fields__)
    return f"{type(self).__qualname__}({shown})"


def _reduce(self: Any) -> tuple[Any, ...]:
    return type(self), values(self)


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise AttributeError(f"cannot assign to field {name!r} of a {type(self).__name__}")
