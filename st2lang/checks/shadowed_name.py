"""Two things of the same kind have the same name, so that one of them is never seen.

- An input and a variable in `vars`: the variable always wins, whatever is passed in.
- The same name twice among the inputs, the vars or the outputs: the last one wins.
- In an ActionChain a variable or published name that is also the name of a node: it hides the node's
  result.

Publishing a variable again, or over an input, is how values change, and is not reported.

## Bad

```yaml
version: 1.0
input:
  - host
vars:
  - host: localhost
tasks:
  look:
    action: core.echo message=<% ctx().host %>
```

## Good

```yaml
version: 1.0
input:
  - host: localhost
tasks:
  look:
    action: core.echo message=<% ctx().host %>
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from st2lang.checks import Check
from st2lang.dialects.model import Assignment, Name
from st2lang.document import Document
from st2lang.problem import Problem, Related, Severity


def run(document: Document) -> Iterator[Problem]:
    """Inputs, vars and outputs with the same name; chain variables named like a node."""
    workflow = document.workflow
    if workflow is None:
        return
    if not workflow.orquesta:
        published = (a for task in workflow.tasks.values() for a in task.publish)
        for assignment in (*workflow.vars, *published):
            node = workflow.tasks.get(assignment.name.text)
            if node is not None:
                yield _problem(assignment.name, node.name, "hides the result of the node")
        return
    yield from _repeated(workflow.inputs, "the input")
    yield from _repeated((*workflow.inputs, *workflow.vars), "the input", workflow.vars)
    yield from _repeated(workflow.vars, "the variable")
    yield from _repeated(workflow.output, "the output")


def _repeated(
    assignments: Iterable[Assignment], what: str, only: tuple[Assignment, ...] | None = None
) -> Iterator[Problem]:
    first: dict[str, Assignment] = {}
    for assignment in assignments:
        earlier = first.setdefault(assignment.name.text, assignment)
        if earlier is not assignment and (
            only is None or (assignment in only and earlier not in only)
        ):
            yield _problem(assignment.name, earlier.name, f"hides {what}")


def _problem(name: Name, hidden: Name, verb: str) -> Problem:
    return CHECK.problem(
        f"`{name.text}` {verb} of the same name",
        name.span,
        name.path,
        help="Rename one of them, or remove it.",
        related=(Related("this is hidden", hidden.span),),
    )


CHECK = Check(
    "shadowed-name",
    Severity.WARNING,
    "Two things have the same name, so that one of them is never seen.",
    run,
)
