"""A stand-in for `st2common.services.datastore`: the runner reads and writes the local datastore."""

from __future__ import annotations

from st2common.constants.keyvalue import SYSTEM_SCOPE
from st2common.runners.channel import Channel

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from logging import Logger
    from typing import Any

    from st2client.client import Client
    from st2client.models.keyvalue import KeyValuePair

__all__ = ["ActionDatastoreService", "BaseDatastoreService"]


class BaseDatastoreService:
    """Keys for one class of one pack."""

    def __init__(
        self,
        logger: Logger,
        pack_name: str,
        class_name: str,
        auth_token: str | None = None,
        channel: Channel | None = None,
        user: str = "",
    ) -> None:
        self._logger = logger
        self._channel = channel or Channel.of_process()
        self._user = user
        self._whose = {"pack": pack_name, "class_name": class_name}

    def get_user_info(self) -> dict[str, Any]:
        """Who runs the action, in the shape of StackStorm's API."""
        return {
            "username": self._user,
            "rbac": {"enabled": False, "roles": [], "is_admin": True},
            "authentication": {"method": "local", "location": "local"},
        }

    def list_values(
        self,
        local: bool = True,
        prefix: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[KeyValuePair]:
        """The keys that begin with `prefix`, each with `name`, `value` and what else there is."""
        from st2client.models.keyvalue import KeyValuePair

        found = self._call("list_values", local=local, prefix=prefix, limit=limit, offset=offset)
        return [KeyValuePair(**item) for item in found]

    def get_value(
        self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE, decrypt: bool = False
    ) -> str | None:
        """The value of a key, None when there is none."""
        value: str | None = self._call(
            "get_value", name=name, local=local, scope=scope, decrypt=decrypt
        )
        return value

    def set_value(
        self,
        name: str,
        value: Any,
        ttl: float | None = None,
        local: bool = True,
        scope: str = SYSTEM_SCOPE,
        encrypt: bool = False,
    ) -> bool:
        """Write a key; a value that is no text is written as `str` gives it."""
        done = self._call(
            "set_value",
            name=name,
            value=str(value),
            ttl=ttl,
            local=local,
            scope=scope,
            encrypt=encrypt,
        )
        return bool(done)

    def delete_value(self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE) -> bool:
        """Remove a key; False when there is none."""
        return bool(self._call("delete_value", name=name, local=local, scope=scope))

    def get_api_client(self) -> Client:
        """A client whose `keys` are the local datastore's; there is no server behind it."""
        from st2client.client import Client

        return Client()

    _get_api_client = get_api_client

    def _call(self, method: str, **arguments: Any) -> Any:
        arguments.update(self._whose)
        return self._channel.call("service." + method, arguments, self._logger)


class ActionDatastoreService(BaseDatastoreService):
    """The name under which actions import it."""
