"""Texts. Specified by the module `yaql.standard_library.strings`."""

from st2lang.functions.record import Example, Function, family

FUNCTIONS = family(
    "Strings",
    Function(
        "characters",
        (
            "characters(digits: boolean|null = false, hexdigits: boolean|null = false, "
            "asciiLowercase: boolean|null = false, asciiUppercase: boolean|null = false, "
            "asciiLetters: boolean|null = false, letters: boolean|null = false, "
            "octdigits: boolean|null = false, punctuation: boolean|null = false, "
            "printable: boolean|null = false, lowercase: boolean|null = false, "
            "uppercase: boolean|null = false, whitespace: boolean|null = false) -> list<string>",
        ),
        "All characters of the chosen classes, each once and in no particular order.",
        (Example("characters(octdigits => true).len()", 8),),
    ),
    Function(
        "endsWith",
        ("(string: string).endsWith(*suffixes: string) -> boolean",),
        "Whether the text ends with one of the suffixes.",
        (Example("'st2.conf'.endsWith('.yaml', '.conf')", True),),
    ),
    Function(
        "hex",
        ("hex(num: number|null) -> string",),
        "A whole number in hexadecimal notation.",
        (Example("hex(255)", "0xff"),),
    ),
    Function(
        "isString",
        ("isString(arg: any) -> boolean",),
        "Whether the value is a string.",
        (Example("isString('5')", True), Example("isString(5)", False)),
    ),
    Function(
        "norm",
        ("norm(this string: string|null, chars: string|null = null) -> string|null",),
        "The text without whitespace (or `chars`) around it; null when nothing is left.",
        (Example("norm('  a ')", "a"), Example("norm('   ')", None)),
    ),
    Function(
        "rightSplit",
        (
            "(string: string).rightSplit(separator: string|null = null, maxSplits: integer = -1) "
            "-> list<string>",
        ),
        "The parts of a text between separators; a limit of splits is used up from the right.",
        (Example("'a.b.c'.rightSplit('.', 1)", ["a.b", "c"]),),
    ),
    Function(
        "startsWith",
        ("(string: string).startsWith(*prefixes: string) -> boolean",),
        "Whether the text begins with one of the prefixes.",
        (Example("'web01'.startsWith(web, db)", True),),
    ),
    Function(
        "str",
        ("str(value: any) -> string",),
        "The value as text: `true`, `false` and `null` for those three.",
        (Example("str(12)", "12"), Example("str(true)", "true")),
    ),
    Function(
        "substring",
        ("(string: string).substring(start: integer, length: integer = -1) -> string",),
        "A part of the text: `length` characters from `start`, or all that follows. A negative "
        "start counts from the end.",
        (Example("'abcdef'.substring(2, 3)", "cde"), Example("'abcdef'.substring(-2)", "ef")),
    ),
    Function(
        "toCharArray",
        ("(string: string).toCharArray() -> list<string>",),
        "The characters of the text, one by one.",
        (Example("'abc'.toCharArray()", ["a", "b", "c"]),),
    ),
    Function(
        "toLower",
        ("(string: string).toLower() -> string",),
        "The text in lower case.",
        (Example("'Web01'.toLower()", "web01"),),
    ),
    Function(
        "toUpper",
        ("(string: string).toUpper() -> string",),
        "The text in upper case.",
        (Example("'Web01'.toUpper()", "WEB01"),),
    ),
    Function(
        "trim",
        ("(string: string).trim(chars: string|null = null) -> string",),
        "The text without whitespace, or without the characters in `chars`, around it.",
        (Example("'  a b '.trim()", "a b"), Example("'--a-'.trim('-')", "a")),
    ),
    Function(
        "trimLeft",
        ("(string: string).trimLeft(chars: string|null = null) -> string",),
        "The text without whitespace, or without the characters in `chars`, before it.",
        (Example("'  a '.trimLeft()", "a "),),
    ),
    Function(
        "trimRight",
        ("(string: string).trimRight(chars: string|null = null) -> string",),
        "The text without whitespace, or without the characters in `chars`, after it.",
        (Example("'  a '.trimRight()", "  a"),),
    ),
)
