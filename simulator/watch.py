"""
Ends what the simulator started when the simulator itself was killed: `python -m simulator.watch`, told by its input.

A line `+123` names a process that leads a group, `-123` one that has ended; the end of the input means that nobody is
left to stop the others. Linux tells children of their parent's death (`tied`), other systems do not.
"""

from __future__ import annotations

import os
import signal
import sys
import time

PATIENCE = 8.0  # seconds between asking and killing


def main() -> None:
    """Returns when the input has ended and every named group is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    alive: set[int] = set()
    for line in sys.stdin:
        (alive.add if line[0] == "+" else alive.discard)(int(line[1:]))
    end(alive)


def end(leaders: set[int]) -> None:
    """Ask each leader to end, and kill what is left of its group in the end."""
    until = time.monotonic() + PATIENCE
    for leader in leaders:
        signal_group(leader, signal.SIGTERM, group=False)
    while any(signal_group(leader, 0) for leader in leaders) and time.monotonic() < until:
        time.sleep(0.05)
    for leader in leaders:
        signal_group(leader, signal.SIGKILL)


def signal_group(leader: int, number: int, group: bool = True) -> bool:
    """Signal a group, or its leader alone. False when nobody of that name is left."""
    try:
        (os.killpg if group else os.kill)(leader, number)
    except (ProcessLookupError, PermissionError):  # macOS: a group of zombies may not be asked
        return False
    return True


if __name__ == "__main__":
    main()
