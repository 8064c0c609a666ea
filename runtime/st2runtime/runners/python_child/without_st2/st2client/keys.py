"""Keys of the datastore with the methods of st2client's manager of them."""

from __future__ import annotations

from st2common.runners.channel import Channel

from st2client.models.keyvalue import KeyValuePair

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any


class Keys:
    """What `Client().keys` is."""

    def get_all(
        self,
        prefix: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        params: dict[str, Any] | None = None,
        **more: Any,
    ) -> list[KeyValuePair]:
        """The keys that begin with `prefix`."""
        scope = more.get("scope") or (params or {}).get("scope") or "system"
        found = self._call("list", prefix=prefix, limit=limit, offset=offset, scope=scope)
        return [KeyValuePair(**item) for item in found]

    def query(self, **filters: Any) -> list[KeyValuePair]:
        """The same."""
        return self.get_all(**filters)

    def get_by_name(
        self, name: str, params: dict[str, Any] | None = None, **more: Any
    ) -> KeyValuePair | None:
        """A key, or None."""
        options = dict(params or {}, **more)
        decrypt = str(options.get("decrypt", False)).lower() == "true"
        scope = options.get("scope") or "system"
        found = self._call("get", name=name, scope=scope, decrypt=decrypt)
        return None if found is None else KeyValuePair(**found)

    def get_by_id(self, id: str, **more: Any) -> KeyValuePair | None:  # noqa: A002
        """The same: a key's id is its name (and so st2client calls it)."""
        return self.get_by_name(id, **more)

    def update(self, instance: KeyValuePair, **more: Any) -> KeyValuePair:
        """Write a key."""
        self._call(
            "set",
            name=instance.name or instance.id,
            value=str(instance.value),
            scope=instance.scope or "system",
            secret=bool(instance.secret),
            ttl=instance.ttl,
        )
        return instance

    create = update

    def delete(self, instance: KeyValuePair, **more: Any) -> bool:
        """Remove a key; whether it was there."""
        return self.delete_by_id(instance.name or instance.id, scope=instance.scope, **more)

    def delete_by_id(self, instance_id: str, **more: Any) -> bool:
        """Remove a key by its name; whether it was there."""
        return bool(self._call("delete", name=instance_id, scope=more.get("scope") or "system"))

    def _call(self, method: str, **arguments: Any) -> Any:
        return Channel.of_process().call("keys." + method, arguments)
