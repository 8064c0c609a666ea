import json
import sys

from lib.base import BaseInventoryAction


class CheckHost(BaseInventoryAction):
    """Succeeds when a host has a role; the tuple says so."""

    def run(self, **kwargs):
        host = self._get_host(kwargs["name"])
        sys.stdout.write(json.dumps(host) + "\n")
        if kwargs["role"] not in host["roles"]:
            return False, f"{kwargs['name']} is no {kwargs['role']}"
        return True, {"ip": host["ip"]}
