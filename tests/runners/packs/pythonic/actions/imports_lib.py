from lib.base import BaseAction


class ImportsLib(BaseAction):
    def run(self):
        return self.greeting
