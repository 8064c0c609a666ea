"""What the functions in `collections` do."""

from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence, Set
from itertools import chain, islice
from typing import Any

from st2lang.functions.overload import (
    Dict,
    Family,
    Int,
    Items,
    Lambda,
    Members,
    OptionalLambda,
    Pair,
    Value,
)
from st2lang.functions.values import Env, FrozenDict, limited

family = Family()
function, method = family.function, family.method


def is_iterable(value: object) -> bool:
    """Whether YAQL goes through the elements of a value: not those of strings and dicts."""
    return isinstance(value, Iterable) and not isinstance(value, str | Mapping)


def _unrolled(values: Iterable[Any]) -> Iterator[Any]:
    """The values; lazy lists among them element by element."""
    for value in values:
        if isinstance(value, Iterator):
            yield from _unrolled(value)
        else:
            yield value


@function("list")
def listed(env: Env, *args: Value) -> tuple[Any, ...]:
    return tuple(limited(_unrolled(args), env[None]))


@function("set")
def members(env: Env, *args: Value) -> frozenset[Any]:
    return frozenset(limited(_unrolled(args), env[None]))


@method("flatten")
def flatten(collection: Items) -> Iterator[Any]:
    for item in collection:
        if is_iterable(item):
            yield from flatten(item)
        else:
            yield item


@method("toList")
def to_list(collection: Items) -> tuple[Any, ...]:
    return tuple(collection)


@method("toSet")
def to_set(collection: Items) -> frozenset[Any]:
    return frozenset(collection)


@function("dict", plain=True)
def dict_of_pairs(*args: Pair) -> FrozenDict:
    return FrozenDict((pair.source, pair.destination) for pair in args)


@function("dict", plain=True)
def dict_of_items(items: Items) -> FrozenDict:
    return FrozenDict(_pair(item) for item in items)


def _pair(item: Iterable[Any]) -> tuple[Any, Any]:
    """The first two elements of a list."""
    found = tuple(islice(item, 2))
    if len(found) < 2:
        raise ValueError("a list of key and value is needed for every key")
    return found[0], found[1]


@method("toDict")
def to_dict(
    collection: Items, key_selector: Lambda, value_selector: OptionalLambda = None
) -> dict[Any, Any]:
    return {
        key_selector(item): item if value_selector is None else value_selector(item)
        for item in collection
    }


@method("get")
def get(dict_: Dict, key: Value, default: Value = None) -> Any:
    return dict_.get(key, default)


@method("set", plain=True)
def with_value(dict_: Dict, key: Value, value: Value) -> FrozenDict:
    return FrozenDict(chain(dict_.items(), ((key, value),)))


@method("set", plain=True)
def with_values(dict_: Dict, replacements: Dict) -> FrozenDict:
    return FrozenDict(chain(dict_.items(), replacements.items()))


@method("set", plain=True)
def with_pairs(dict_: Dict, *args: Pair) -> FrozenDict:
    return FrozenDict(chain(dict_.items(), ((pair.source, pair.destination) for pair in args)))


@method("keys")
def keys(dict_: Dict) -> KeysView[Any]:
    return dict_.keys()


@method("values")
def values(dict_: Dict) -> Iterable[Any]:
    return dict_.values()


@method("items")
def items(dict_: Dict) -> Set[Any]:
    return dict_.items()


@method("contains")
def contains(collection: Items, value: Value) -> bool:
    return value in collection


@method("containsKey")
def contains_key(dict_: Dict, key: Value) -> bool:
    return key in dict_


@method("containsValue")
def contains_value(dict_: Dict, value: Value) -> bool:
    return value in dict_.values()


@function("isList")
def is_list(arg: Value) -> bool:
    return isinstance(arg, Sequence) and not isinstance(arg, str)


@function("isDict")
def is_dict(arg: Value) -> bool:
    return isinstance(arg, Mapping)


@function("isSet")
def is_set(arg: Value) -> bool:
    return isinstance(arg, Set)


@method("deleteAll")
def delete_all(dict_: Dict, keys: Items) -> dict[Any, Any]:
    gone = list(keys)
    rest = dict(dict_)
    for key in gone:
        rest.pop(key, None)
    return rest


def in_range(index: int, position: int, count: int) -> bool:
    """Whether an index lies in the part of `count` elements; all that follow if that is negative."""
    return index >= position and (count < 0 or index < position + count)


@method("replaceMany")
def replace_many(collection: Items, position: Int, values: Items, count: Int = 1) -> Iterator[Any]:
    done = False
    for index, item in enumerate(collection):
        if not in_range(index, position, count):
            yield item
        elif not done:
            yield from values
            done = True


@method("insertMany")
def insert_many(collection: Items, position: Int, values: Items) -> Iterator[Any]:
    last = -1
    if position < 0:
        yield from values
    for last, item in enumerate(collection):
        if last == position:
            yield from values
        yield item
    if position > last:
        yield from values


@method("union")
def union(left: Members, right: Members) -> Any:
    return left.union(right)


@method("intersect")
def intersect(left: Members, right: Members) -> Any:
    return left.intersection(right)


@method("difference")
def difference(left: Members, right: Members) -> Any:
    return left.difference(right)


@method("symmetricDifference")
def symmetric_difference(left: Members, right: Members) -> Any:
    return left.symmetric_difference(right)


@method("add")
def add(set_: Members, *values: Value) -> Any:
    return set_.union(frozenset(values))


@method("remove")
def remove(set_: Members, *values: Value) -> Any:
    return set_.difference(frozenset(values))
