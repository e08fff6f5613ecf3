"""
What moderators do with an incident from its card: each press is a compare-and-set on the version that the card showed.

Of two who press at once the first has it, and the other is told. The last press again, as Telegram may bring it, is told
the same and changes nothing. For one minute a decision can be undone (`undoing.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from conversations.cases import Outcome, Refused, State, is_open, move
from conversations.categories import Severity
from conversations.questions import may_ask
from storage import cases, custody, moderators, notices, places, reaching, referrals, undoing
from storage.custody import Act
from storage.db import Transaction
from storage.lapsing import MENU
from storage.pressing import Case, Done, Pressed, decided, opened, written
from storage.referring import offers
from storage.standing import gravity
from storage.vault import Vault

EYES = 2  # of whom one proposes to close what is critical, and another confirms
MENUS = ("ask", "note", "refer", "close", "mute")


def take(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    """Take an incident that nobody holds; what was given up further up the ladder goes on from there."""
    case = opened(tx, pressed)
    if not isinstance(case, Case):
        return case
    if case.holder is not None:
        return Refused.NOT_THE_HOLDER
    if not is_open(case.state):
        return Refused.NO_SUCH_MOVE
    state = State.ANALYSIS if case.state is State.RECEIVED else case.state
    return decided(tx, case, pressed, Act.TAKEN, now, state=state, incident={"taken_by": pressed.moderator.id})


def release(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    """Give an incident up, or as a supervisor take it from who holds it: it is anyone's again."""
    case = _held(tx, pressed, supervised=True)
    if not isinstance(case, Case):
        return case
    if case.holder is None:
        return Refused.NO_SUCH_MOVE
    state = State.RECEIVED if case.state is State.ANALYSIS else case.state
    return decided(tx, case, pressed, Act.RELEASED, now, state=state, incident={"taken_by": None})


def show(tx: Transaction, pressed: Pressed, menu: str, now: datetime) -> Done | Refused:
    """Let the card show the buttons of a menu, or with "" its first ones. What can be undone still can."""
    case = _unmuting(tx, pressed) if menu in ("", "mute") else _held(tx, pressed)
    if not isinstance(case, Case):
        return case
    if (case.row.menu or "") == menu:
        return Refused.NO_SUCH_MOVE
    written(tx, case, pressed, "shown", {}, {"menu": menu or None, "menu_until": now + MENU if menu else None})
    return Done("shown", case.row.card_group)


def note(tx: Transaction, pressed: Pressed, remark: str, now: datetime) -> Done | Refused:
    """Put one of the fixed notes on the card; there twice is there once."""
    case = _held(tx, pressed)
    if not isinstance(case, Case):
        return case
    remarks = [*(known for known in case.row.remarks if known != remark), remark]
    return decided(tx, case, pressed, Act.NOTED, now, detail=remark, work={"remarks": remarks})


def ask(tx: Transaction, pressed: Pressed, template: str, now: datetime) -> Done | Refused:
    """Ask the incident's reporters a question, without learning who they are. They hear of it when the minute is over."""
    case = _held(tx, pressed)
    if not isinstance(case, Case):
        return case
    if not may_ask(case.row.category, template):
        return Refused.NO_SUCH_MOVE
    if not cases.reachable(tx, case.id):
        return Refused.NOBODY_TO_ASK
    if not cases.put(tx, case.id, template, now):
        return Refused.NO_SUCH_MOVE
    return decided(tx, case, pressed, Act.ASKED, now, detail=template)


def climb(
    tx: Transaction, pressed: Pressed, target: State, now: datetime, *, act: Act, detail: str = ""
) -> Done | Refused:
    """A step up the referral ladder, or back from it, by who holds the incident."""
    case = _held(tx, pressed)
    if not isinstance(case, Case):
        return case
    state = move(case.state, target, holds=True)
    return state if isinstance(state, Refused) else decided(tx, case, pressed, act, now, detail=detail, state=state)


def refer(tx: Transaction, vault: Vault, pressed: Pressed, chosen: str, now: datetime) -> Done | Refused:
    """Refer an incident to the service that a person chose among what was offered; the record of it is the desk's."""
    case = _held(tx, pressed)
    if not isinstance(case, Case):
        return case
    if isinstance(state := move(case.state, State.REFERRED, holds=True), Refused):
        return state
    counted = places.total(places.opened(vault, case.id, case.row.places))
    offered = offers(case.row.category, counted, pressed.competent)
    proposal = next((offer.proposal for offer in offered if offer.key == chosen), None)
    if proposal is None:
        return Refused.STALE
    done = decided(tx, case, pressed, Act.REFERRED, now, detail=proposal.service.value, state=state)
    actor, first = str(pressed.moderator.id), offered[0].proposal.service.value
    referrals.put(tx, vault, case.id, proposal, now, actor=actor, proposed=first)
    return done


