from st2common.runners.base_action import Action


class Config(Action):
    def run(self, key):
        return [self.config[key], self.config.get("none"), dict(self.config)]
