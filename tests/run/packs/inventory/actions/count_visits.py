from st2client.client import Client  # noqa: F401
from st2common.runners.base_action import Action


class CountVisits(Action):
    """Keeps a number in the datastore."""

    def run(self, host):
        name = f"visits_{host}"
        visits = int(self.action_service.get_value(name=name, local=False) or 0) + 1
        self.action_service.set_value(name=name, value=str(visits), local=False)
        return {"visits": visits}
