"""Lists, sets and dicts. Specified by the module `yaql.standard_library.collections`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Lists, sets and dicts",
    Function(
        "add",
        ("(set: set<T>).add(*values: U) -> set<T|U>",),
        "The set with more elements.",
        (Example("set(1, 2).add(2, 3).orderBy($)", [1, 2, 3]),),
    ),
    Function(
        "contains",
        ("(collection: iterable).contains(value: any) -> boolean",),
        "Whether the value is one of the elements. `value in list` says the same.",
        (Example("$.contains(2)", True, [1, 2]),),
    ),
    Function(
        "containsKey",
        ("(dict: dict).containsKey(key: any) -> boolean",),
        "Whether the dict has the key.",
        (Example("$.containsKey(name)", True, {"name": None}),),
    ),
    Function(
        "containsValue",
        ("(dict: dict).containsValue(value: any) -> boolean",),
        "Whether some key of the dict has the value.",
        (Example("$.containsValue(80)", True, {"port": 80}),),
    ),
    Function(
        "deleteAll",
        ("(dict: dict<T>).deleteAll(keys: iterable) -> dict<T>",),
        "The dict without the keys in a list.",
        (Example("$.deleteAll([a, b])", {"c": 3}, {"a": 1, "b": 2, "c": 3}),),
    ),
    Function(
        "dict",
        ("dict(*args: mapping) -> dict", "dict(items: iterable) -> dict"),
        "A dict of `key => value` pairs, or of a list of two-element lists.",
        (
            Example("dict(a => 1, b => 2)", {"a": 1, "b": 2}),
            Example("dict([[a, 1], [b, 2]])", {"a": 1, "b": 2}),
        ),
    ),
    Function(
        "difference",
        ("(left: set<T>).difference(right: set) -> set<T>",),
        "The elements of the first set that are not in the second.",
        (Example("set(1, 2, 3).difference(set(2))", {1, 3}),),
    ),
    Function(
        "flatten",
        ("(collection: iterable).flatten() -> list",),
        "One list of all elements, with the lists inside it dissolved at every level.",
        (Example("[1, [2, [3, 4]]].flatten()", [1, 2, 3, 4]),),
    ),
    Function(
        "get",
        ("(dict: dict<T>).get(key: any, default: U = null) -> T|U|null",),
        "The value of a key, or the default (null unless given) when the dict lacks it.",
        (Example("$.get(port, 22)", 22, {"host": "web1"}),),
    ),
    Function(
        "insertMany",
        (
            "(collection: iterable<T>).insertMany(position: integer, values: iterable<U>) "
            "-> list<T|U>",
        ),
        "The list with all elements of another before a position.",
        (Example("[1, 4].insertMany(1, [2, 3])", [1, 2, 3, 4]),),
    ),
    Function(
        "intersect",
        ("(left: set<T>).intersect(right: set) -> set<T>",),
        "The elements that both sets have.",
        (Example("set(1, 2).intersect(set(2, 3))", {2}),),
    ),
    Function(
        "isDict",
        ("isDict(arg: any) -> boolean",),
        "Whether the value is a dict.",
        (Example("isDict({})", True),),
    ),
    Function(
        "isList",
        ("isList(arg: any) -> boolean",),
        "Whether the value is a list. Sets and lazy iterators are none.",
        (Example("isList([1])", True), Example("isList(abc)", False)),
    ),
    Function(
        "isSet",
        ("isSet(arg: any) -> boolean",),
        "Whether the value is a set.",
        (Example("isSet(set(1))", True), Example("isSet([1])", False)),
    ),
    Function(
        "items",
        ("(dict: dict).items() -> list<list>",),
        "The pairs of a dict: a list of `[key, value]`.",
        (Example("$.items().select($[0] + '=' + $[1])", ["a=x"], {"a": "x"}),),
    ),
    Function(
        "keys",
        ("(dict: dict).keys() -> list<string>",),
        "The keys of a dict. `$.keys().toList()` makes a real list of them, for `len` or an index.",
        (Example("$.keys().toList()", ["a", "b"], {"a": 1, "b": 2}),),
    ),
    Function(
        "list",
        ("list(*args: any) -> list",),
        "A list of the arguments; lazy iterators among them are unrolled, lists stay lists.",
        (Example("list(1, [2, 3])", [1, [2, 3]]), Example("list(range(3))", [0, 1, 2])),
    ),
    Function(
        "remove",
        ("(set: set<T>).remove(*values: any) -> set<T>",),
        "The set without some elements.",
        (Example("set(1, 2, 3).remove(1, 3)", {2}),),
    ),
    Function(
        "replaceMany",
        (
            "(collection: iterable<T>).replaceMany(position: integer, values: iterable<U>, "
            "count: integer = 1) -> list<T|U>",
        ),
        "The list with `count` elements from a position replaced by all elements of another.",
        (Example("[1, 9, 4].replaceMany(1, [2, 3])", [1, 2, 3, 4]),),
    ),
    Function(
        "symmetricDifference",
        ("(left: set<T>).symmetricDifference(right: set<U>) -> set<T|U>",),
        "The elements that only one of the sets has.",
        (Example("set(1, 2).symmetricDifference(set(2, 3))", {1, 3}),),
    ),
    Function(
        "toDict",
        (
            "(collection: iterable).toDict(keySelector: lambda, valueSelector: lambda = null) "
            "-> dict",
        ),
        "A dict with one key for every element; the value is the element unless it is chosen too.",
        (
            Example(
                "$.toDict($.name, $.port)",
                {"web": 80, "ssh": 22},
                [{"name": "web", "port": 80}, {"name": "ssh", "port": 22}],
            ),
        ),
    ),
    Function(
        "toList",
        ("(collection: iterable<T>).toList() -> list<T>",),
        "A real list of whatever can be gone through.",
        (Example("range(3).toList().len()", 3),),
    ),
    Function(
        "toSet",
        ("(collection: iterable<T>).toSet() -> set<T>",),
        "The elements as a set, each once.",
        (Example("[1, 2, 1].toSet().len()", 2),),
    ),
    Function(
        "union",
        ("(left: set<T>).union(right: set<U>) -> set<T|U>",),
        "The elements of both sets.",
        (Example("set(1, 2).union(set(2, 3))", {1, 2, 3}),),
    ),
    Function(
        "values",
        ("(dict: dict<T>).values() -> list<T>",),
        "The values of a dict. `$.values().toList()` makes a real list of them.",
        (Example("$.values().sum()", 3, {"a": 1, "b": 2}),),
    ),
)
