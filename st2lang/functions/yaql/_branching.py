"""What the functions in `branching` do."""

from collections.abc import Iterator
from typing import Any

from st2lang.functions.overload import Family, Int, Lambda, LazyPair

family = Family()


@family.function("switch", plain=True)
def switch(*args: LazyPair) -> Any:
    for pair in args:
        if pair.source():
            return pair.destination()
    return None


@family.function("selectCase")
def select_case(*args: Lambda) -> int:
    return next((index for index, condition in enumerate(args) if condition()), len(args))


@family.function("selectAllCases")
def select_all_cases(*args: Lambda) -> Iterator[int]:
    return (index for index, condition in enumerate(args) if condition())


@family.function("examine")
def examine(*args: Lambda) -> Iterator[bool]:
    return (bool(condition()) for condition in args)


@family.method("switchCase")
def switch_case(case: Int, *args: Lambda) -> Any:
    if not args:
        return None
    return args[case if 0 <= case < len(args) else -1]()


@family.function("coalesce")
def coalesce(*args: Lambda) -> Any:
    for choice in args:
        value = choice()
        if value is not None:
            return value
    return None
