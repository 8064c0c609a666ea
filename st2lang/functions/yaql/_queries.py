"""What the functions in `queries` do."""

import functools
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Annotated, Any

from st2lang.functions.failure import EvaluationError
from st2lang.functions.overload import (
    MISSING,
    Dict,
    Family,
    Flag,
    Int,
    Items,
    Lambda,
    OptionalInt,
    OptionalLambda,
    Takes,
    Value,
)
from st2lang.functions.values import Env, limited
from st2lang.functions.yaql._collections import is_iterable
from st2lang.functions.yaql._operators import binary

family = Family()
function, method, both = family.function, family.method, family.both


def remembered(collection: Iterable[Any]) -> Iterator[Any]:
    """A lazy list that can be gone through many times."""
    return _Remembered(collection, [])


class _Remembered(Iterator[Any]):
    """Every pass takes what is not known yet from `iter(collection)`.

    As in the package: a remembered list that is remembered again begins anew with every pass.
    """

    __slots__ = ("collection", "index", "seen", "source")

    def __init__(self, collection: Iterable[Any], seen: list[Any]) -> None:
        self.collection, self.source = collection, iter(collection)
        self.seen, self.index = seen, 0

    def __iter__(self) -> Iterator[Any]:
        return _Remembered(self.collection, self.seen)

    def __next__(self) -> Any:
        if self.index == len(self.seen):
            self.seen.append(next(self.source))
        self.index += 1
        return self.seen[self.index - 1]


@method("where", "filter")
def where(collection: Items, predicate: Lambda) -> Iterator[Any]:
    return filter(predicate, collection)


@method("select", "map")
def select(collection: Items, selector: Lambda) -> Iterator[Any]:
    return map(selector, collection)


@method("selectMany")
def select_many(collection: Items, selector: Lambda) -> Iterator[Any]:
    for item in collection:
        inner = selector(item)
        if is_iterable(inner):
            yield from inner
        else:
            yield inner


@method("skip")
def skip(collection: Items, count: Int) -> Iterator[Any]:
    return itertools.islice(collection, count, None)


@method("limit", "take")
def limit(collection: Items, count: Int) -> Iterator[Any]:
    return itertools.islice(collection, count)


@both("append")
def append(collection: Items, *args: Value) -> Iterator[Any]:
    return itertools.chain(collection, args)


@both("distinct")
def distinct(collection: Items, key_selector: OptionalLambda = None) -> Iterator[Any]:
    seen = set()
    for item in collection:
        key = item if key_selector is None else key_selector(item)
        if key not in seen:
            seen.add(key)
            yield item


@both("enumerate")
def enumerated(collection: Items, start: OptionalInt = 0) -> Iterator[list[Any]]:
    return ([index, item] for index, item in enumerate(collection, start))  # type: ignore[arg-type]


@both("any")
def any_of(collection: Items, predicate: OptionalLambda = None) -> bool:
    return any(predicate is None or predicate(item) for item in collection)


@both("all")
def all_of(collection: Items, predicate: OptionalLambda = None) -> bool:
    return all(predicate(item) if predicate else item for item in collection)


@method("count")
def count(collection: Items) -> int:
    return sum(1 for _ in collection)


@method("memorize")
def memorize(collection: Items) -> Iterable[Any]:
    return remembered(collection) if isinstance(collection, Iterator) else collection


@method("sum")
def total(env: Env, collection: Items, initial: Value = MISSING) -> Any:
    return aggregate(collection, binary("+", env), initial)


@method("first")
def first(collection: Items, default: Value = MISSING) -> Any:
    for item in collection:
        return item
    if default is MISSING:
        raise EvaluationError("`first()` of an empty list", "empty")
    return default


@method("single")
def single(collection: Items) -> Any:
    found = tuple(itertools.islice(collection, 2))
    if len(found) != 1:
        what = "more than one element" if found else "no element"
        raise EvaluationError(f"`single()` of a list with {what}", "empty")
    return found[0]


@method("last")
def last(collection: Items, default: Value = MISSING) -> Any:
    found = collection[-1:] if isinstance(collection, Sequence) else deque(collection, 1)
    if found:
        return found[0]
    if default is MISSING:
        raise EvaluationError("`last()` of an empty list", "empty")
    return default


@function("range")
def numbers_to(stop: Int) -> Iterator[int]:
    return iter(range(stop))


@function("range")
def numbers(start: Int, stop: Int, step: Int = 1) -> Iterator[int]:
    return iter(range(start, stop, step))


@function("sequence")
def sequence(start: Int = 0, step: Int = 1) -> Iterator[int]:
    return itertools.count(start, step)


