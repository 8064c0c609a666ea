"""Jinja2's filters for lists. Specified by `jinja2.filters`.

`| list` makes a real list of the iterators that most of them give.
"""

from st2lang.functions.record import Example, Function, Kind, family

_PEOPLE = {"people": [{"name": "Ann", "age": 41}, {"name": "Bo", "age": 17}]}


def _filter(name: str, form: str, doc: str, *examples: Example) -> Function:
    return Function(name, (form,), doc, examples, kind=Kind.FILTER)


FUNCTIONS = family(
    "Filters: lists",
    _filter(
        "batch",
        "(value: list<T>|dict|string)|batch(linecount: integer, fill_with: any = null) -> list<list>",
        "Lists of so many elements each; the last is filled up with `fill_with` if that is given.",
        Example("[1, 2, 3] | batch(2, 0) | list", [[1, 2], [3, 0]]),
    ),
    _filter(
        "first",
        "(seq: list<T>|dict|string)|first() -> T",
        "The first element; not defined when there is none.",
        Example("[4, 5] | first", 4),
    ),
    _filter(
        "groupby",
        "(value: list|dict)|groupby(attribute: string|integer, default: any = null, "
        "case_sensitive: boolean = false) -> list<list>",
        "Groups of elements that agree in an attribute, sorted by it: pairs of `grouper` and `list`.",
        Example("people | groupby('age') | map(attribute='grouper') | list", [17, 41], _PEOPLE),
    ),
    _filter(
        "join",
        "(value: list|dict|string)|join(d: string = '', attribute: string|integer|null = null) "
        "-> string",
        "The elements, or an attribute of each, as one text with a separator between them.",
        Example("[1, 2] | join('-')", "1-2"),
        Example("people | join(', ', attribute='name')", "Ann, Bo", _PEOPLE),
    ),
    _filter(
        "last",
        "(seq: list<T>|dict|string)|last() -> T",
        "The last element; not defined when there is none.",
        Example("[4, 5] | last", 5),
    ),
    _filter(
        "list",
        "(value: list<T>|dict|string)|list() -> list<T>",
        "A real list of whatever can be gone through; of a text, its characters.",
        Example("'abc' | list", ["a", "b", "c"]),
    ),
    Function(
        "map",
        (
            "(value: list|dict|string)|map(filter: filter-name, *args: any, **kwargs: any) -> list",
            "(value: list|dict|string)|map(*, attribute: string|integer, default?: any) -> list",
        ),
        "Each element put through a filter, given by its name with its arguments, or an attribute "
        "of each.",
        (
            Example("['a', 'b'] | map('upper') | list", ["A", "B"]),
            Example("people | map(attribute='name') | list", ["Ann", "Bo"], _PEOPLE),
        ),
        kind=Kind.FILTER,
    ),
    _filter(
        "max",
        "(value: list<T>|dict|string)|max(case_sensitive: boolean = false, "
        "attribute: string|integer|null = null) -> T",
        "The greatest element, by an attribute if one is given.",
        Example("[1, 3, 2] | max", 3),
    ),
    _filter(
        "min",
        "(value: list<T>|dict|string)|min(case_sensitive: boolean = false, "
        "attribute: string|integer|null = null) -> T",
        "The least element, by an attribute if one is given.",
        Example("[2, 1, 3] | min", 1),
    ),
    _filter(
        "reject",
        "(value: list<T>|dict|string)|reject(test?: test-name, *args: any, **kwargs: any) -> list<T>",
        "The elements for which a test, given by its name with its arguments, does not hold.",
        Example("[1, 2, 3] | reject('odd') | list", [2]),
    ),
    _filter(
        "rejectattr",
        "(value: list<T>|dict)|rejectattr(attribute: string|integer, test?: test-name, *args: any, "
        "**kwargs: any) -> list<T>",
        "The elements of which an attribute does not pass a test; without a test, those where it "
        "counts as false.",
        Example(
            "people | rejectattr('age', 'lessthan', 18) | map(attribute='name') | list",
            ["Ann"],
            _PEOPLE,
        ),
    ),
    _filter(
        "reverse",
        "(value: T)|reverse() -> T",
        "The elements from the last to the first, or the text turned round.",
        Example("[1, 2] | reverse | list", [2, 1]),
    ),
    _filter(
        "select",
        "(value: list<T>|dict|string)|select(test?: test-name, *args: any, **kwargs: any) -> list<T>",
        "The elements for which a test, given by its name with its arguments, holds; without a test, "
        "those that count as true.",
        Example("[1, 2, 3] | select('>=', 2) | list", [2, 3]),
    ),
    _filter(
        "selectattr",
        "(value: list<T>|dict)|selectattr(attribute: string|integer, test?: test-name, *args: any, "
        "**kwargs: any) -> list<T>",
        "The elements of which an attribute passes a test; without a test, those where it counts as "
        "true.",
        Example(
            "people | selectattr('age', 'gt', 18) | map(attribute='name') | list", ["Ann"], _PEOPLE
        ),
    ),
    _filter(
        "slice",
        "(value: list<T>|string)|slice(slices: integer, fill_with: any = null) -> list<list>",
        "The elements spread over so many lists, as evenly as may be.",
        Example("[1, 2, 3] | slice(2) | list", [[1, 2], [3]]),
    ),
    _filter(
        "sort",
        "(value: list<T>|dict|string)|sort(reverse: boolean = false, "
        "case_sensitive: boolean = false, attribute: string|integer|null = null) -> list<T>",
        "The elements sorted, by attributes (`'age,name'`) if given.",
        Example("[3, 1, 2] | sort", [1, 2, 3]),
        Example("(people | sort(attribute='age') | first).name", "Bo", _PEOPLE),
    ),
    _filter(
        "sum",
        "(iterable: list|dict)|sum(attribute: string|integer|null = null, start: any = 0) -> any",
        "All elements, or an attribute of each, added up.",
        Example("[1, 2] | sum", 3),
        Example("people | sum(attribute='age')", 58, _PEOPLE),
    ),
    _filter(
        "unique",
        "(value: list<T>|dict|string)|unique(case_sensitive: boolean = false, "
        "attribute: string|integer|null = null) -> list<T>",
        "The elements without those seen before; capitals make no difference unless asked for.",
        Example("['a', 'A', 'b'] | unique | list", ["a", "b"]),
    ),
)
