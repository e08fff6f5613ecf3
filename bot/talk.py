"""
The bot in a terminal: the same engine and words as on a channel, nothing stored. What was said can be kept as a transcript.

A transcript is what `tests/transcripts/` holds: `> ` the citizen, `< ` the bot's sentences by name, `= ` what was filed, `+ ` what was added
to a sent report or changed of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import mint, operator, settings
from bot.channel import Words
from bot.ledger import Ledger
from bot.wording import words
from conversations import engine, following, memory
from conversations.model import Contact, Filing, Given, Ltr, Media, Message, Own, Place, Say, Session, Turn
from conversations.texts import Sentence

_SPECIAL = re.compile(r"^\{(\w+)(?: ([^}]*))?\}\s?(.*)$", re.DOTALL)


def read(said: str) -> Message:
    """
    A transcript's line as a message: `{photo}`, `{contact +212…}`, `{card +212…}` of another, `{place 33.5 -7.6}`, `{press send}`, `{edit 3} words`,
    `{forward https://…}`, `{from fr}`, `{album 1 handle}` of the album 1; the rest of the line is text.
    """
    special = _SPECIAL.match(said)
    if not special:
        return Message(text=said.replace("\\n", "\n"))
    kind, value, text = special[1], special[2] or "", read(special[3])
    match kind:
        case "contact":
            return replace(text, contact=Contact(value, own=True))
        case "card":
            return replace(text, contact=Contact(value, "Somebody Else"))
        case "album":
            name, handle = value.split()
            return replace(text, album=name, media=(Media("photo", handle),))
        case "place":
            latitude, longitude = value.split()
            return replace(text, place=Place(float(latitude), float(longitude)))
        case "press":
            return replace(text, choice=value)
        case "edit":
            return replace(text, edited=True, number=value)
        case "forward":
            return replace(text, links=(value,), forwarded=True)
        case "from":
            return replace(text, language=value)
        case _:
            return replace(text, media=(Media(kind, value or "handle"),))


def told(say: Say, given: Given) -> str:
    """
    A message of ours by the names of its sentences, with the values that the conversation itself brought.
    """
    known = {"operator", "contact", "channel", *(name for name, _ in given.facts)}
    lines = " ".join(_named(line.text, [pair for pair in line.values if pair[0] not in known]) for line in say.lines)
    choices = " | ".join(choice.key for choice in say.choices)
    return f"{lines} [{choices}]" if choices else lines


def filed(filing: Filing) -> str:
    """What was filed, on one line."""
    draft = filing.draft
    parts = {
        "link": " ".join(link.canonical for link in draft.links), "category": draft.category, "disclosure": draft.disclosure,
        "details": draft.details.replace("\n", "\\n"), "answers": ",".join(f"{key}:{said}" for key, said in draft.answers),
        "files": " ".join(item.handle for item in draft.media), "name": draft.name, "contact": draft.contact, "secret": filing.secret,
    }  # fmt: skip
    return f"{filing.reference} " + " ".join(f"{name}={value}" for name, value in parts.items() if value)


def answer(session: Session | None, message: Message, given: Given, ledger: Ledger) -> Turn:
    """One turn, with the session through JSON as storage would take it; the ledger is the store's side of it."""
    kept = memory.recall(memory.remember(session)) if session else None
    if kept and kept.about:
        kept = following.refreshed(kept, ledger.reports.get(kept.about.reference))
    turn = engine.advance(kept, message, given)
    while turn.seeks:
        turn = engine.told(turn, ledger.find(turn.seeks), given)
    ledger.keep(turn)
    ledger.wrote = given.channel == "Telegram" and turn.session is not None
    return turn


def followed(turn: Turn) -> list[str]:
    """What a turn adds to a sent report and changes of it, a line each."""
    lines = []
    if turn.adds:
        added, files = turn.adds, " ".join(item.handle for item in turn.adds.media)
        parts = {
            "part": added.part if added.part != "content" else "",
            "question": added.question,
            "details": added.text.replace("\n", "\\n"),
            "files": files,
        }
        parts["link"] = " ".join(link.canonical for link in added.links)
        lines.append(f"{added.reference} " + " ".join(f"{name}={value}" for name, value in parts.items() if value))
    if turn.changes:
        change = turn.changes
        known = {
            "disclosure": change.disclosure,
            "name": change.name,
            "contact": change.contact,
            "secret": change.secret,
        }
        said = " ".join(f"{name}={value}" for name, value in known.items() if value) or f"notify={change.notify}"
        lines.append(f"{change.reference} {said}")
    if turn.claims:
        lines.append(f"{turn.claims.reference} {turn.claims.right}{' referred' if turn.claims.referred else ''}")
    return [*lines, *(["the chat is deleted"] if turn.wipes else [])]


def main() -> None:
    """Talk until the end of input; then offer to keep the conversation as a transcript."""
    spoken = _voice()
    session: Session | None = None
    ledger = Ledger()
    kept: list[str] = []
    click.echo("You are the citizen. Ctrl-D ends.", err=True)
    for said in _lines():
        given = mint.given(spoken, "telegram", datetime.now(UTC))
        turn = answer(session, replace(read(said), number=str(len(kept) + 1)), given, ledger)
        session = turn.session
        click.echo(_shown(words(turn.say)))
        kept += [f"> {said}", f"< {told(turn.say, given)}", *([f"= {filed(turn.files)}"] if turn.files else [])]
        kept += [f"+ {line}" for line in followed(turn)]
    _offer(kept)


def _voice() -> mint.Voice:
    """The environment's operator and languages, or an example's: talking needs no keys."""
    decided = operator.read(settings.one("IBLAGH_OPERATOR"))
    name, contact = settings.one("OPERATOR_NAME"), settings.one("OPERATOR_CONTACT")
    facts = mint.facts(decided, settings.one("CARD_LINK_DAYS"), settings.one("BACKUP_DAYS"))
    return mint.Voice(settings.one("LANGUAGES"), name or "Example", contact or "desk@example.org", facts)


def _shown(said: Words) -> str:
    commands = " · ".join(command.label for command in said.commands)
    choices = (f"  {line}" for line in said.explained())
    return "\n".join([said.text, *choices, *([commands] if commands else [])])


def _lines() -> Iterable[str]:
    while True:
        try:
            yield input("> ")
        except EOFError:
            return


def _offer(kept: list[str]) -> None:
    if not kept:
        return
    path = click.prompt("\nKeep this conversation as a transcript? File name, or empty for no", default="", err=True)
    if path:
        Path(path).write_text("\n".join(kept) + "\n", encoding="utf-8")


def _named(text: Sentence, values: list[tuple[str, object]]) -> str:
    shown = ",".join(f"{name}={_value(value)}" for name, value in values)
    return f"{text.name}({shown})" if shown else text.name


def _value(value: object) -> str:
    if isinstance(value, Sentence):
        return value.name
    return str(value).replace("\n", "\\n") if isinstance(value, Ltr | Own | int) else ""
