"""What the checks of actions share: which task calls what, what it passes, where that is declared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from st2lang.dialects.model import Assignment, Name, Task
from st2lang.document import Document
from st2lang.problem import Related, SpecPath

if TYPE_CHECKING:
    from st2lang.catalog import Action, Parameter


class Call(NamedTuple):
    """A task that runs a known action. `ref` is the action's name as written, `given` what is passed."""

    task: Task
    ref: Name
    action: Action
    given: dict[str, Assignment]

    @property
    def input_path(self) -> SpecPath:
        """Where parameters are passed, whether or not any are."""
        for assignment in self.given.values():
            return assignment.name.path[: len(self.task.path) + 1]
        return (*self.task.path, "parameters" if self.ref.path[-1:] == ("ref",) else "input")

    @property
    def complete(self) -> bool:
        """False where some parameters are known only when the workflow runs."""
        return self.task.input_value is None and not any(map(is_dynamic, self.given))


def is_dynamic(text: str) -> bool:
    """True for text that holds an expression of either language."""
    return "<%" in text or "{{" in text or "{%" in text


def called(document: Document) -> Iterator[tuple[Task, Name]]:
    """The tasks that run an action, with its name; the name may be an expression."""
    workflow = document.workflow
    if workflow is not None:
        for task in (*workflow.tasks.values(), *workflow.repeated):
            if task.action is not None:
                yield task, task.action


def calls(document: Document) -> Iterator[Call]:
    """The calls of actions that the catalog knows."""
    for task, ref in called(document):
        action = document.called_actions.get(ref.text)
        if action is not None:
            yield Call(task, ref, action, {a.name.text: a for a in task.inputs})


def parameters(action: Action) -> dict[str, Parameter] | None:
    """All parameters of an action; None where the metadata leaves open which there are."""
    if action.runner is None or not isinstance(action.data.get("parameters") or {}, dict):
        return None
    return dict(action.all_parameters)


def declared(action: Action, *path: str, message: str = "declared here") -> tuple[Related, ...]:
    """The place in the action's metadata of a key path; nothing for built-in actions."""
    if not action.path:
        return ()
    from st2lang.catalog.folder import decode, read_bytes
    from st2lang.catalog.read import locate

    span = locate(decode(read_bytes(action.path)), path)
    return () if span is None else (Related(message, span, action.path),)