def mute(tx: Transaction, pressed: Pressed, hours: int, now: datetime) -> Done | Refused:
    """No message about the incident for so long, but for what is more severe; its card is still kept current."""
    case = _unmuting(tx, pressed)
    if not isinstance(case, Case):
        return case
    silence = {
        "muted_until": now + timedelta(hours=hours),
        "muted_severity": gravity(case.row.category, case.row.severity),
    }
    return decided(tx, case, pressed, Act.MUTED, now, detail=str(hours), work=silence)


def unmute(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    """End the silence."""
    case = _unmuting(tx, pressed)
    if not isinstance(case, Case):
        return case
    if case.row.muted_until is None:
        return Refused.NO_SUCH_MOVE
    return decided(tx, case, pressed, Act.UNMUTED, now, work={"muted_until": None, "muted_severity": None})


def close(tx: Transaction, pressed: Pressed, outcome: Outcome, now: datetime) -> Done | Refused:
    """Close an incident for a reason; what is critical is only proposed, where a second person is there to confirm it."""
    case = _held(tx, pressed)
    if not isinstance(case, Case):
        return case
    if isinstance(state := move(case.state, State.CLOSED, holds=True), Refused):
        return state
    if case.row.severity == Severity.CRITICAL and moderators.eligible(tx, case.row.card_group) >= EYES:
        proposal = {"proposed": outcome.value, "proposed_by": pressed.moderator.id}
        return decided(tx, case, pressed, Act.PROPOSED, now, detail=outcome.value, work=proposal)
    return _closed(tx, case, pressed, Act.CLOSED, outcome.value, now)


def confirm(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    """Close what somebody else proposed to close."""
    case = _proposed(tx, pressed)
    if not isinstance(case, Case):
        return case
    if case.row.proposed_by == pressed.moderator.id:
        return Refused.SECOND_PERSON
    return _closed(tx, case, pressed, Act.CONFIRMED, case.row.proposed, now)


def keep_open(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    """Do not close what was proposed to be closed; who proposed it may think better of it, too."""
    case = _proposed(tx, pressed)
    if not isinstance(case, Case):
        return case
    return decided(tx, case, pressed, Act.KEPT_OPEN, now, work={"proposed": None, "proposed_by": None})


def undo(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    """Take the last decision back within its minute: by who made it, or a supervisor. No notice of it leaves."""
    case = opened(tx, pressed)
    if not isinstance(case, Case):
        return case
    before = case.row.before
    if before is None or case.row.undo_until <= now:
        return Refused.TOO_LATE
    if before["by"] != str(pressed.moderator.id) and not pressed.moderator.supervises:
        return Refused.NOT_YOURS
    if not is_open(case.state) and undoing.superseded(tx, pressed.number):
        return Refused.REOPENED
    made = datetime.fromisoformat(before["at"])
    incident, work = undoing.restored(before)
    written(tx, case, pressed, Act.UNDONE, incident, {"before": None, "undo_until": None, **work})
    if incident["state"] != case.state:
        reaching.undone(tx, case.id, State(incident["state"]), now)
    undoing.unasked(tx, case.id, before["detail"], made)
    referrals.withdraw(tx, case.id, made)
    notices.withdraw(tx, case.id, made)
    custody.add(tx, case.id, Act.UNDONE, now, actor=str(pressed.moderator.id), detail=before["act"])
    return Done(Act.UNDONE, case.row.card_group)


def _closed(tx: Transaction, case: Case, pressed: Pressed, act: Act, outcome: str, now: datetime) -> Done:
    gone: Mapping[str, Any] = {"proposed": None, "proposed_by": None}
    return decided(
        tx, case, pressed, act, now, detail=outcome, state=State.CLOSED, incident={"outcome": outcome}, work=gone
    )


def _held(tx: Transaction, pressed: Pressed, *, supervised: bool = False) -> Case | Done | Refused:
    """The case, if the presser holds it and no closing waits for a second person."""
    case = opened(tx, pressed)
    if not isinstance(case, Case):
        return case
    if not is_open(case.state) or case.row.proposed:
        return Refused.NO_SUCH_MOVE
    if case.holder != pressed.moderator.id and not (supervised and pressed.moderator.supervises):
        return Refused.NOT_THE_HOLDER
    return case


def _unmuting(tx: Transaction, pressed: Pressed) -> Case | Done | Refused:
    """The case, for what anybody may do while nobody holds it."""
    case = opened(tx, pressed)
    if not isinstance(case, Case):
        return case
    if not is_open(case.state) or case.row.proposed:
        return Refused.NO_SUCH_MOVE
    theirs = case.holder in (None, pressed.moderator.id) or pressed.moderator.supervises
    return case if theirs else Refused.NOT_THE_HOLDER


def _proposed(tx: Transaction, pressed: Pressed) -> Case | Done | Refused:
    case = opened(tx, pressed)
    if not isinstance(case, Case):
        return case
    return case if is_open(case.state) and case.row.proposed else Refused.NO_SUCH_MOVE