class Ordered(Iterable[Any]):
    """A list that is sorted when it is gone through, by as many fields as there were asked for."""

    def __init__(self, collection: Iterable[Any], env: Env) -> None:
        self.collection, self.env = collection, env
        self.fields: list[tuple[Callable[[Any], Any], bool]] = []
        self.result: list[Any] | None = None

    def by(self, selector: Callable[[Any], Any], descending: bool = False) -> "Ordered":
        """The same list with one more field to sort by."""
        self.fields.append((selector, descending))
        return self

    def __iter__(self) -> Iterator[Any]:
        if self.result is None:
            less, more = binary("<", self.env), binary(">", self.env)
            entries = [_Entry(item, self.fields) for item in self.collection]
            compare = functools.partial(_compare, less=less, more=more)
            entries.sort(key=functools.cmp_to_key(compare))
            self.result = [entry.item for entry in entries]
        return iter(self.result)


class _Entry:
    """An element and the values of its fields, each computed when a comparison needs it."""

    __slots__ = ("fields", "item", "known")

    def __init__(self, item: Any, fields: Sequence[tuple[Callable[[Any], Any], bool]]) -> None:
        self.item, self.fields = item, fields
        self.known: list[Any] = []

    def key(self, index: int) -> Any:
        if index == len(self.known):
            self.known.append(self.fields[index][0](self.item))
        return self.known[index]


def _compare(
    left: _Entry,
    right: _Entry,
    less: Callable[[Any, Any], Any],
    more: Callable[[Any, Any], Any],
) -> int:
    for index, (_, descending) in enumerate(left.fields):
        a, b = left.key(index), right.key(index)
        order = -1 if less(a, b) else 1 if more(a, b) else 0
        if order:
            return -order if descending else order
    return 0


@method("orderBy")
def order_by(env: Env, collection: Items, selector: Lambda) -> Ordered:
    return Ordered(collection, env).by(selector)


@method("orderByDescending")
def order_by_descending(env: Env, collection: Items, selector: Lambda) -> Ordered:
    return Ordered(collection, env).by(selector, descending=True)


InOrder = Annotated[Ordered, Takes("ordered list", Ordered)]


@method("thenBy")
def then_by(collection: InOrder, selector: Lambda) -> Ordered:
    return collection.by(selector)


@method("thenByDescending")
def then_by_descending(collection: InOrder, selector: Lambda) -> Ordered:
    return collection.by(selector, descending=True)


@method("groupBy")
def group_by(
    collection: Items,
    key_selector: Lambda,
    value_selector: OptionalLambda = None,
    aggregator: OptionalLambda = None,
) -> Iterator[Any]:
    groups: dict[Any, list[Any]] = {}
    for item in collection:
        value = item if value_selector is None else value_selector(item)
        groups.setdefault(key_selector(item), []).append(value)
    if aggregator is None:
        return iter(groups.items())
    return map(_Aggregated(aggregator), groups.items())


class _Aggregated:
    """What an aggregator makes of a group.

    It gets the list of values; one written for the first YAQL gets a list of the key and the values
    instead, which is found out by its failing with the former.
    """

    def __init__(self, aggregator: Callable[[Any], Any]) -> None:
        self.aggregator = aggregator
        self.old_style = True
        self.failure: EvaluationError | None = None

    def __call__(self, group: tuple[Any, list[Any]]) -> Any:
        if self.failure is None:
            try:
                return self._new_style(*group)
            except EvaluationError as error:
                if error.kind not in ("no-match", "index"):
                    raise
                self.failure = error
        if self.old_style:
            try:
                result = self.aggregator(group)
                if len(result) == 2:
                    return result
            except Exception:
                raise self.failure from None
        raise self.failure

    def _new_style(self, key: Any, values: list[Any]) -> tuple[Any, Any]:
        result = self.aggregator(values)
        pair = isinstance(result, Sequence) and not isinstance(result, str) and len(result) == 2
        if not (pair and len(values) == 2 and result[0] == values[0]):
            self.old_style = False
        return key, result


@method("zip")
def zipped(*collections: Items) -> Iterator[Any]:
    return zip(*collections, strict=False)


@method("zipLongest")
def zipped_longest(*collections: Items, **kwargs: Any) -> Iterator[Any]:
    return itertools.zip_longest(*collections, fillvalue=kwargs.get("default"))


@method("repeat")
def repeat(value: Value, times: Int = -1) -> Iterator[Any]:
    return itertools.repeat(value) if times < 0 else itertools.repeat(value, times)


@method("cycle")
def cycle(collection: Items) -> Iterator[Any]:
    return itertools.cycle(collection)


@method("takeWhile")
def take_while(collection: Items, predicate: Lambda) -> Iterator[Any]:
    return itertools.takewhile(predicate, collection)


@method("skipWhile")
def skip_while(collection: Items, predicate: Lambda) -> Iterator[Any]:
    return itertools.dropwhile(predicate, collection)


@method("indexWhere")
def index_where(collection: Items, predicate: Lambda) -> int:
    return next((index for index, item in enumerate(collection) if predicate(item)), -1)


