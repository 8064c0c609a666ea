"""The process that reads packs ahead: it fills the cache on disk, and the server takes over from there.

Standard input says where (`Projects.places`, as JSON); for each pack read a line `done of pack` goes to standard
output. It ends by itself when nobody reads these lines any more.
"""

from __future__ import annotations

import json
import os
import sys

from st2lang.catalog import Catalog


def main() -> int:
    """Read all packs of all places."""
    catalogs = [Catalog(**place) for place in json.load(sys.stdin)]
    packs = [(catalog, pack) for catalog in catalogs for pack in catalog.packs() if pack.path]
    try:
        for done, (catalog, pack) in enumerate(packs):
            catalog.actions(pack.ref)
            print(done + 1, len(packs), pack.ref.replace("\n", " "), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(2)  # whoever types comes first
    sys.exit(main())
