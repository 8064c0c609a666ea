"""`core.uuid`: a new UUID."""

import uuid

from st2common.runners.base_action import Action


class MakeUuid(Action):
    """The maker."""

    def run(self, uuid_type: str = "uuid4") -> str:
        """A UUID as text: of host and time (uuid1) or random (uuid4)."""
        makers = {"uuid1": uuid.uuid1, "uuid4": uuid.uuid4}
        if uuid_type not in makers:
            raise ValueError(f"uuid_type is uuid1 or uuid4, not {uuid_type}")
        return str(makers[uuid_type]())
