import logging
import os
import subprocess
import sys

from st2common import log
from st2common.runners.base_action import Action

LOG = log.getLogger(__name__)


class Prints(Action):
    def run(self):
        print("out ä")
        sys.stderr.write("err\n")
        subprocess.run(["echo", "from a child"], check=True)
        self.logger.debug("debug %s", 1)
        self.logger.info("info")
        self.logger.error("error")
        self.logger.audit("audit")
        logging.getLogger("elsewhere").info("not shown")
        os.write(1, b"no end")
        return sys.stdin.read()
