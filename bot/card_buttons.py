"""
Which buttons a card has: those that its incident's state allows, or those of the menu that is open on it.

A button's data is `2:<number>:<version>:<key>`, where the version is what a press is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from bot.card_texts import CardText
from bot.card_words import ASKING, NOTES, OUTCOMES, SERVICES, SILENCES, place
from bot.telegram_layout import WIDEST_LABEL, width
from bot.wording import sentence, translate
from conversations import router
from conversations.cases import State, is_open, may_move
from conversations.questions import asked_about
from conversations.router import Service
from storage.incidents import Incident
from storage.referring import Offer, offers
from storage.standing import Standing

Button = tuple[str, str]  # label, callback data
Rows = tuple[tuple[Button, ...], ...]
Key = tuple[str, str]  # what a press asks for, and how the button calls it

VERSION = "2"  # of our buttons: a press on one of another version is answered, and does nothing
IN_A_ROW = 2

MENUS: Mapping[str, CardText] = MappingProxyType({
    "ask": CardText.CHOOSE_QUESTION, "note": CardText.CHOOSE_NOTE, "refer": CardText.CHOOSE_SERVICE,
    "close": CardText.CHOOSE_REASON, "mute": CardText.CHOOSE_SILENCE,
})  # fmt: skip
CLIMBING = (
    (State.REFERRED, ("refer", CardText.REFER)),
    (State.PROSECUTOR, ("informed", CardText.PROSECUTOR_INFORMED)),
    (State.INSTRUCTED, ("instructed", CardText.INSTRUCTION_RECEIVED)),
    (State.RETURNED, ("returned", CardText.SENT_BACK)),
)


def buttons(incident: Incident, standing: Standing, locale: str, competent: router.Rows = router.ROWS) -> Rows:
    """The rows under a card; none where there is nothing to press."""
    if incident.merged_into:
        return ()
    if not is_open(incident.state):
        keys: Iterable[Sequence[Key]] = ()
    elif standing.proposed:
        keys = _rows((("confirm", CardText.CONFIRM), ("keep", CardText.KEEP_OPEN)), IN_A_ROW, locale)
    elif standing.menu in MENUS:
        keys = _menu(incident, standing, locale, competent)
    else:
        keys = _rows(tuple(_first(incident, standing)), IN_A_ROW, locale)
    undo = ((("undo", CardText.UNDO),),) if standing.may_undo and not standing.menu else ()
    stem = f"{VERSION}:{incident.number}:{standing.version}"
    return tuple(tuple((_label(locale, label), f"{stem}:{key}") for key, label in row) for row in (*keys, *undo))


def _first(incident: Incident, standing: Standing) -> Iterator[Key]:
    """What can be done now, the most usual first."""
    silence = ("unmute", CardText.UNMUTE) if standing.muted_until else ("mute", CardText.MUTE)
    if not incident.taken_by:
        yield "take", CardText.TAKE
        yield silence
        return
    if standing.reachable:
        yield "ask", CardText.ASK
    yield "note", CardText.NOTE
    yield from (key for state, key in CLIMBING if may_move(incident.state, state))
    yield "close", CardText.CLOSE
    yield silence
    yield "release", CardText.RELEASE


def _menu(incident: Incident, standing: Standing, locale: str, competent: router.Rows) -> Iterator[Sequence[Key]]:
    """The choices of a menu, and the way back."""
    found: Mapping[str, str]
    match standing.menu:
        case "ask":
            found = {name: ASKING[name] for name in asked_about(incident.category) if name not in standing.waiting}
        case "note":
            found = {name: label for name, label in NOTES.items() if name not in standing.remarks}
        case "close":
            found = OUTCOMES
        case "mute":
            found = SILENCES
        case _:
            offered = offers(incident.category, incident.places, competent)
            found = {offer.key: _offer(offer, locale) for offer in offered}
    choices = tuple((f"{standing.menu}-{name}", label) for name, label in found.items())
    yield from _rows(choices, len(choices) if standing.menu == "mute" else 1, locale)
    yield (("back", CardText.BACK),)


def _offer(offer: Offer, locale: str) -> str:
    """The service, and for which place, where one of several is meant."""
    service = sentence(locale, SERVICES[offer.proposal.service])
    if not offer.proposal.place or offer.proposal.service is Service.CENTRAL:
        return service
    return translate(locale, CardText.OFFER, service=service, place=place(offer.proposal.place, locale))


def _label(locale: str, label: str) -> str:
    """As a button begins, also with what stands inside a line of the card."""
    said = sentence(locale, label)
    return said[:1].upper() + said[1:]


def _rows(keys: Sequence[Key], most: int, locale: str) -> Iterator[Sequence[Key]]:
    """So many side by side, but what would be cut off there has a row of its own."""
    row: list[Key] = []
    for key in keys:
        alone = width(_label(locale, key[1])) > WIDEST_LABEL * IN_A_ROW // most
        if row and (alone or len(row) == most):
            yield row
            row = []
        row.append(key)
        if alone:
            yield row
            row = []
    if row:
        yield row
