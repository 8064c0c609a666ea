"""What a project may decide about how its workflows are analysed."""

from __future__ import annotations

from st2lang.record import record


@record
class Settings:
    """Choices that change what is a problem.

    `context_variables` are the variables that the engine itself puts into every workflow's context.
    StackStorm gives each Orquesta workflow two, `st2` and `parent` (`_construct_st2_context` in
    orquesta_runner.py); an Orquesta that runs outside StackStorm gives none.
    """

    context_variables: frozenset[str] = frozenset({"parent", "st2"})


DEFAULT = Settings()
