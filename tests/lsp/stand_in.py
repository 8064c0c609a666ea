"""`st2c` with a recorded run that it has not had: started as `st2c`, and what the server runs instead of it."""

from __future__ import annotations

import json
import sys

RECORDED = {
    "execution": "5f3a",
    "task": "greet",
    "route": 0,
    "context": {"name": "Grace"},
    "result": {"stdout": "hello Grace"},
    "item": None,
    "status": "succeeded",
}


def main() -> int:
    """As `st2c`, but for `execution context`."""
    if sys.argv[1:3] == ["execution", "context"]:
        if "--task" not in sys.argv:
            print("st2c: error: nothing is recorded", file=sys.stderr)
            return 1
        print(json.dumps(RECORDED))
        return 0
    from st2server import processes

    from st2lang.commands.main import main as st2c

    processes.COMMAND = (sys.executable, __file__)
    return st2c()


if __name__ == "__main__":
    sys.exit(main())
