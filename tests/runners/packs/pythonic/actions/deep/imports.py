from base import BaseAction
from only_in_actions_lib import NAME
from shared_by_pack import NAME as PACK_NAME


class Imports(BaseAction):
    def run(self):
        return [self.greeting, NAME, PACK_NAME]
