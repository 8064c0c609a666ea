"""The shape of a rehearsal file as JSON Schema, for editors without a language server."""

from __future__ import annotations

from typing import Any

from st2lang.dialects.rehearsal_shape import CASE


def json_schema() -> dict[str, Any]:
    """The shape as JSON Schema (draft 7), with what a shape cannot say."""
    schema = _plain(CASE)
    mock = schema["properties"]["mock_action_executions"]["items"]
    mock["anyOf"] = [{"required": ["task_id"]}, {"required": ["action"]}]
    schema["anyOf"] = [{"required": ["workflow"]}, {"required": ["workflow_state"]}]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "rehearsal.schema.json",
        **schema,
    }


def _plain(shape: Any) -> Any:
    """A copy without the keys that are our own."""
    if isinstance(shape, dict):
        return {key: _plain(part) for key, part in shape.items() if not key.startswith("x-")}
    if isinstance(shape, list | tuple):
        return [_plain(part) for part in shape]
    return shape


if __name__ == "__main__":
    import json
    from pathlib import Path

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    Path(__file__).with_name("rehearsal.schema.json").write_text(text, encoding="utf-8")
