"""From a reference to an action that can be run, the same catalog answering that `st2c check` asks."""

from __future__ import annotations

import os

from st2lang.catalog import Action, Catalog
from st2lang.catalog import builtin as catalog_builtin
from st2lang.suggest import did_you_mean
from st2runtime.actions import builtin
from st2runtime.actions.errors import ActionError, UnknownActionError
from st2runtime.actions.runnable import Runnable


class Library:
    """The actions that can be run from one place. What was found is remembered."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._found: dict[tuple[str, str], Runnable] = {}

    def find(self, ref: str, near: str = "") -> Runnable:
        """The action with this reference, as a workflow file at `near` sees it.

        Raises `UnknownActionError` with the nearest name, and `ActionError` for one that nothing can run.
        """
        key = (ref, near)
        if key not in self._found:
            catalog = self.catalog.near(near) if near else self.catalog
            action = catalog.find_action(ref)
            if action is None:
                raise UnknownActionError(_unknown(ref, catalog))
            self._found[key] = runnable_of(action, catalog)
        return self._found[key]


def runnable_of(action: Action, catalog: Catalog) -> Runnable:
    """An action of a catalog, ready to run. Raises `ActionError` when its runner is not known."""
    runner = action.runner
    if runner is None:
        hint = did_you_mean(action.runner_type, catalog_builtin.runner_names())
        raise ActionError(
            f"the action `{action.ref}` needs the runner `{action.runner_type}`, which is not "
            f"known{hint}"
        )
    pack = catalog.pack(action.pack)
    pack_path = os.path.dirname(os.path.dirname(action.path)) if action.path else ""
    own = {name: p.schema for name, p in action.parameters.items()}
    entry = os.path.join(pack_path, "actions", action.entry_point) if action.entry_point else ""
    if action.entry_point and not (pack_path and os.path.isfile(entry)):
        entry, pack_path = builtin.entry_point(action.ref, entry, pack_path)
    return Runnable(
        ref=action.ref,
        pack=action.pack,
        runner=runner.name,
        own=builtin.with_command(action.ref, own) if not action.path else own,
        inherited={name: p.schema for name, p in runner.parameters.items()},
        entry_point=entry and os.path.abspath(entry),
        pack_path=pack_path or (pack.path if pack else ""),
        path=action.path,
        description=action.description,
        enabled=action.enabled,
        output_schema=action.output_schema,
    )


def _unknown(ref: str, catalog: Catalog) -> str:
    pack, dot, name = ref.partition(".")
    if not (pack and dot and name):
        return f"`{ref}` is no reference to an action: it is written `pack.action`"
    near = catalog.suggest_action(ref)
    hint = f"; did you mean `{near}`?" if near else ""
    if catalog.pack(pack) is None:
        where = hint or "; `--pack-dir` says where packs are"
        return f"there is no action `{ref}`: the pack `{pack}` is not known{where}"
    return f"there is no action `{ref}` in the pack `{pack}`{hint}"
