"""Text from outside is kept as it is, and Orquesta will look for expressions in it.

When the result of an expression is text, Orquesta evaluates that text again: YAQL after YAQL, Jinja after
Jinja. The contents of a file or a web page may well have `<% … %>` or `{{ … }}` in them: an HTML template, a
Helm chart, an Ansible playbook, a log that quotes one. The task then fails with an error that speaks of an
expression that is nowhere in the workflow, or runs what the text asks for with the rights of the workflow
(`{{ st2kv('system.password') }}`). When the text is passed on to an action, StackStorm renders `{{ … }}` in
it once more.

There is no way to switch it off. Pass on the place of the text (a file name, a URL) instead of the text, or
have the action encode it, for example as base64.

Only the most likely cases are reported: the whole output of a shell command that prints a file or a web page
(`cat`, `curl` …), and the body that `core.http` gets. Values inside lists and dicts are not evaluated again,
as long as they are not taken out of them. Other sources of text, such as inputs from a webhook, share
the hazard.

## Bad

```yaml
version: 1.0
tasks:
  read:
    action: core.local cmd="cat /etc/motd.template"
    next:
      - publish:
          - template: <% result().stdout %>
        do: show
  show:
    action: core.echo message=<% ctx().template %>
```

## Good

```yaml
version: 1.0
tasks:
  read:
    action: core.local cmd="base64 /etc/motd.template"
    next:
      - publish:
          - template: <% result().stdout %>
        do: show
  show:
    action: core.local cmd="echo <% ctx().template %> | base64 -d"
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from st2lang.checks import Check
from st2lang.dialects.model import Task
from st2lang.document import Document
from st2lang.expressions.embedded import Embedded
from st2lang.patterns import lazy
from st2lang.problem import Problem, Severity
from st2lang.symbols import Place, Role
from st2lang.yaml import Scalar, deref

_SHELLS = frozenset(
    ("core.local", "core.local_sudo", "core.remote", "core.remote_sudo", "core.winrm_ps_cmd")
)
_PRINTS = lazy(
    r"^\s*(?:sudo\s+)?(?:cat|curl|wget|head|tail|git\s+(?:show|diff)|Get-Content)\s(?!.*[|>])"
)
"""A command that does nothing but print a file or a page; what goes through a pipe may be anything."""


def run(document: Document) -> Iterator[Problem]:
    """Publishes of whole texts that a task has fetched."""
    workflow = document.workflow
    if workflow is None or not workflow.orquesta:
        return
    for place in document.places:
        if place.role is Role.PUBLISH and place.task is not None and not place.text.mixed:
            key = _fetches(place.task)
            for embedded in place.text.expressions:
                if key and embedded.node is not None and not embedded.inert:
                    yield from _expression(place, embedded, key)


def _fetches(task: Task) -> str:
    """The field of the result that holds fetched text; "" for any other task."""
    action = task.action.text if task.action is not None else ""
    if action == "core.http":
        return "body"
    if action in _SHELLS:
        for given in task.inputs:
            if given.name.text == "cmd" and given.value is not None:
                node = deref(given.value.node)
                text = given.value.inline.text if given.value.inline else ""
                text = text or (node.value if isinstance(node, Scalar) else "")
                return "stdout" if _PRINTS.match(text) else ""
    return ""


def _expression(place: Place, embedded: Embedded, key: str) -> Iterator[Problem]:
    if _is_result(embedded, key):
        delimiters = "<% … %>" if embedded.language == "yaql" else "{{ … }}"
        yield CHECK.problem(
            f"when this text has `{delimiters}` in it, Orquesta evaluates that as well",
            place.locate(embedded.start, embedded.end),
            place.path,
            help="Pass on where the text is, or have the action encode it.",
        )


def _is_result(embedded: Embedded, key: str) -> bool:
    """True for `result().key` and nothing else."""
    node: Any = embedded.node
    if embedded.language == "yaql":
        from st2lang.expressions.yaql_ast import Call, Keyword, Member, ungrouped

        match ungrouped(node):
            case Member(receiver=Call(name="result", args=()), member=Keyword(name=name)):
                return name == key
        return False
    from st2lang.expressions import jinja_ast as jinja

    match node:
        case jinja.Template(
            body=(
                jinja.Output(
                    values=(
                        jinja.Attribute(
                            base=jinja.Call(function=jinja.Name(name="result"), arguments=()),
                            name=name,
                        ),
                    )
                ),
            )
        ):
            return name == key
    return False


CHECK = Check(
    "evaluated-again",
    Severity.INFO,
    "Text from outside is kept as it is, and Orquesta will look for expressions in it.",
    run,
    ("orquesta",),
)
