"""A stand-in for `st2common.util.api`: where the API of a server would be."""

from __future__ import annotations

import os

__all__ = ["get_base_public_api_url", "get_full_public_api_url"]


def get_full_public_api_url(api_version: str = "v1") -> str:
    """What the environment says, else the address that StackStorm has by default."""
    return os.environ.get("ST2_ACTION_API_URL") or get_base_public_api_url() + "/" + api_version


def get_base_public_api_url() -> str:
    """The same without a version."""
    return os.environ.get("ST2_BASE_URL") or "http://127.0.0.1:9101"
