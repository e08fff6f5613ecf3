"""How many incidents there are, for monitoring, which asks all the time: what reads every one of them is asked now and then."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from storage import gauges
from storage.db import Transaction
from storage.gauges import Standing

SHARE = 1_000  # counting takes no more than one part of so many of a process's time


class Tally:
    """
    The last count of a process. It is a thousand times as old, at most, as counting took: of a small house a second, and where
    a million reports are stored two minutes.
    """

    def __init__(self) -> None:
        self._found: Sequence[Standing] = ()
        self._until = -math.inf

    def standings(self, tx: Transaction) -> Sequence[Standing]:
        """All incidents, by state and severity; counted anew if the last count is too old."""
        began = time.monotonic()
        if began >= self._until:
            self._found = gauges.standings(tx)
            ended = time.monotonic()
            self._until = ended + SHARE * (ended - began)
        return self._found
