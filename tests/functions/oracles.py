"""The reference packages, with just enough of StackStorm around them to run the documented examples."""

from __future__ import annotations

import collections.abc  # needed by yaql, which does not import it
import itertools
import json
import posixpath
import re
from datetime import timedelta
from functools import partial
from typing import Any

import jinja2
import yaml
import yaql
from yaql.language import utils

World = dict[str, Any]


def _ctx(context: World, key: str | None = None) -> object:
    return context["world"]["vars"][key] if key else context["world"]["vars"]


def _item(context: World, key: str | None = None) -> object:
    return context["world"]["item"][key] if key else context["world"]["item"]


def _st2kv(context: World, key: str, **kwargs: object) -> object:
    return context["world"]["kv"].get(key, kwargs.get("default"))


def _task(context: World, task_id: str | None = None, route: int | None = None) -> object:
    return {"status": context["world"]["tasks"][task_id]}


def _task_status(context: World, task_id: str, route: int | None = None) -> object:
    return context["world"]["tasks"][task_id]


def _completed(context: World) -> bool:
    return context["world"]["status"] in ("succeeded", "failed")


def _succeeded(context: World) -> bool:
    return bool(context["world"]["status"] == "succeeded")


def _failed(context: World) -> bool:
    return bool(context["world"]["status"] == "failed")


def _result(context: World) -> object:
    return context["world"]["result"]


def _zip(*args: Any, **kwargs: Any) -> list[object]:
    return list(map(list, itertools.zip_longest(*args, fillvalue=kwargs.get("pad"))))


def _json(s: Any) -> Any:
    return s if isinstance(s, dict) else json.loads(s)


def _dump_json(
    value: Any, indent: Any = None, sort_keys: Any = False, separators: Any = (",", ": ")
) -> str:
    return json.dumps(value, indent=indent, sort_keys=sort_keys, separators=separators)


def _dump_yaml(value: Any, indent: Any = None, allow_unicode: Any = True) -> str:
    plain = json.loads(json.dumps(value))
    return yaml.safe_dump(plain, default_flow_style=False, indent=indent)


def _escape(value: Any) -> str:
    return json.dumps(value).strip('"')


def _load_json(value: Any) -> Any:
    return json.loads(str(value))


def _load_yaml(value: Any) -> Any:
    return yaml.safe_load(str(value))


def _match(value: Any, pattern: Any, ignorecase: Any = False) -> bool:
    return bool(re.match(pattern, str(value), re.I if ignorecase else 0))


def _search(value: Any, pattern: Any, ignorecase: Any = False) -> bool:
    return bool(re.search(pattern, str(value), re.I if ignorecase else 0))


def _replace(value: Any, pattern: Any, replacement: Any, ignorecase: Any = False) -> str:
    return re.sub(pattern, replacement, str(value), flags=re.I if ignorecase else 0)


def _substring(value: Any, pattern: Any, result_index: Any = 0, ignorecase: Any = False) -> Any:
    return re.findall(pattern, str(value), re.I if ignorecase else 0)[result_index]


def _parts(value: str) -> list[int]:
    return [int(part) for part in value.split(".")]


def _compare(value: str, pattern: str) -> int:
    return (_parts(value) > _parts(pattern)) - (_parts(value) < _parts(pattern))


def _bump(index: int, value: Any) -> str:
    parts = _parts(value)
    return ".".join(map(str, [*parts[:index], parts[index] + 1, *[0] * (2 - index)]))


def _human(seconds: Any) -> str:
    hours, rest = divmod(int(timedelta(seconds=seconds).total_seconds()), 3600)
    return f"{hours}h{rest // 60}m{rest % 60}s"


STACKSTORM: dict[str, Any] = {
    "basename": lambda path: posixpath.basename(path),
    "dirname": lambda path: posixpath.dirname(path),
    "from_json_string": _load_json,
    "from_yaml_string": _load_yaml,
    "json": _json,
    "json_dump": _dump_json,
    "json_escape": _escape,
    "json_parse": _load_json,
    "regex_match": _match,
    "regex_replace": _replace,
    "regex_search": _search,
    "regex_substring": _substring,
    "to_complex": lambda value: json.dumps(value),
    "to_human_time_from_seconds": _human,
    "to_json_string": _dump_json,
    "to_yaml_string": _dump_yaml,
    "use_none": lambda value: value,
    "version_bump_major": lambda value: _bump(0, value),
    "version_bump_minor": lambda value: _bump(1, value),
    "version_bump_patch": lambda value: _bump(2, value),
    "version_compare": lambda value, pattern: _compare(value, pattern),
    "version_equal": lambda value, pattern: _compare(value, pattern) == 0,
    "version_less_than": lambda value, pattern: _compare(value, pattern) < 0,
    "version_match": lambda value, pattern: _compare(value, pattern.lstrip(">=")) >= 0,
    "version_more_than": lambda value, pattern: _compare(value, pattern) > 0,
    "version_strip_patch": lambda value: value.rpartition(".")[0],
    "yaml_dump": _dump_yaml,
    "yaml_parse": _load_yaml,
    "zip": _zip,
}

WORKFLOW: dict[str, Any] = {
    "completed": _completed,
    "ctx": _ctx,
    "failed": _failed,
    "item": _item,
    "result": _result,
    "st2kv": _st2kv,
    "succeeded": _succeeded,
    "task": _task,
    "task_status": _task_status,
}

_ENGINE = yaql.YaqlFactory().create()
_ROOT = yaql.create_context()
for _name, _function in {**STACKSTORM, **WORKFLOW}.items():
    _ROOT.register_function(_function, name=_name)


def yaql_context() -> Any:
    """YAQL as Orquesta sets it up."""
    return _ROOT


def run_yaql(expression: str, data: object = None) -> Any:
    """What the yaql package gives, iterators unrolled as Orquesta does."""
    context = _ROOT.create_child_context()
    context["world"] = data
    context["$"] = utils.convert_input_data(data)
    result = _ENGINE(expression).evaluate(context=context)
    return list(result) if utils.is_iterator(result) else result


def jinja_environment(chain: bool = False) -> jinja2.Environment:
    """Jinja as Orquesta (or an ActionChain) sets it up."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters.update(STACKSTORM)
    if not chain:
        environment.globals.update(STACKSTORM)
    return environment


def run_jinja(expression: str, data: object = None, chain: bool = False) -> Any:
    """What jinja2 gives for an expression, iterators unrolled as Orquesta does."""
    environment = jinja_environment(chain)
    names = {k: v for k, v in data.items() if k not in WORKFLOW} if isinstance(data, dict) else {}
    for name, function in WORKFLOW.items():
        environment.globals[name] = partial(function, {"world": data})
    result = environment.compile_expression(expression, undefined_to_none=False)(**names)
    return list(result) if isinstance(result, collections.abc.Iterator) else result
