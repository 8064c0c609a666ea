"""What an action finds in `self.action_service`.

Specified by `ActionService` in StackStorm's wrapper and by `st2common.services.datastore`.
"""

from __future__ import annotations

from st2common.constants.keyvalue import SYSTEM_SCOPE
from st2common.runners.utils import get_logger_for_python_runner_action
from st2common.services.datastore import ActionDatastoreService

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing typing takes longer than all else here
    from typing import Any

    from st2client.models.keyvalue import KeyValuePair

    from st2common.runners.channel import Channel


class _Wrapper:
    """Under the names that old actions look for."""

    def __init__(self, pack: str, class_name: str, user: str, log_level: str) -> None:
        self._pack = pack
        self._class_name = class_name
        self._user = user
        self._log_level = log_level


class ActionService:
    """Access to the datastore and to the user. Names are local to the action's class by default."""

    def __init__(
        self, channel: Channel, pack: str, class_name: str, user: str, log_level: str
    ) -> None:
        self._action_wrapper = _Wrapper(pack, class_name, user, log_level)
        self._channel = channel
        self._datastore_service: ActionDatastoreService | None = None

    @property
    def datastore_service(self) -> ActionDatastoreService:
        """The service that the methods below stand for."""
        if self._datastore_service is None:
            wrapper = self._action_wrapper
            logger = get_logger_for_python_runner_action(wrapper._class_name, wrapper._log_level)
            self._datastore_service = ActionDatastoreService(
                logger,
                wrapper._pack,
                wrapper._class_name,
                channel=self._channel,
                user=wrapper._user,
            )
        return self._datastore_service

    def get_user_info(self) -> dict[str, Any]:
        """Who runs the action, in the shape of StackStorm's API."""
        return self.datastore_service.get_user_info()

    def list_values(
        self,
        local: bool = True,
        prefix: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[KeyValuePair]:
        """The keys that begin with `prefix`."""
        return self.datastore_service.list_values(local, prefix, limit, offset)

    def get_value(
        self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE, decrypt: bool = False
    ) -> str | None:
        """The value of a key, None when there is none."""
        return self.datastore_service.get_value(name, local, scope, decrypt)

    def set_value(
        self,
        name: str,
        value: Any,
        ttl: float | None = None,
        local: bool = True,
        scope: str = SYSTEM_SCOPE,
        encrypt: bool = False,
    ) -> bool:
        """Write a key."""
        return self.datastore_service.set_value(name, value, ttl, local, scope, encrypt)

    def delete_value(self, name: str, local: bool = True, scope: str = SYSTEM_SCOPE) -> bool:
        """Remove a key."""
        return self.datastore_service.delete_value(name, local, scope)
