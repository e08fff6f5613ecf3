"""What `iblagh doctor` says of the desk's keys: whether each was lately proven, and whether one recovers all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from bot.house import House
from storage import probes
from storage.db import Transaction
from storage.sealed import RECOVERY

HOW = "`iblagh desk probe`, `desk check` where the key is, `desk proven`"


class State(NamedTuple):
    """Whether all is well, and in what words it is said."""

    well: bool
    words: str


def desk_keys(tx: Transaction, house: House, now: datetime | None = None) -> State:
    """
    A key that nobody has tried for a month may be lost, and with it every report that is sealed to it from now on.

    One that never was tried is only mentioned: it may be new today.
    """
    proven, since = probes.proofs(tx), (now or datetime.now(UTC)) - probes.GOOD_FOR
    keys = house.vault.desk_keys
    late = sorted(queue for id, queue in keys.items() if id in proven and proven[id] < since)
    never = sorted(queue for id, queue in keys.items() if id not in proven)
    said = [f"not proven for more than {probes.GOOD_FOR.days} days: {', '.join(late)}"] if late else []
    said += [f"never proven: {', '.join(never)}"] if never else []
    said = [f"{'; '.join(said)} ({HOW})"] if said else [f"all {len(keys)} proven lately"]
    said += [] if RECOVERY in keys.values() else ["no recovery key: a lost desk key is lost reports (`iblagh keys`)"]
    return State(not late, "; ".join(said))
