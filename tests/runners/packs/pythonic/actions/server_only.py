from st2common.persistence.action import Action as ActionModel
from st2common.runners.base_action import Action


class ServerOnly(Action):
    def run(self):
        return ActionModel
