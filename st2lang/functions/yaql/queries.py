"""Filtering, mapping, sorting and cutting lists. Specified by `yaql.standard_library.queries`.

Most give lazy iterators, which become lists at the end of an expression.
"""

from st2lang.functions.record import Example, Function, family

_PEOPLE = [{"name": "Ann", "age": 41}, {"name": "Bo", "age": 17}, {"name": "Cy", "age": 41}]

_CHOOSING = family(
    "Queries: choosing",
    Function(
        "all",
        ("all(this collection: iterable, predicate: lambda = null) -> boolean",),
        "Whether the condition (or the element itself) holds for every element.",
        (Example("$.all($ > 0)", True, [1, 2]), Example("all([1, 0])", False)),
    ),
    Function(
        "any",
        ("any(this collection: iterable, predicate: lambda = null) -> boolean",),
        "Whether the condition holds for some element; without one, whether there is an element.",
        (Example("$.any($ > 1)", True, [1, 2]), Example("any([])", False)),
    ),
    Function(
        "defaultIfEmpty",
        ("(collection: iterable<T>).defaultIfEmpty(default: iterable<U>) -> list<T|U>",),
        "The list, or another one when it is empty.",
        (Example("[].defaultIfEmpty([0])", [0]),),
    ),
    Function(
        "distinct",
        ("distinct(this collection: iterable<T>, keySelector: lambda = null) -> list<T>",),
        "The elements without those seen before, compared as they are or by a key.",
        (
            Example("[1, 2, 1].distinct()", [1, 2]),
            Example("$.distinct($.age).select($.name)", ["Ann", "Bo"], _PEOPLE),
        ),
    ),
    Function(
        "filter",
        ("(collection: iterable<T>).filter(predicate: lambda) -> list<T>",),
        "The elements for which the condition holds. Another name of `.where()`.",
        (Example("[1, 2, 3].filter($ > 1)", [2, 3]),),
    ),
    Function(
        "first",
        ("(collection: iterable<T>).first(default?: U) -> T|U",),
        "The first element. An empty list is an error unless there is a default.",
        (Example("$.first()", 4, [4, 5]), Example("[].first(null)", None)),
    ),
    Function(
        "indexWhere",
        ("(collection: iterable).indexWhere(predicate: lambda) -> integer",),
        "Where the condition first holds, counted from 0; -1 when it never does.",
        (Example("[4, 5, 6].indexWhere($ > 4)", 1),),
    ),
    Function(
        "last",
        ("(collection: iterable<T>).last(default?: U) -> T|U",),
        "The last element. An empty list is an error unless there is a default.",
        (Example("[4, 5].last()", 5),),
    ),
    Function(
        "lastIndexWhere",
        ("(collection: iterable).lastIndexWhere(predicate: lambda) -> integer",),
        "Where the condition last holds, counted from 0; -1 when it never does.",
        (Example("[4, 5, 6].lastIndexWhere($ < 6)", 1),),
    ),
    Function(
        "limit",
        ("(collection: iterable<T>).limit(count: integer) -> list<T>",),
        "The first elements, at most `count`. Another name of `.take()`.",
        (Example("[1, 2, 3].limit(2)", [1, 2]),),
    ),
    Function(
        "single",
        ("(collection: iterable<T>).single() -> T",),
        "The only element; an error when there are none or several.",
        (Example("[7].single()", 7),),
    ),
    Function(
        "skip",
        ("(collection: iterable<T>).skip(count: integer) -> list<T>",),
        "The elements after the first `count`.",
        (Example("[1, 2, 3].skip(1)", [2, 3]),),
    ),
    Function(
        "skipWhile",
        ("(collection: iterable<T>).skipWhile(predicate: lambda) -> list<T>",),
        "The elements from the first one on for which the condition does not hold.",
        (Example("[1, 2, 5, 1].skipWhile($ < 3)", [5, 1]),),
    ),
    Function(
        "take",
        ("(collection: iterable<T>).take(count: integer) -> list<T>",),
        "The first elements, at most `count`.",
        (Example("[1, 2, 3].take(2)", [1, 2]),),
    ),
    Function(
        "takeWhile",
        ("(collection: iterable<T>).takeWhile(predicate: lambda) -> list<T>",),
        "The elements up to the first one for which the condition does not hold.",
        (Example("[1, 2, 5, 1].takeWhile($ < 3)", [1, 2]),),
    ),
    Function(
        "where",
        ("(collection: iterable<T>).where(predicate: lambda) -> list<T>",),
        "The elements for which the condition holds.",
        (Example("$.where($.age > 18).select($.name)", ["Ann", "Cy"], _PEOPLE),),
    ),
)

