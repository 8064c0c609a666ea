import os
import sys

from st2common.runners.base_action import Action


class Sees(Action):
    def run(self, secret=None):
        with open("/proc/self/cmdline") as file:
            command = file.read()
        return {
            "secret": secret,
            "shown": "hidden word" in command or "hidden word" in str(dict(os.environ)),
            "path": [part for part in sys.path if part.endswith(("python_child", "st2runtime"))],
            "sockets": [os.get_inheritable(number) for number in range(3, 20) if is_open(number)],
            "variables": {name: os.environ.get(name) for name in ("ONE", "PYTHONPATH", "PATH")},
            "python": sys.executable,
        }


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
