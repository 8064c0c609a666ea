"""Which variables a string in a workflow can see."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from st2lang.dialects.model import Assignment
from st2lang.endings import output_must
from st2lang.flow import Flow
from st2lang.symbols import Place, Role


class Scope:
    """Answers "what is set here?" for the places of one workflow."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    @cached_property
    def _output_must(self) -> int:
        return output_must(self.flow)

    def at(self, place: Place) -> tuple[int, int] | None:
        """(may, must) at a place, as masks of the flow; None where no run can come to it."""
        flow, workflow = self.flow, self.flow.workflow
        if place.role is Role.INPUT:
            return self._before(0, workflow.inputs[: place.index])
        if place.role is Role.VARS:
            return self._before(0, (*workflow.inputs, *workflow.vars[: place.index]))
        if place.role is Role.OUTPUT:
            earlier = self._names(workflow.output[: place.index])
            return flow.ever | earlier, self._output_must | earlier
        state = flow.entry.get(place.task.name.text) if place.task is not None else None
        if state is None or place.task is None:
            return None
        seen = 0
        if place.role is Role.PUBLISH and place.transition is not None:
            seen = self._names(place.transition.publish[: place.index])
        if place.role is Role.PUBLISH and not workflow.orquesta:
            seen = flow.bit(place.task.name.text)
        return state[0] | seen, state[1] | seen

    def _before(self, mask: int, assignments: Iterable[Assignment]) -> tuple[int, int]:
        mask |= self.flow.engine | self._names(assignments)
        return mask, mask

    def _names(self, assignments: Iterable[Assignment]) -> int:
        return self.flow.mask(a.name.text for a in assignments)