_SHAPING = family(
    "Queries: shaping",
    Function(
        "append",
        ("append(this collection: iterable<T>, *args: U) -> list<T|U>",),
        "The list with more elements at its end.",
        (Example("$.append(3, 4)", [1, 2, 3, 4], [1, 2]),),
    ),
    Function(
        "cycle",
        ("(collection: iterable<T>).cycle() -> list<T>",),
        "The elements over and over again, without end: cut it with `.take()`.",
        (Example("[1, 2].cycle().take(5)", [1, 2, 1, 2, 1]),),
    ),
    Function(
        "enumerate",
        ("enumerate(this collection: iterable, start: integer|null = 0) -> list<list>",),
        "Pairs of a running number and an element.",
        (Example("[a, b].enumerate(1)", [[1, "a"], [2, "b"]]),),
    ),
    Function(
        "groupBy",
        (
            "(collection: iterable).groupBy(keySelector: lambda, valueSelector: lambda = null, "
            "aggregator: lambda = null) -> list<list>",
        ),
        "Groups of elements with the same key: a list of `[key, elements]`. What is kept of an "
        "element and what is made of a group can be chosen.",
        (
            Example("$.groupBy($.age, $.name)", [[41, ["Ann", "Cy"]], [17, ["Bo"]]], _PEOPLE),
            Example("$.groupBy($.age, 1, $.sum())", [[41, 2], [17, 1]], _PEOPLE),
        ),
    ),
    Function(
        "map",
        ("(collection: iterable).map(selector: lambda<T>) -> list<T>",),
        "What an expression gives for each element. Another name of `.select()`.",
        (Example("[1, 2].map($ * 10)", [10, 20]),),
    ),
    Function(
        "memorize",
        ("(collection: iterable<T>).memorize() -> list<T>",),
        "The same elements, kept so that a lazy iterator can be gone through more than once.",
        (Example("let(r => range(3).memorize()) -> $r.sum() + $r.len()", 6),),
    ),
    Function(
        "mergeWith",
        (
            "(dict: dict).mergeWith(another: dict, listMerger: lambda = null, "
            "itemMerger: lambda = null, maxLevels: integer = 0) -> dict",
        ),
        "Two dicts merged key by key and level by level: lists are joined without repetitions, other "
        "values come from the second; both rules can be given as expressions of `$1` and `$2`. "
        "`maxLevels` limits the depth.",
        (
            Example("{a => [1]}.mergeWith({a => [2]})", {"a": [1, 2]}),
            Example("{a => 1}.mergeWith({a => 2, b => 3})", {"a": 2, "b": 3}),
        ),
    ),
    Function(
        "orderBy",
        ("(collection: iterable<T>).orderBy(selector: lambda) -> list<T>",),
        "The elements sorted by what an expression gives, the least first.",
        (Example("$.orderBy($.age).first().name", "Bo", _PEOPLE),),
    ),
    Function(
        "orderByDescending",
        ("(collection: iterable<T>).orderByDescending(selector: lambda) -> list<T>",),
        "The elements sorted by what an expression gives, the greatest first.",
        (Example("[1, 3, 2].orderByDescending($)", [3, 2, 1]),),
    ),
    Function(
        "repeat",
        ("(value: T).repeat(times: integer = -1) -> list<T>",),
        "A list that has the value so many times; without a number it has no end.",
        (Example("0.repeat(3)", [0, 0, 0]),),
    ),
    Function(
        "reverse",
        ("(collection: iterable<T>).reverse() -> list<T>",),
        "The elements from the last to the first.",
        (Example("[1, 2, 3].reverse()", [3, 2, 1]),),
    ),
    Function(
        "select",
        ("(collection: iterable).select(selector: lambda<T>) -> list<T>",),
        "What an expression gives for each element, which it knows as `$`.",
        (Example("$.select($.name)", ["Ann", "Bo", "Cy"], _PEOPLE),),
    ),
    Function(
        "selectMany",
        ("(collection: iterable).selectMany(selector: lambda) -> list",),
        "Like `.select()`, with the lists that the expression gives joined into one.",
        (Example("[1, 3].selectMany([$, $ + 1])", [1, 2, 3, 4]),),
    ),
    Function(
        "slice",
        ("(collection: iterable<T>).slice(length: integer) -> list<list<T>>",),
        "The list cut into lists of so many elements; the last may be shorter.",
        (Example("[1, 2, 3].slice(2)", [[1, 2], [3]]),),
    ),
    Function(
        "sliceWhere",
        ("(collection: iterable<T>).sliceWhere(predicate: lambda) -> list<list<T>>",),
        "The list cut wherever the answer of the condition changes.",
        (Example("[1, 2, 5, 6, 1].sliceWhere($ > 4)", [[1, 2], [5, 6], [1]]),),
    ),
    Function(
        "splitAt",
        ("(collection: iterable<T>).splitAt(index: integer) -> list<list<T>>",),
        "The list in two: the elements before a position and those from it on.",
        (Example("[1, 2, 3].splitAt(1)", [[1], [2, 3]]),),
    ),
    Function(
        "splitWhere",
        ("(collection: iterable<T>).splitWhere(predicate: lambda) -> list<list<T>>",),
        "The list cut at the elements for which the condition holds; those are left out.",
        (Example("[1, 0, 2, 3].splitWhere($ = 0)", [[1], [2, 3]]),),
    ),
    Function(
        "thenBy",
        ("(collection: iterable<T>).thenBy(selector: lambda) -> list<T>",),
        "After `.orderBy()`: how to sort elements that are equal so far.",
        (Example("$.orderBy($.age).thenBy($.name).last().name", "Cy", _PEOPLE),),
    ),
    Function(
        "thenByDescending",
        ("(collection: iterable<T>).thenByDescending(selector: lambda) -> list<T>",),
        "After `.orderBy()`: how to sort elements that are equal so far, the greatest first.",
        (Example("$.orderBy($.age).thenByDescending($.name).last().name", "Ann", _PEOPLE),),
    ),
    Function(
        "zip",
        (
            "(collections: iterable).zip(*collections: iterable) -> list<list>",
            "zip(*args: list|null, pad: any = null) -> list<list>",
        ),
        "Lists side by side: a list of the first elements, of the second and so on. As a method it "
        "ends with the shortest list; as a function, which is Orquesta's, with the longest, filled "
        "up with `pad`.",
        (
            Example("[1, 2].zip([a, b])", [[1, "a"], [2, "b"]]),
            Example("zip([1, 2], [a])", [[1, "a"], [2, None]]),
        ),
    ),
    Function(
        "zipLongest",
        (
            "(collections: iterable).zipLongest(*collections: iterable, default: any = null) "
            "-> list<list>",
        ),
        "Like `.zip()`, but as long as the longest list and filled up with `default`.",
        (Example("[1, 2].zipLongest([a], default => '-')", [[1, "a"], [2, "-"]]),),
    ),
)

