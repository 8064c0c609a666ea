"""Regular expressions, in Python's syntax. Specified by `yaql.standard_library.regex`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Regular expressions",
    Function(
        "escapeRegex",
        ("escapeRegex(string: string) -> string",),
        "The text in a form that matches itself inside a pattern.",
        (Example("escapeRegex('a.b')", "a\\.b"),),
    ),
    Function(
        "isRegex",
        ("isRegex(value: any) -> boolean",),
        "Whether the value is a compiled pattern.",
        (Example("isRegex(regex('a'))", True), Example("isRegex('a')", False)),
    ),
    Function(
        "matches",
        (
            "(string: string).matches(regexp: string) -> boolean",
            "(regexp: regex).matches(string: string) -> boolean",
        ),
        "Whether the pattern matches somewhere in the text. `text =~ pattern` says the same.",
        (
            Example("'web01'.matches('[0-9]+')", True),
            Example("regex('^[0-9]+$').matches(web01)", False),
        ),
    ),
    Function(
        "regex",
        (
            "regex(pattern: string, ignoreCase: boolean|null = false, "
            "multiLine: boolean|null = false, dotAll: boolean|null = false) -> regex",
        ),
        "Compiles a pattern. `multiLine` lets `^` and `$` match at every line, `dotAll` lets `.` "
        "match line breaks.",
        (Example("regex(WEB, ignoreCase => true).matches(web01)", True),),
    ),
    Function(
        "replaceBy",
        (
            "(regexp: regex).replaceBy(string: string, repl: lambda, count: integer = 0) -> string",
            "(string: string).replaceBy(regexp: regex, repl: lambda, count: integer = 0) -> string",
        ),
        "The text with every match (at most `count`) replaced by what an expression gives for it; "
        "`$.value` is the text of the match.",
        (Example("'a1b2'.replaceBy(regex('[0-9]'), '<' + $.value + '>')", "a<1>b<2>"),),
    ),
    Function(
        "search",
        ("(regexp: regex).search(string: string, selector: lambda = null) -> any",),
        "The text of the first match, or what an expression makes of it; null without a match. In the "
        "expression `$1.value` is the match, `$2.value` its first group, `$name.value` a named one.",
        (
            Example("regex('[0-9]+').search('web01 db02')", "01"),
            Example("regex('(\\w+)@(\\w+)').search('ann@home', $3.value)", "home"),
        ),
    ),
    Function(
        "searchAll",
        ("(regexp: regex).searchAll(string: string, selector: lambda = null) -> list",),
        "The texts of all matches, or what the expression makes of each.",
        (Example("regex('[0-9]+').searchAll('web01 db02')", ["01", "02"]),),
    ),
)
