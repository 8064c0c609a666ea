"""`core.pause`: wait for some seconds, or for a random number of them."""

import random as chance
import time

from st2common.runners.base_action import Action


class Pause(Action):
    """The wait."""

    def run(self, max_pause: int, random: bool = False) -> int:
        """Wait; gives the seconds that were waited."""
        seconds = chance.randint(1, max(1, max_pause)) if random else max_pause
        time.sleep(seconds)
        return seconds
