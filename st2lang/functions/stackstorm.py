"""StackStorm's own functions: data formats, regular expressions, versions, times, paths.

Specified by `st2common.expressions.functions` (data, regex, version, time, path, datastore).
"""

from st2lang.functions.record import Example, Function, family

_VERSION = "Versions are written like `1.2.3` or `1.2.3-rc.1` (semantic versioning)."

_DATA = family(
    "Data",
    Function(
        "from_json_string",
        ("from_json_string(value: string) -> any",),
        "Reads JSON text.",
        (Example("""from_json_string('{"a": [1, 2]}')""", {"a": [1, 2]}),),
    ),
    Function(
        "from_yaml_string",
        ("from_yaml_string(value: string) -> any",),
        "Reads YAML text.",
        (Example("from_yaml_string('[1, two]')", [1, "two"]),),
    ),
    Function(
        "json",
        ("json(s: string|dict) -> any",),
        "Reads JSON text. A dict comes back as it is; anything else but text is an error.",
        (Example("""json('{"a": 1}')""", {"a": 1}),),
    ),
    Function(
        "json_dump",
        (
            "json_dump(value: any, indent: integer|null = null, sort_keys: boolean|null = false, "
            "separators: any = (',', ': ')) -> string",
        ),
        "Writes a value as JSON text. Another name of `to_json_string`.",
        (Example("json_dump([1, 2])", "[1,2]"),),
    ),
    Function(
        "json_escape",
        ("json_escape(value: any) -> string",),
        "Escapes text so that it may stand between the quotes of a JSON string.",
        (Example("""json_escape('say "yes"')""", 'say \\"yes\\'),),
    ),
    Function(
        "json_parse",
        ("json_parse(value: string) -> any",),
        "Reads JSON text. Another name of `from_json_string`.",
        (Example("json_parse('[1, null]')", [1, None]),),
    ),
    Function(
        "jsonpath_query",
        ("jsonpath_query(value: any, query: string) -> list|null",),
        "All parts of a value that a JSONPath query finds, or null when it finds none.",
    ),
    Function(
        "to_json_string",
        (
            "to_json_string(value: any, indent: integer|null = null, sort_keys: boolean|null = false, "
            "separators: any = (',', ': ')) -> string",
        ),
        "Writes a value as JSON text: in one line, or indented by `indent` spaces.",
        (Example("to_json_string([1, 'two'])", '[1,"two"]'),),
    ),
    Function(
        "to_yaml_string",
        (
            "to_yaml_string(value: any, indent: integer|null = null, "
            "allow_unicode: boolean|null = true) -> string",
        ),
        "Writes a value as YAML text in block style, with a line break at the end.",
        (Example("to_yaml_string(['a', 'b'])", "- a\n- b\n"),),
    ),
    Function(
        "use_none",
        ("use_none(value: any) -> any",),
        "The value itself, but null becomes a marker that survives the rendering to text and is "
        "turned back into null when the parameter is cast.",
        (Example("use_none(5)", 5),),
    ),
    Function(
        "yaml_dump",
        (
            "yaml_dump(value: any, indent: integer|null = null, "
            "allow_unicode: boolean|null = true) -> string",
        ),
        "Writes a value as YAML text. Another name of `to_yaml_string`.",
        (Example("yaml_dump([1])", "- 1\n"),),
    ),
    Function(
        "yaml_parse",
        ("yaml_parse(value: string) -> any",),
        "Reads YAML text. Another name of `from_yaml_string`.",
        (Example("yaml_parse('a: 1')", {"a": 1}),),
    ),
)

_REGEX = family(
    "Regular expressions",
    Function(
        "regex_match",
        ("regex_match(value: any, pattern: string, ignorecase: boolean|null = false) -> boolean",),
        "Whether the text begins with something that the pattern matches (Python's `re`).",
        (
            Example("regex_match('v12', 'v[0-9]')", True),
            Example("regex_match('dev12', 'v')", False),
        ),
    ),
    Function(
        "regex_replace",
        (
            "regex_replace(value: any, pattern: string, replacement: string, "
            "ignorecase: boolean|null = false) -> string",
        ),
        "The text with every match of the pattern replaced.",
        (Example("regex_replace('web01', '[0-9]', '#')", "web##"),),
    ),
    Function(
        "regex_search",
        ("regex_search(value: any, pattern: string, ignorecase: boolean|null = false) -> boolean",),
        "Whether the pattern matches anywhere in the text.",
        (Example("regex_search('dev12', 'v[0-9]')", True),),
    ),
    Function(
        "regex_substring",
        (
            "regex_substring(value: any, pattern: string, result_index: integer = 0, "
            "ignorecase: boolean|null = false) -> any",
        ),
        "The first match of the pattern, or the one at `result_index`; none is an error. With a "
        "group in the pattern it is the group's text, with several a list of them.",
        (Example("regex_substring('a1b22', '[0-9]+', 1)", "22"),),
    ),
)

