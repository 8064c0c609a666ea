import json

from st2common.runners.base_action import Action


class Json(Action):
    def run(self):
        return json.dumps([1])
