"""
The one door into the conversation: `advance(session, message, given) -> Turn`.

Its law: the same session, message and given make the same turn, always. A refusal leaves the session as it was. A turn is
exactly one message. Nothing is filed unless the citizen chose *send*.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conversations import codes, commands, follow_up, opening, screens
from conversations.answers import EXAMPLE_REFERENCE, misfit, read_choice
from conversations.labels import labels
from conversations.model import Before, Draft, Filing, Given, Message, Refusal, Session, Step, Turn
from conversations.path import ask, go, proceed, refused
from conversations.say import again, asked, offered
from conversations.script import LANGUAGES, Answer, Question, question
from conversations.texts import Text
from conversations.words import meant


def advance(session: Session | None, message: Message, given: Given) -> Turn:
    """
    Answer one message. `session` is None where nothing is remembered of the person.

    Never raises for anything a person sends.
    """
    if session is None:
        return opening.begin(message, given)
    if message.edited:
        return _edited(session, message, given)
    said, payload = opening.without_start(message.text)
    if not said and message.text.startswith("/start"):
        return opening.started_again(session, payload, given)
    if command := commands.read(message, session, given):
        return commands.COMMANDS[command](session, given)
    if seen := _reference(message):
        return follow_up.seek(session, seen, given)
    if session.step is not Step.STATUS and codes.looks_like_reference(message.text):
        return refused(session, Refusal(Text.REFUSE_REFERENCE, (("example", EXAMPLE_REFERENCE),)), given)
    if not question(session.step).open and meant(message.text, ("greeting",), session.locale):
        return Turn(session, again(session, (), given))
    turn = _answer(session, message, given)
    return _remember(session, message, turn)


def told(turn: Turn, state: str | None, given: Given) -> Turn:
    """Complete a turn that `seeks` a reference with the state that was found for it, None if there is none."""
    return follow_up.told(turn, state, given)


_LANGUAGES = frozenset(choice.key for choice in LANGUAGES)


def _reference(message: Message) -> str:
    return codes.read_reference(message.text, prefix=True) if not message.choice else ""


def _answer(session: Session, message: Message, given: Given) -> Turn:
    row = question(session.step)
    chosen = read_choice(message, offered(row.choices, given), session.locale, labels(given), not row.open)
    if chosen and not _shares(row, chosen):
        return _chosen(session, row, chosen, given)
    if session.step in (Step.START, Step.SENT):
        return opening.heard(session, message, given)
    answer = row.reads(message, session.draft) if row.reads else misfit(message)
    if isinstance(answer, Refusal):
        return refused(session, answer, given)
    if session.step is Step.STATUS:
        return follow_up.seek(session, str(answer), given)
    return _keep(session, row, answer, given)


def _shares(row: Question, chosen: str) -> bool:
    """The button that shares a contact answers by what it shares, not by its label."""
    return any(choice.asks for choice in row.choices if choice.key == chosen)


def _chosen(session: Session, row: Question, chosen: str, given: Given) -> Turn:
    if chosen in _LANGUAGES:
        return ask(replace(session, locale=chosen, step=session.aside or session.step, aside=None), given)
    if session.step is Step.SENT:
        return opening.another(session, given) if chosen == "another" else commands.status(session, given)
    goal = row.goes.get(chosen)
    if goal is not None:
        return _file(session, given) if goal is Step.SENT else go(session, goal, given)
    if session.step is Step.START:
        return proceed(opening.accept(session, given), given)
    return proceed(_kept(session, row.keeps, chosen) if row.keeps and not row.reads else session, given)


def _keep(session: Session, row: Question, answer: Answer, given: Given) -> Turn:
    session = _kept(session, row.keeps, answer)
    if row.gathers:
        return Turn(session, asked(session, (screens.line(Text.DETAILS_NOTED, given),), given))
    return proceed(session, given)


def _kept(session: Session, field: str, answer: Answer) -> Session:
    changes: dict[str, Any] = {field: answer}
    return replace(session, draft=replace(session.draft, **changes))


def _file(session: Session, given: Given) -> Turn:
    anonymous = session.draft.disclosure == "anonymous"
    secret = session.secret if anonymous else ""
    filing = Filing(session.reference, secret, session.locale, _told_only(session.draft), session.notice)
    say = asked(session, screens.receipt(session, given), given, last=True)
    return Turn(opening.sent(session), say, files=filing)


def _told_only(draft: Draft) -> Draft:
    """A name given before choosing to stay without one is not sent."""
    return draft if draft.disclosure == "identified" else replace(draft, name="", contact="")


def _remember(before: Session, message: Message, turn: Turn) -> Turn:
    """So that an edit of the message just answered can be answered anew."""
    if turn.session is None or turn.files or not message.number or turn.session == before:
        return turn
    kept = Before(message.number, before.step, before.draft, before.answered, before.trail)
    return replace(turn, session=replace(turn.session, before=kept))


def _edited(session: Session, message: Message, given: Given) -> Turn:
    """
    An edit of the last answer, or of what was refused since, is a new answer; an edit of anything older changes nothing.
    """
    before, fresh = session.before, replace(message, edited=False)
    if session.step is Step.SENT:
        return Turn(session, again(session, (screens.line(Text.EDIT_AFTER_SENT, given),), given))
    if before is None or _later(message.number, before.number):
        return advance(session, fresh, given)
    if message.number != before.number:
        return Turn(session, again(session, (screens.line(Text.EDIT_TOO_LATE, given),), given))
    then = replace(
        session,
        step=before.step,
        draft=before.draft,
        answered=before.answered,
        trail=before.trail,
        aside=None,
        before=None,
    )
    turn = advance(then, fresh, given)
    return turn if turn.session != then else Turn(session, again(session, turn.say.lines[:1], given))


def _later(number: str, other: str) -> bool:
    """Telegram numbers the messages of a chat upwards."""
    return number.isdecimal() and other.isdecimal() and int(number) > int(other)
