from st2common.runners.base_action import Action

__all__ = ["BaseInventoryAction"]

HOSTS = {
    "web1": {"ip": "10.0.0.1", "roles": ["web"]},
    "db1": {"ip": "10.0.0.2", "roles": ["db", "backup"]},
}


class BaseInventoryAction(Action):
    """What all actions of the pack share: a client made of the configuration."""

    def __init__(self, config=None, action_service=None):
        super().__init__(config=config, action_service=action_service)
        self.url = self.config.get("url")
        self.token = self.config["token"]

    def _get_host(self, name):
        if not self.token:
            raise ValueError("No token in the config")
        self.logger.debug("GET %s/hosts/%s", self.url, name)
        return HOSTS[name]
