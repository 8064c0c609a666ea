from st2actions.runners.pythonrunner import Action


class OldConstructor(Action):
    def __init__(self, config):
        super().__init__(config)
        self.token = self.config["token"]

    def run(self):
        return [self.token, self.action_service is not None]
