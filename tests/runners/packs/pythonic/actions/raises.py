from st2common.runners.base_action import Action


class Raises(Action):
    def run(self, message=None):
        print("before")
        raise ValueError("it is " + message)
