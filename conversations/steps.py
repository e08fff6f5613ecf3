"""The steps of both scripts, by the names under which sessions keep them."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """Where a citizen is. Kept in sessions by name: a name that ever shipped is never used for something else."""

    START = "start"
    LINK = "link"
    SEEN = "seen"
    CATEGORY = "category"
    ENOUGH = "enough"
    DANGER = "danger"
    ACCOUNT = "account"
    LOSS = "loss"
    ONGOING = "ongoing"
    MINOR = "minor"
    PLACE = "place"
    PROVINCE = "province"
    DETAILS = "details"
    IDENTITY = "identity"
    NAME = "name"
    CONTACT = "contact"
    REVIEW = "review"
    LANGUAGE = "language"
    COPYING = "copying"
    STATUS = "status"
    SENT = "sent"
    MINE = "mine"
    CODE = "code"
    FOLLOW = "follow"
    ADDING = "adding"
    ANSWERING = "answering"
    CHANGING = "changing"
    CALLED = "called"
    REACHED = "reached"
    HELD = "held"
    CORRECTING = "correcting"
    OBJECTING = "objecting"
    DELETING = "deleting"


# Those of the second script: beside a report that was sent, never in the middle of one that is being written.
RIGHTS = frozenset({Step.HELD, Step.CORRECTING, Step.OBJECTING, Step.DELETING})
FOLLOWING = RIGHTS | {
    Step.MINE, Step.CODE, Step.FOLLOW, Step.ADDING, Step.ANSWERING, Step.CHANGING, Step.CALLED, Step.REACHED,
}  # fmt: skip