@method("lastIndexWhere")
def last_index_where(collection: Items, predicate: Lambda) -> int:
    found = -1
    for index, item in enumerate(collection):
        if predicate(item):
            found = index
    return found


@method("slice")
def sliced(env: Env, collection: Items, length: Int) -> Iterator[Any]:
    source = iter(collection)
    while part := tuple(limited(itertools.islice(source, length), env[None])):
        yield part


@method("splitWhere")
def split_where(collection: Items, predicate: Lambda) -> Iterator[Any]:
    items = tuple(collection)
    start = 0
    for index, item in enumerate(items):
        if predicate(item):
            yield items[start:index]
            start = index + 1
    if start != len(items):
        yield items[start:]


@method("sliceWhere")
def slice_where(collection: Items, predicate: Lambda) -> Iterator[Any]:
    items = tuple(collection)
    start, before = 0, MISSING
    for index, item in enumerate(items):
        answer = predicate(item)
        if before is not MISSING and answer != before:
            yield items[start:index]
            start = index
        before = answer
    if start != len(items):
        yield items[start:]


@method("splitAt")
def split_at(collection: Items, index: Int) -> list[Any]:
    items = tuple(collection)
    return [items[:index], items[index:]]


@method("aggregate", "reduce")
def aggregate(collection: Items, selector: Lambda, seed: Value = MISSING) -> Any:
    if seed is MISSING:
        return functools.reduce(selector, collection)
    return functools.reduce(selector, collection, seed)


@method("accumulate")
def accumulate(collection: Items, selector: Lambda, seed: Value = MISSING) -> Iterator[Any]:
    source = iter(collection)
    result = next(source, MISSING) if seed is MISSING else seed
    if result is MISSING:
        raise TypeError("`accumulate` of an empty list needs a value to begin with")
    yield result
    for item in source:
        result = selector(result, item)
        yield result


@method("reverse")
def reverse(collection: Items) -> Iterator[Any]:
    return iter(tuple(collection)[::-1])


@method("mergeWith")
def merge_with(
    dict_: Dict,
    another: Dict,
    list_merger: OptionalLambda = None,
    item_merger: OptionalLambda = None,
    max_levels: Int = 0,
) -> dict[Any, Any]:
    lists = list_merger or (lambda left, right: tuple(distinct(left + right)))
    others = item_merger or (lambda left, right: right)
    return _merge(dict_, another, lists, others, max_levels)


def _merge(
    left: Mapping[Any, Any],
    right: Mapping[Any, Any],
    lists: Callable[[Any, Any], Any],
    others: Callable[[Any, Any], Any],
    levels: int,
) -> dict[Any, Any]:
    """Both dicts in one, `levels` deep (0: however deep they are)."""
    result = dict(left)
    for key, value in left.items():
        if key not in right:
            continue
        other = right[key]
        if levels != 1 and isinstance(other, Mapping):
            _same_kind(isinstance(value, Mapping), key)
            result[key] = _merge(value, other, lists, others, levels and levels - 1)
        elif levels != 1 and isinstance(other, Sequence) and not isinstance(other, str):
            _same_kind(isinstance(value, Sequence) and not isinstance(value, str), key)
            result[key] = lists(value, other)
        else:
            result[key] = others(value, other)
    result.update((key, value) for key, value in right.items() if key not in left)
    return result


def _same_kind(same: bool, key: Any) -> None:
    if not same:
        raise EvaluationError(f"the values of {key!r} are of different kinds and cannot be merged")


@function("isIterable")
def iterable(value: Value) -> bool:
    return is_iterable(value)


@function("generate")
def generate(
    initial: Value,
    predicate: Lambda,
    producer: Lambda,
    selector: OptionalLambda = None,
    decycle: Flag = False,
) -> Iterator[Any]:
    seen = set()
    value = initial
    while predicate(value):
        if decycle:
            if value in seen:
                return
            seen.add(value)
        yield value if selector is None else selector(value)
        value = producer(value)


@function("generateMany")
def generate_many(
    initial: Value,
    producer: Lambda,
    selector: OptionalLambda = None,
    decycle: Flag = False,
    depth_first: Flag = False,
) -> Iterator[Any]:
    seen = set()
    waiting = deque([initial])
    while waiting:
        item = waiting.popleft()
        if decycle:
            if item in seen:
                continue
            seen.add(item)
        yield item if selector is None else selector(item)
        before = len(waiting)
        waiting.extend(producer(item))
        if depth_first:
            waiting.rotate(len(waiting) - before)


@method("defaultIfEmpty")
def default_if_empty(collection: Items, default: Items) -> Iterable[Any]:
    if isinstance(collection, Sequence | Set):
        return collection if len(collection) else default
    kept = remembered(collection)
    return default if next(iter(kept), MISSING) is MISSING else kept
