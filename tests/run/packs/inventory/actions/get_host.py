from lib.base import BaseInventoryAction


class GetHostAction(BaseInventoryAction):
    def run(self, name, fields=None):
        host = dict(self._get_host(name), name=name)
        if fields:
            host = {k: v for k, v in host.items() if k in fields}
        return host