_VERSIONS = family(
    "Versions",
    Function(
        "version_bump_major",
        ("version_bump_major(value: string) -> string",),
        f"The next major version. {_VERSION}",
        (Example("version_bump_major('1.2.3')", "2.0.0"),),
    ),
    Function(
        "version_bump_minor",
        ("version_bump_minor(value: string) -> string",),
        f"The next minor version. {_VERSION}",
        (Example("version_bump_minor('1.2.3')", "1.3.0"),),
    ),
    Function(
        "version_bump_patch",
        ("version_bump_patch(value: string) -> string",),
        f"The next patch version. {_VERSION}",
        (Example("version_bump_patch('1.2.3')", "1.2.4"),),
    ),
    Function(
        "version_compare",
        ("version_compare(value: string, pattern: string) -> integer",),
        f"-1, 0 or 1 as the first version is older than, the same as or newer than the second. {_VERSION}",
        (Example("version_compare('1.9.0', '1.10.0')", -1),),
    ),
    Function(
        "version_equal",
        ("version_equal(value: string, pattern: string) -> boolean",),
        f"Whether both are the same version. {_VERSION}",
        (Example("version_equal('1.2.3', '1.2.3')", True),),
    ),
    Function(
        "version_less_than",
        ("version_less_than(value: string, pattern: string) -> boolean",),
        f"Whether the first version is the older one. {_VERSION}",
        (Example("version_less_than('1.9.0', '1.10.0')", True),),
    ),
    Function(
        "version_match",
        ("version_match(value: string, pattern: string) -> boolean",),
        f"Whether a version meets a condition such as `>=1.2.0`. {_VERSION}",
        (Example("version_match('1.3.0', '>=1.2.0')", True),),
    ),
    Function(
        "version_more_than",
        ("version_more_than(value: string, pattern: string) -> boolean",),
        f"Whether the first version is the newer one. {_VERSION}",
        (Example("version_more_than('1.9.0', '1.10.0')", False),),
    ),
    Function(
        "version_strip_patch",
        ("version_strip_patch(value: string) -> string",),
        f"Major and minor version only. {_VERSION}",
        (Example("version_strip_patch('1.2.3')", "1.2"),),
    ),
)

_OTHER = family(
    "Times and paths",
    Function(
        "basename",
        ("basename(path: string) -> string",),
        "The last part of a path.",
        (Example("basename('/etc/st2/st2.conf')", "st2.conf"),),
    ),
    Function(
        "dirname",
        ("dirname(path: string) -> string",),
        "A path without its last part.",
        (Example("dirname('/etc/st2/st2.conf')", "/etc/st2"),),
    ),
    Function(
        "to_human_time_from_seconds",
        ("to_human_time_from_seconds(seconds: number) -> string",),
        "Seconds as people write them: `1h1m5s`.",
        (Example("to_human_time_from_seconds(3665)", "1h1m5s"),),
    ),
)

FUNCTIONS = (*_DATA, *_REGEX, *_VERSIONS, *_OTHER)

ORQUESTA_ONLY = frozenset(("json", "json_dump", "json_parse", "yaml_dump", "yaml_parse"))
"""Names that an ActionChain does not have."""

CHAIN_ONLY = family(
    "Data",
    Function(
        "decrypt_kv",
        ("decrypt_kv(value: any) -> string",),
        "Decrypts a secret of the datastore: `st2kv.system.password | decrypt_kv`.",
    ),
    Function(
        "to_complex",
        ("to_complex(value: any) -> string",),
        "Writes a value as JSON text, so that it is read back as a list or dict when the parameter "
        "is cast.",
        (Example("to_complex([1, 2])", "[1, 2]"),),
    ),
)
