"""What a function is: one record that checker, hover, completion, reference and evaluation share.

The family files write signatures as the reader sees them, and they are parsed when first asked for:

    range(start: integer, stop: integer, step: integer = 1) -> list<integer>     a function
    (collection: list<T>).first(default?: any) -> T                              a method
    len(this value: string) -> integer                                           both
    (value: list<T>)|first() -> T                                                a Jinja filter
    (value: any) is divisibleby(num: integer) -> boolean                         a Jinja test

`name = default` and `name?` may be left out, `*name` takes any number of arguments, `**name` any
keyword, and what follows a lone `*` is passed by keyword only.
"""

from __future__ import annotations

from enum import Enum

from st2lang.record import record
from st2lang.types import Type


class Kind(Enum):
    """How an expression uses it. Each kind has names of its own."""

    FUNCTION = "function"
    FILTER = "filter"
    TEST = "test"
    OPERATOR = "operator"
    PROPERTY = "property"


@record
class Example:
    """An expression, what it gives, and the data that `$` (in Jinja: the names) stands for.

    In YAQL `data` is the value of `$`. In Jinja it is a dict of variables. Both are run against the
    reference packages by the tests.
    """

    expression: str
    result: object
    data: object = None


@record
class Parameter:
    """One parameter. `default` is as written, "" for none.

    `names` says what the text given here is the name of: a "variable", "task" or "item" of the
    workflow, a "key" of the datastore, a "filter" or a "test". In YAQL such a name may be bare:
    `ctx(name)`.
    """

    name: str
    type: Type
    required: bool = True
    default: str = ""
    variadic: bool = False
    any_keyword: bool = False
    keyword_only: bool = False
    names: str = ""


@record
class Signature:
    """One way to call a function. A method's receiver is its first parameter."""

    text: str
    parameters: tuple[Parameter, ...]
    returns: Type
    as_function: bool
    as_method: bool


@record
class Function:
    """A function, filter, test, operator or property of an expression language.

    `forms` are its signatures (overloads) as written; `signatures` are the same, parsed. `doc` is
    one to three sentences of Markdown. `since` names the StackStorm version when that matters.
    """

    name: str
    forms: tuple[str, ...]
    doc: str
    examples: tuple[Example, ...] = ()
    group: str = ""
    kind: Kind = Kind.FUNCTION
    deprecated: str = ""
    since: str = ""

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """The overloads, parsed from `forms` on first use."""
        from st2lang.functions.signature import parse

        return tuple(parse(form, self.kind) for form in self.forms)


def family(group: str, *records: Function) -> tuple[Function, ...]:
    """The records of one family, each carrying the name of its group.

    The records are new and nobody else's yet, so they are completed in place: copying hundreds of
    them would cost every start of the program.
    """
    for one in records:
        object.__setattr__(one, "group", group)
    return records
