"""jinja2's sandbox as workflows and ActionChains use it, for data that nobody may change.

Specified by `orquesta/expressions/jinja.py` and `st2common/util/jinja.py`. Every template gets the `Run`
as `__run`. Where a template calls a method that changes a list or dict (`items.append(1)` is an old
habit, mostly on lists of its own), it is run again on copies of what it looks at: the data are shared
with all other tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from jinja2 import Template, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment, modifies_known_mutable
from jinja2.utils import missing as nowhere

from st2lang.evaluation.chance import any_of, lipsum
from st2lang.evaluation.copies import copied
from st2lang.evaluation.datastore import decrypted
from st2lang.evaluation.guards import check_call, check_operation, guarded, unfit
from st2lang.evaluation.rewrite import (
    ATTRIBUTES,
    GET,
    ITEM,
    MADE,
    MEASURED,
    NAMES,
    TURNS,
    VARIABLE,
    rewritten,
)
from st2lang.evaluation.tracing import Mark, Trace
from st2lang.evaluation.unknown import NoVariable, Unknown
from st2lang.functions._orquesta import OF_THE_WORKFLOW, Scope, ctx, zip_lists
from st2lang.functions._stackstorm import FUNCTIONS, to_complex
from st2lang.functions.failure import EvaluationError
from st2lang.functions.values import ATOMS, Run


class ChangeError(Exception):
    """A template is about to change data."""


class Environment(SandboxedEnvironment):
    """The sandbox. `copies`: the data are copies, which a template may change."""

    intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))
    intercepted_unops = frozenset(("+", "-"))

    def __init__(self, workflow: bool, copies: bool) -> None:
        super().__init__(
            undefined=Unknown, trim_blocks=True, lstrip_blocks=True, finalize=_measured
        )
        self.workflow, self.copies = workflow, copies
        self.trace: Trace | None = None
        self.filters.update(guarded(self.filters))
        self.filters.update({TURNS: _turns, MEASURED: _measured, MADE: _made, "random": any_of})
        self.globals["lipsum"] = lipsum

    def _generate(self, source: nodes.Template, *arguments: Any, **named: Any) -> str:
        tree = self.trace.marked(source) if self.trace else source
        return super()._generate(rewritten(tree, self.workflow), *arguments, **named)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if not self.copies and modifies_known_mutable(obj, attr):
            raise ChangeError
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        check_operation(context.parent["__run"], operator, left, right)
        try:
            return super().call_binop(context, operator, left, right)
        except TypeError as error:
            if operator == "%" and isinstance(left, str):
                raise
            raise unfit(operator, left, right) from error

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        try:
            return super().call_unop(context, operator, arg)
        except TypeError as error:
            raise unfit(operator, arg) from error

    def call(self, context: Context, obj: Any, *arguments: Any, **named: Any) -> Any:
        check_call(context.parent["__run"], obj, arguments, named)
        return super().call(context, obj, *arguments, **named)


@pass_context
def _measured(context: Context, value: Any) -> Any:
    """A value that is about to become text."""
    if type(value) not in ATOMS:
        context.parent["__run"].measure(value)
    return value


@pass_context
def _made(context: Context, text: Any) -> Any:
    """A text that has been put together."""
    context.parent["__run"].make(len(text))
    return text


@pass_context
def _turns(context: Context, items: Iterable[Any]) -> Iterator[Any]:
    """The same elements, counted."""
    run = context.parent["__run"]
    for item in items:
        run.step()
        yield item


class _ChainContext(Context):
    """Names of a template that are looked up in the scope, however many there are."""

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        variables = self.parent["__run"].scope.variables
        if key == "__context" and key not in variables:
            return dict(variables)
        try:
            return variables[key]
        except KeyError:
            return self.parent.get(key, nowhere)


@cache
def for_chains(copies: bool = False) -> Environment:
    """jinja2 as StackStorm sets it up for ActionChains."""
    env = Environment(workflow=False, copies=copies)
    env.context_class = _ChainContext
    hidden = ("json", "json_dump", "json_parse", "yaml_dump", "yaml_parse")
    env.filters.update((name, call) for name, call in FUNCTIONS.items() if name not in hidden)
    env.filters.update(to_complex=to_complex, decrypt_kv=decrypted)
    return env


@cache
def for_workflows(copies: bool = False) -> Environment:
    """jinja2 as Orquesta sets it up, with the functions of Orquesta and StackStorm."""
    env = Environment(workflow=True, copies=copies)
    shared = {**FUNCTIONS, "zip": zip_lists}
    env.filters.update(shared)
    env.globals.update(shared)
    env.filters.update((name, _no_filter(name)) for name in OF_THE_WORKFLOW)
    inner: dict[str, Callable[..., Any]] = {
        VARIABLE: _variable,
        ITEM: _item,
        GET: _get,
        NAMES: _Names,
    }
    for name, call in {**OF_THE_WORKFLOW, **inner}.items():
        env.globals[name] = _in_scope(call)
    return env


def _no_filter(name: str) -> Callable[..., Any]:
    """Orquesta has its functions as filters too, which fail when they are reached."""

    def fail(*arguments: Any, **named: Any) -> None:
        raise EvaluationError(f"`{name}` is no filter: call it as `{name}()`", "unknown-function")

    return fail


def _in_scope(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def call(context: Context, *arguments: Any, **named: Any) -> Any:
        return function(context.parent["__run"].scope, *arguments, **named)

    call.__name__ = function.__name__
    return call


def _public(scope: Scope, name: Any) -> bool:
    return not (isinstance(name, str) and name.startswith("__"))


def _variable(scope: Scope, name: str) -> Any:
    """`ctx().name`"""
    if _public(scope, name):
        try:
            return scope.variables[name]
        except KeyError:
            pass
    return NoVariable(obj=scope.variables, name=name)


def _item(scope: Scope, name: Any) -> Any:
    """`ctx()[name]`"""
    found = _variable(scope, name)
    if isinstance(found, NoVariable) and name in ATTRIBUTES:
        return for_workflows().getitem(ctx(scope), name)
    return found


def _get(scope: Scope, name: Any, default: Any = None) -> Any:
    """`ctx().get(name)`"""
    return scope.variables.get(name, default) if _public(scope, name) else default


class _Names:
    """What `in ctx()` looks at."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __contains__(self, name: Any) -> bool:
        return _public(self.scope, name) and name in self.scope.variables