_FOLDING = family(
    "Queries: making one value or new lists",
    Function(
        "accumulate",
        ("(collection: iterable).accumulate(selector: lambda, seed?: any) -> list",),
        "Combines the elements step by step, as `.aggregate()` does, and gives every step.",
        (Example("[1, 2, 3].accumulate($1 + $2)", [1, 3, 6]),),
    ),
    Function(
        "aggregate",
        ("(collection: iterable).aggregate(selector: lambda<T>, seed?: U) -> any",),
        "Combines the elements into one value: `$1` is what there is so far, `$2` the next element. "
        "`seed` is what to begin with.",
        (Example("[1, 2, 3].aggregate($1 + $2, 10)", 16),),
    ),
    Function(
        "count",
        ("(collection: iterable).count() -> integer",),
        "The number of elements, also of lazy iterators, which it uses up.",
        (Example("$.where($ > 1).count()", 2, [1, 2, 3]),),
    ),
    Function(
        "generate",
        (
            "generate(initial: any, predicate: lambda, producer: lambda, selector: lambda = null, "
            "decycle: boolean = false) -> list",
        ),
        "A list that grows from a first value: while the condition holds, the next one is made from "
        "the one before. `decycle` ends it at a value seen before.",
        (Example("generate(1, $ < 20, $ * 2)", [1, 2, 4, 8, 16]),),
    ),
    Function(
        "generateMany",
        (
            "generateMany(initial: any, producer: lambda, selector: lambda = null, "
            "decycle: boolean = false, depthFirst: boolean = false) -> list",
        ),
        "Walks a tree or a graph from a first value, `producer` giving the list of what follows a "
        "value. Breadth first unless `depthFirst`; `decycle` leaves out values seen before.",
        (Example("generateMany(1, switch($ < 4 => [$ * 2], true => []))", [1, 2, 4]),),
    ),
    Function(
        "isIterable",
        ("isIterable(value: any) -> boolean",),
        "Whether the value can be gone through element by element. Strings and dicts cannot.",
        (Example("isIterable([])", True), Example("isIterable(abc)", False)),
    ),
    Function(
        "range",
        (
            "range(stop: integer) -> list<integer>",
            "range(start: integer, stop: integer, step: integer = 1) -> list<integer>",
        ),
        "Whole numbers from `start` (or 0) up to, but not including, `stop`.",
        (Example("range(3)", [0, 1, 2]), Example("range(0, 10, 5)", [0, 5])),
    ),
    Function(
        "reduce",
        ("(collection: iterable).reduce(selector: lambda<T>, seed?: U) -> any",),
        "Combines the elements into one value. Another name of `.aggregate()`.",
        (Example("[2, 3, 4].reduce($1 * $2)", 24),),
    ),
    Function(
        "sequence",
        ("sequence(start: integer = 0, step: integer = 1) -> list<integer>",),
        "Whole numbers without end: cut it with `.take()`.",
        (Example("sequence(5, 10).take(3)", [5, 15, 25]),),
    ),
    Function(
        "sum",
        ("(collection: iterable<T>).sum(initial?: U) -> T|U",),
        "All elements added up. An empty list needs `initial`.",
        (Example("[1, 2, 3].sum()", 6), Example("[].sum(0)", 0)),
    ),
)

FUNCTIONS = (*_CHOOSING, *_SHAPING, *_FOLDING)
