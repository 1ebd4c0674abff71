"""``forum serve`` to which a minute is a few seconds, for rows that wait until somebody counts as away (J8).

python -m tests.faults.hurried … --data FOLDER --port N --host ADDRESS
"""

import argparse
import os
import sys
from typing import Final

from forum.app import asked_to_stop, listening, run_serving
from forum.live import Pace
from forum.settings import Settings
from tests.servers import READY

PACE: Final = Pace(listen_seconds=0.25, near_seconds=5.0)
BEFORE: Final = (sys.executable, "-m", "tests.faults.hurried")
"""The words that start such a server, before those of a usual one, of which it takes what follows ``--``."""


async def serve(settings: Settings) -> int:
    stop = asked_to_stop()
    async with listening(settings, pace=PACE):
        print(READY.decode(), flush=True)
        await stop.wait()
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for word in ("--data", "--port", "--host"):
        parser.add_argument(word)
    asked, _ = parser.parse_known_args()
    sys.exit(run_serving(serve(Settings.from_environment(os.environ, **vars(asked)))))
