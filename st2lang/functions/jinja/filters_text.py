"""Jinja2's filters for texts. Specified by `jinja2.filters`.

All of them turn what is not text into text first.
"""

from st2lang.functions.record import Example, Function, Kind, family


def _filter(name: str, form: str, doc: str, *examples: Example) -> Function:
    return Function(name, (form,), doc, examples, kind=Kind.FILTER)


FUNCTIONS = family(
    "Filters: text",
    _filter(
        "capitalize",
        "(s: any)|capitalize() -> string",
        "The first letter as a capital, all others small.",
        Example("'wEB server' | capitalize", "Web server"),
    ),
    _filter(
        "center",
        "(value: any)|center(width: integer = 80) -> string",
        "The text with spaces on both sides, up to a width.",
        Example("'ab' | center(6)", "  ab  "),
    ),
    _filter(
        "e",
        "(s: any)|e() -> string",
        "The text with HTML's special characters escaped. Short for `escape`.",
        Example("'a<b' | e", "a&lt;b"),
    ),
    _filter(
        "escape",
        "(s: any)|escape() -> string",
        "The text with HTML's special characters escaped, unless it is marked as safe already.",
        Example("'a<b' | escape", "a&lt;b"),
    ),
    _filter(
        "forceescape",
        "(value: any)|forceescape() -> string",
        "The text with HTML's special characters escaped, even if that was done before.",
        Example("'a<b' | e | forceescape", "a&amp;lt;b"),
    ),
    _filter(
        "format",
        "(value: any)|format(*args: any, **kwargs: any) -> string",
        "Python's `%` formatting: values for `%s`, `%d` and the like, or for named ones.",
        Example("'%s:%d' | format('web1', 80)", "web1:80"),
        Example("'%(host)s' | format(host='web1')", "web1"),
    ),
    _filter(
        "indent",
        "(s: string)|indent(width: integer|string = 4, first: boolean = false, "
        "blank: boolean = false) -> string",
        "The text with all lines but the first moved to the right; the first and blank lines too if "
        "asked for.",
        Example("'a\\nb' | indent(2)", "a\n  b"),
    ),
    _filter(
        "lower",
        "(s: any)|lower() -> string",
        "The text in lower case.",
        Example("'Web01' | lower", "web01"),
    ),
    _filter(
        "replace",
        "(s: any)|replace(old: any, new: any, count: integer|null = null) -> string",
        "The text with one text replaced by another, at most `count` times.",
        Example("'a-b-c' | replace('-', '+', 1)", "a+b-c"),
    ),
    _filter(
        "safe",
        "(value: any)|safe() -> string",
        "Marks the text as safe HTML, so that it is not escaped again.",
        Example("'<b>' | safe | e", "<b>"),
    ),
    _filter(
        "string", "(s: any)|string() -> string", "The value as text.", Example("5 | string", "5")
    ),
    _filter(
        "striptags",
        "(value: any)|striptags() -> string",
        "The text without HTML tags, runs of whitespace becoming one space.",
        Example("'<p>a  <b>b</b></p>' | striptags", "a b"),
    ),
    _filter(
        "title",
        "(s: any)|title() -> string",
        "Every word with a capital and otherwise small letters.",
        Example("'web server' | title", "Web Server"),
    ),
    _filter(
        "trim",
        "(value: any)|trim(chars: string|null = null) -> string",
        "The text without whitespace, or without the characters in `chars`, around it.",
        Example("'  a ' | trim", "a"),
    ),
    _filter(
        "truncate",
        "(s: string)|truncate(length: integer = 255, killwords: boolean = false, end: string = '...', "
        "leeway: integer|null = null) -> string",
        "The text cut to a length that includes `end`, at a word unless `killwords`. Texts longer by "
        "at most `leeway` (5) stay whole.",
        Example("'one two three four' | truncate(11)", "one two..."),
    ),
    _filter(
        "upper",
        "(s: any)|upper() -> string",
        "The text in upper case.",
        Example("'Web01' | upper", "WEB01"),
    ),
    _filter(
        "urlencode",
        "(value: any)|urlencode() -> string",
        "The text made fit for an address; of a dict or list of pairs, a query string.",
        Example("'a b' | urlencode", "a%20b"),
        Example("{'q': 'a b'} | urlencode", "q=a+b"),
    ),
    _filter(
        "urlize",
        "(value: any)|urlize(trim_url_limit: integer|null = null, nofollow: boolean = false, "
        "target: string|null = null, rel: string|null = null, extra_schemes: any = null) -> string",
        "The text with addresses turned into HTML links.",
        Example("'see' | urlize", "see"),
    ),
    _filter(
        "wordcount",
        "(s: any)|wordcount() -> integer",
        "The number of words.",
        Example("'one two' | wordcount", 2),
    ),
    _filter(
        "wordwrap",
        "(s: string)|wordwrap(width: integer = 79, break_long_words: boolean = true, "
        "wrapstring: string|null = null, break_on_hyphens: boolean = true) -> string",
        "The text broken into lines of at most `width` characters.",
        Example("'one two' | wordwrap(4)", "one\ntwo"),
    ),
    _filter(
        "xmlattr",
        "(d: dict)|xmlattr(autospace: boolean = true) -> string",
        "The pairs of a dict as attributes of an XML tag.",
        Example("{'id': 'a'} | xmlattr", ' id="a"'),
    ),
)
