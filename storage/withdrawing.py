"""
Files that may not stay as they are: an anonymous report's, which lead to a chat while they wait to be fetched, and those of
a report that turned out to be of another kind (docs/adr/0008-evidence.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy import text as sql

from storage.db import Transaction, hour
from storage.evidence import WANTED_FOR
from storage.sealed import RECOVERY
from storage.tables import evidence_keys, fetches, reports
from storage.vault import Vault


def forget_chats(tx: Transaction, now: datetime) -> int:
    """
    Forget from which chat the files of anonymous reports came that nobody has begun to fetch before the hour turned.

    A worker that is away would else keep for a day what we promise to forget within the hour. How many.
    """
    anonymous = exists().where(reports.c.id == fetches.c.report, reports.c.disclosure == "anonymous")
    old = (fetches.c.address.is_not(None), fetches.c.forget_at < hour(now + WANTED_FOR), anonymous)
    return tx.execute(update(fetches).where(*old).values(address=None, fresh=True)).rowcount


def hasten(tx: Transaction, refusing: Collection[str], now: datetime) -> None:
    """Let the files that are still wanted of reports of these kinds be due: their next try gives them up unread."""
    turned = exists().where(reports.c.id == fetches.c.report, reports.c.category.in_(refusing))
    waiting = (fetches.c.fault.is_(None), fetches.c.due_at > now, turned)
    tx.execute(update(fetches).where(*waiting).values(due_at=now, fresh=True))


def withdraw(tx: Transaction, vault: Vault, queues: Mapping[str, str]) -> int:
    """
    Take fetched files from desks that may not read their report's kind any more: how many keys went.

    `queues` names the desk of each kind. The server cannot wrap a file's key anew; from recovery's, which stays, the desk
    can. What another desk had carried away before stays with it.
    """
    turned = [
        reports.c.category.in_([kind for kind, its in queues.items() if its == queue])
        & evidence_keys.c.desk_key.in_([id for id, its in vault.desk_keys.items() if its not in (queue, RECOVERY)])
        for queue in sorted(set(queues.values()))
    ]
    wrong = select(sql("1")).select_from(reports).where(reports.c.id == evidence_keys.c.report, or_(*turned))
    return tx.execute(delete(evidence_keys).where(wrong.exists())).rowcount
