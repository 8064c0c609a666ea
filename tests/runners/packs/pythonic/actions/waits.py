import subprocess

from st2common.runners.base_action import Action


class Waits(Action):
    def run(self, word):
        print("waiting", flush=True)
        subprocess.run(["sleep", word], check=True)
