"""
What a card says: one incident, calmly, in the moderators' language; and the buttons that fit how far it is.

A card speaks of an incident by its number. It never holds a reference, a name of a citizen, a phone or their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import reduce
from typing import NamedTuple

from bot.card_buttons import MENUS, Button, buttons
from bot.card_texts import CardText
from bot.card_words import LANGUAGES, NAMES, NOTES, OUTCOMES, SERVICES, SEVERITIES, STATES, place
from bot.wording import sentence, translate
from conversations.cases import State, is_open
from conversations.categories import CATEGORIES
from conversations.model import Ltr, Own, Value
from conversations.router import ROWS, Rows
from storage.incidents import Incident
from storage.standing import Standing

FRESH = Standing()


class Card(NamedTuple):
    """One card as a group is to see it. `quiet`: nobody's phone rings for what is of normal severity."""

    text: str
    buttons: tuple[tuple[Button, ...], ...]  # rows of (label, callback data)
    quiet: bool


def card(incident: Incident, locale: str, standing: Standing = FRESH, competent: Rows = ROWS) -> Card:
    """What a group reads about an incident, and what can be pressed."""
    head, facts = _head(incident, locale), () if incident.merged_into else _facts(incident, locale)
    parts = map(tuple, (head, facts, _work(incident, standing, locale)))
    text = "\n\n".join("\n".join(lines) for lines in parts if lines)
    return Card(text, buttons(incident, standing, locale, competent), quiet=incident.severity == 0)


def _head(incident: Incident, locale: str) -> Iterator[str]:
    severity = translate(locale, SEVERITIES[incident.severity])
    yield translate(locale, CardText.HEAD, number=str(incident.number), severity=severity)
    yield translate(locale, CardText.CATEGORY, category=CATEGORIES[incident.category].label)


def _facts(incident: Incident, locale: str) -> Iterator[str]:
    """What is known of the reports, none of it about a person."""
    counts = (incident.reports, incident.anonymous, incident.reports - incident.anonymous)
    named = dict(zip(("count", "anonymous", "reachable"), map(str, counts), strict=True))
    yield translate(locale, CardText.REPORTS, **named)
    yield _came(incident.first_at, incident.last_at, locale)
    spoken = {Own(LANGUAGES.get(tag, tag)): count for tag, count in incident.languages.items()}
    yield translate(locale, CardText.SPOKEN, languages=_spread(spoken.items(), incident, locale))
    channels = {Ltr(NAMES.get(name, name)): count for name, count in incident.channels.items()}
    yield translate(locale, CardText.CHANNELS, channels=_spread(channels.items(), incident, locale))
    if incident.places and is_open(incident.state):
        places = {place(key, locale): count for key, count in incident.places.items()}
        yield translate(locale, CardText.PLACES, places=_spread(places.items(), incident, locale))
    if incident.platform in NAMES:
        yield translate(locale, CardText.PLATFORM, platform=Ltr(NAMES[incident.platform]))
    if incident.link and CATEGORIES[incident.category].card_link and is_open(incident.state):
        yield translate(locale, CardText.LINK, link=Ltr(incident.link))
    if incident.earlier:
        yield translate(locale, CardText.EARLIER, earlier=str(incident.earlier))


def _work(incident: Incident, standing: Standing, locale: str) -> Iterator[str]:
    """How far the moderators are with it, and at last what an open menu asks."""
    if incident.merged_into:
        yield translate(locale, CardText.MERGED, into=str(incident.merged_into))
        return
    yield _state(incident, standing, locale)
    if standing.service in SERVICES:
        yield translate(locale, CardText.REFERRED_TO, service=sentence(locale, SERVICES[standing.service]))
    if incident.taken_by and is_open(incident.state):
        yield translate(locale, CardText.TAKEN, name=Own(incident.taken_by))
    if standing.muted_until and is_open(incident.state):
        yield translate(locale, CardText.MUTED, until=_moment(standing.muted_until, "%Y-%m-%d %H:%M"))
    if standing.asked:
        asked = {"asked": str(standing.asked), "answered": str(standing.answered)}
        yield translate(locale, CardText.QUESTIONS, **asked)
    if standing.answered:
        yield translate(locale, CardText.READ_AT_DESK)
    if standing.remarks:
        yield translate(locale, CardText.NOTES, notes=listed((NOTES[name] for name in standing.remarks), locale))
    if standing.proposed and is_open(incident.state):
        why = translate(locale, OUTCOMES[standing.proposed])
        yield translate(locale, CardText.PROPOSED, name=Own(standing.proposed_by), outcome=why)
    if standing.menu in MENUS and is_open(incident.state):
        yield "\n" + translate(locale, MENUS[standing.menu])


def _state(incident: Incident, standing: Standing, locale: str) -> str:
    state = State(incident.state)
    if state is State.CLOSED and standing.outcome in OUTCOMES:
        return translate(locale, CardText.CLOSED, outcome=translate(locale, OUTCOMES[standing.outcome]))
    return translate(locale, STATES[state])


def _came(first: datetime, last: datetime, locale: str) -> str:
    """Days and hours: nothing finer is kept of what citizens do. The day once, where it is the same."""
    if first == last:
        return translate(locale, CardText.CAME, first=_moment(first))
    same_day = first.astimezone(UTC).date() == last.astimezone(UTC).date()
    until = _moment(last, "%H:00") if same_day else _moment(last)
    return translate(locale, CardText.CAME_FROM_TO, first=_moment(first), last=until)


def _moment(at: datetime, shape: str = "%Y-%m-%d %H:00") -> Ltr:
    return Ltr(f"{at.astimezone(UTC):{shape}}")


def _spread(named: Iterable[tuple[Value | str, int]], incident: Incident, locale: str) -> Value | str:
    """Each with how many reports; the name alone where it is the same of all."""
    found = tuple(named)
    alone = [name for name, count in found if count == incident.reports]
    return alone[0] if alone else counted(found, locale)


def counted(named: Iterable[tuple[Value | str, int]], locale: str, most: int = 5) -> str:
    """Names with how many of each, the most first: "Rabat 3, Fès 2"."""
    ordered = sorted(named, key=lambda pair: -pair[1])[:most]
    return joined([translate(locale, CardText.COUNTED, name=name, count=str(count)) for name, count in ordered], locale)


def listed(texts: Iterable[CardText], locale: str) -> str:
    """Sentences of ours in a row."""
    return joined([translate(locale, text) for text in texts], locale)


def joined(words: Sequence[str], locale: str) -> str:
    return reduce(lambda row, word: translate(locale, CardText.AND, list=row, next=word), words) if words else ""
