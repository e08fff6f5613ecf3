"""Every button, pressed by everybody on every card: a press does what the card offers, by whom it is for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.card_buttons import buttons
from bot.presses import CHOICES, DEEDS
from conversations.cases import Outcome, State
from storage import incidents, work
from storage.custody import Act
from storage.db import Store, Transaction
from storage.moderators import Moderator, Role
from storage.pressing import Done, Pressed
from storage.standing import standing
from storage.tables import incidents as rows
from tests.storage_samples import HANDLING, NOW, VAULT, file, filing
from tests.test_work import OVER, SOON, at, listed, now_at

STAFF = (
    ("holder", Role.AGENT), ("agent", Role.AGENT), ("child", Role.CHILD_PROTECTION), ("lead", Role.SUPERVISOR),
    ("reader", Role.AUDITOR),
)  # fmt: skip
CHOSEN = ("ask-online", "note-wave", "refer-central-00", "close-lawful", "mute-24")
TRIED = (*DEEDS, *CHOSEN)
ANYBODYS = {"take", "mute", "mute-24", "unmute", "back"}
OTHERS = {"confirm", "keep"}  # of what is proposed
LEADS = {"release", "mute", "mute-24", "unmute", "back", "undo"}
Steps = Callable[[Transaction, int, Moderator], object]


def climbed(*states: State) -> Steps:
    def climb(tx: Transaction, number: int, who: Moderator) -> None:
        work.take(tx, at(tx, number, who), NOW)
        for state in states:
            work.climb(tx, at(tx, number, who), state, NOW, act=Act(state.value))

    return climb


def after(first: Steps, then: Steps) -> Steps:
    return lambda tx, number, who: (first(tx, number, who), then(tx, number, who))


LADDER = (State.REFERRED, State.PROSECUTOR, State.INSTRUCTED, State.RETURNED)


def closed(tx: Transaction, number: int, who: Moderator) -> None:
    work.close(tx, at(tx, number, who), Outcome.LAWFUL, NOW)


CARDS: dict[str, tuple[int, Steps]] = {
    "new": (1, lambda _tx, _number, _who: None),
    "muted": (1, lambda tx, number, who: work.mute(tx, at(tx, number, who), 24, NOW)),
    "choosing a silence": (1, lambda tx, number, who: work.show(tx, at(tx, number, who), "mute", NOW)),
    "choosing a reason": (
        1,
        after(climbed(), lambda tx, number, who: work.show(tx, at(tx, number, who), "close", NOW)),
    ),
    "proposed": (2, after(climbed(), closed)),
    "closed": (1, after(climbed(), closed)),
    "given up": (1, after(climbed(*LADDER), lambda tx, number, who: work.release(tx, at(tx, number, who), NOW))),
    **{f"{rungs} rungs up": (1, climbed(*LADDER[:rungs])) for rungs in (0, 1, 4)},
}


def offered(tx: Transaction, number: int) -> set[str]:
    """Of the keys that are tried, those on the card as it is after the minute, and those in the menus that it has."""
    row = tx.execute(incidents._with_taker().where(rows.c.number == number)).one()
    incident = incidents._incident(tx, VAULT, row)
    shown = buttons(incident, standing(tx, VAULT, incident.id, OVER), "en")
    keys = {data.split(":", 3)[3] for row in shown for _, data in row}
    return {key for key in TRIED if key in keys or ("-" in key and key.partition("-")[0] in keys)}


def done(store: Store, number: int, who: Moderator, key: str) -> bool:
    """Whether the press does something; and nothing is left of it."""
    deed, _, chosen = key.partition("-")
    with store.begin() as tx:
        pressed = Pressed(number, now_at(tx, number).version or 0, key, who)
        came = (CHOICES if chosen else DEEDS)[deed](tx, VAULT, pressed, chosen, OVER if key != "undo" else SOON)
        tx.rollback()
    return isinstance(came, Done)


@pytest.mark.parametrize("name", CARDS)
def test_a_press_does_what_the_card_offers_by_whom_it_is_for(store: Store, name: str) -> None:
    severity, steps = CARDS[name]
    with store.begin() as tx:
        staff = {who: listed(tx, who, role) for who, role in STAFF}
        handling = HANDLING.__class__(severity, link=HANDLING.link, link_until=HANDLING.link_until)
        number = file(tx, filing("confidential"), handling=handling).number
        steps(tx, number, staff["holder"])
        can, held = offered(tx, number), now_at(tx, number).taken_by is not None
        undoable = {"undo"} if now_at(tx, number).undo_until else set()
    did = {who: {key for key in TRIED if done(store, number, staff[who], key)} for who in staff}
    assert did["reader"] == set()
    assert did["child"] == did["agent"]
    assert did["holder"] | {"back"} >= can - {"confirm", "refer-central-00"}
    may = OTHERS & can if held else ANYBODYS
    assert can & may <= did["agent"] <= may
    assert did["lead"] - LEADS <= may and undoable <= did["lead"] & did["holder"]
