"""Runs workflows from text on the local engine, with packs made for a test."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from st2runtime.actions.config import Configs
from st2runtime.actions.library import Library
from st2runtime.actions.secrets import Secrets
from st2runtime.actions.workflows import Workflows
from st2runtime.engines.local import LocalEngine
from st2runtime.engines.options import Options
from st2runtime.engines.prepare import Desk
from st2runtime.engines.steps import Step
from st2runtime.runners.base import Services

from st2lang.catalog import Catalog


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Files of a pack `shop` below a folder, by their paths in it; workflows get their metadata."""
    pack = folder / "shop"
    given = {"pack.yaml": "ref: shop\nname: shop\n", **files}
    for name, text in given.items():
        path = pack / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return pack


def workflow(
    name: str, text: str, parameters: str = "{}", runner: str = "orquesta"
) -> dict[str, str]:
    """The two files of an action that is a workflow."""
    meta = f"name: {name}\nrunner_type: {runner}\nentry_point: workflows/{name}.yaml\n"
    return {
        f"actions/{name}.yaml": f"{meta}parameters: {parameters}\n",
        f"actions/workflows/{name}.yaml": text,
    }


class Kit:
    """One engine over the packs of a folder. `secrets` are what was found secret."""

    def __init__(self, folder: Path, **more: Any) -> None:
        catalog = Catalog(pack_dirs=[str(folder)], installed=None)
        self.secrets = Secrets()
        configs = Configs(catalog, (str(folder / "configs"),), None, self.secrets.add)
        self.desk = Desk(
            Library(catalog), Workflows(catalog), configs, self.secrets, {"user": "ada"}, **more
        )
        self.lines: list[tuple[str, str, str]] = []
        self.engine: LocalEngine

    def serve(self, step: Step, line: Callable[[str, str], None]) -> Services:
        def both(stream: str, text: str) -> None:
            line(stream, text)
            self.lines.append((step.task, stream, text))

        return Services(line=both, config=self.desk.configs.get)

    async def start(
        self, ref: str, given: Mapping[str, Any], options: Options | None = None
    ) -> Step:
        """Run an action by its reference, inside of a loop."""
        self.engine = LocalEngine(self.desk, self.serve, None, options)
        runnable = self.desk.library.find(ref)
        return await self.engine.run(self.desk.root(runnable, given), given)

    def run(self, ref: str, given: Mapping[str, Any] | None = None, **options: Any) -> Step:
        """Run an action by its reference to its end."""
        return asyncio.run(self.start(ref, given or {}, Options(**options)))


async def until(condition: Callable[[], Any]) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def tasks(step: Step) -> list[str]:
    """The tasks below a step that have been asked for, in order."""
    return [child.task for child in step.children]