class Program:
    """A text or expression for jinja2, compiled when it is first run."""

    __slots__ = ("changes", "expression", "text", "workflow")

    def __init__(self, text: str, expression: bool, workflow: bool) -> None:
        self.text, self.expression, self.workflow = text, expression, workflow
        self.changes = False

    def run(self, run: Run) -> Any:
        """What it gives. Raises whatever jinja2 raises."""
        if not self.changes:
            try:
                return self._run(run, copies=False)
            except ChangeError:
                self.changes = True
        own = Run(copied(run.scope))
        own.left = run.left
        return self._run(own, copies=True)

    def _run(self, run: Run, copies: bool) -> Any:
        return self._result(_compiled(self.text, self.expression, self.workflow, copies), run)

    def trace(self, run: Run, check: Callable[[Any], object]) -> Mark | None:
        """Run it once more: the part that fails, or whose value `check` refuses; None where it is unknown.

        Raises nothing, and costs as much as the run that has failed and a compilation.
        """
        env = (for_workflows if self.workflow else for_chains)(copies=True).overlay()
        trace = env.trace = Trace()
        env.filters = {**env.filters, **trace.filters()}
        own = Run(copied(run.scope))
        value = None
        try:
            value = self._result(_made_by(env, self.text, self.expression), own)
            check(value)
        except Exception as error:
            message = error.args[0] if error.args else None
            value = getattr(message, "undefined", value)
        return trace.failing(value)

    def _result(self, template: Template, run: Run) -> Any:
        names: dict[str, Any] = {"__run": run}
        if self.workflow:
            scope = run.scope
            names.update(
                __vars=scope.variables,
                __state=scope.variables.get("__state"),
                __current_task=scope.task,
                __current_item=scope.item,
            )
        if not self.expression:
            return template.render(names)
        context = template.new_context(names)
        for _ in template.root_render_func(context):
            pass
        return context.vars["result"]


@lru_cache(maxsize=4096)
def _compiled(text: str, expression: bool, workflow: bool, copies: bool) -> Template:
    return _made_by((for_workflows if workflow else for_chains)(copies), text, expression)


def _made_by(env: Environment, text: str, expression: bool) -> Template:
    if expression:
        template = env.compile_expression(text, undefined_to_none=False)._template
    else:
        template = env.from_string(text)
    template.globals = (
        env.globals
    )  # A plain dict: every run copies it, a chain of dicts one by one.
    return template
