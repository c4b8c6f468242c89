"""One pass over the sample web in a process that kills itself: no end of a program is less orderly than SIGKILL.

Arguments: state folder, port of the sample web, number of the transaction, `before` its commit or `after` it, worker processes.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from harness import NOW, TODAY, Clock, hook

from monitor import app, pipeline
from monitor.config import Config, ExtractSettings, FetchSettings
from monitor.sample.world import build_world


def main(folder: Path, port: int, number: int, moment: str, workers: int) -> None:
    """Make a pass and die in it."""
    world = build_world(TODAY)
    config = Config(
        state=folder, fetch=FetchSettings(host_gap_s=0, per_host=8), extract=ExtractSettings(workers=workers)
    )
    watch = world.outlets, world.sources
    with app.build(config, connect_to={"*.example": ("127.0.0.1", port)}, watch=watch, clock=Clock(NOW)) as built:
        pipeline.SAVED_TOGETHER = 1  # so that there are transactions to be killed in
        hook(built.storage, number, moment, lambda: os.kill(os.getpid(), signal.SIGKILL))
        built.pipeline.run_pass()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
