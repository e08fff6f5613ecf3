"""
The one door into the conversation: `advance(session, message, given) -> Turn`.

Its law: the same session, message and given make the same turn, always. A refusal leaves the session as it was. A turn is
exactly one message. Nothing is filed unless the citizen chose *send*, or that silence sends it.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from conversations import (
    codes,
    commands,
    edits,
    files,
    follow_up,
    following,
    laws,
    opening,
    rights,
    screens,
    unfinished,
)
from conversations.about import Found
from conversations.answers import EXAMPLE_REFERENCE, misfit
from conversations.changed import changed
from conversations.labels import chosen
from conversations.model import Draft, Given, Message, Refusal, Say, Session, Step, Turn
from conversations.path import aside, ask, go, proceed, refused
from conversations.say import again, asked
from conversations.script import ASIDES, LANGUAGES, SCRIPT, Question, question
from conversations.sending import filing, without_name
from conversations.steps import FOLLOWING, RIGHTS
from conversations.texts import Text
from conversations.words import meant


def advance(session: Session | None, message: Message, given: Given) -> Turn:
    """
    Answer one message. `session` is None where nothing is remembered of the person.

    Never raises for anything a person sends.
    """
    if session is None:
        if message.edited:
            return opening.nothing(message, given)
        return edits.remember(None, message, laws.keep(opening.begin(message, given), message, given))
    if message.edited:
        return _edited(session, message, given)
    turn = laws.keep(_heard(session, message, given), message, given)
    return edits.remember(session, message, turn)


def told(turn: Turn, found: Found, given: Given) -> Turn:
    """Complete a turn that `seeks` something with what was found."""
    return follow_up.told(turn, found, given)


READ_REFERENCES = (Step.MINE, Step.CODE)  # where a reference is an answer, not a question
_LANGUAGES = frozenset(choice.key for choice in LANGUAGES)
_FIELDS = frozenset(field.name for field in fields(Draft))


def _heard(session: Session, message: Message, given: Given) -> Turn:
    said, payload = opening.without_start(message.text)
    if not said and message.text.startswith("/start"):
        return opening.started_again(session, payload, given)
    answer = chosen(session, message, given)
    if not answer and (command := commands.named(message, session, given)):
        return commands.COMMANDS[command](session, given)
    seen = follow_up.sought(message, session)
    if seen and session.step not in READ_REFERENCES:
        return follow_up.seek(session, seen, given)
    if (
        session.step is not Step.STATUS
        and session.step not in READ_REFERENCES
        and codes.looks_like_reference(message.text)
    ):
        return refused(session, Refusal(Text.REFUSE_REFERENCE, (("example", EXAMPLE_REFERENCE),)), given)
    if not question(session.step).open and not message.media and meant(message.text, ("greeting",), session.locale):
        return Turn(session, again(session, (), given))
    if message.media and session.step in SCRIPT:
        return _with_files(session, message, given)
    if message.media and session.step not in FOLLOWING:
        return _unwanted(session, message, given)
    return _answered(session, message, answer, given)


def _unwanted(session: Session, message: Message, given: Given) -> Turn:
    """Beside the script no file is kept, and it may be of what nobody should see: it is deleted unread."""
    turn = _answer(session, changed(message, media=()), given)
    if message.text.strip():
        turn = laws.first(turn, screens.line(Text.REFUSE_MEDIA, given))
    else:
        turn = refused(session, Refusal(Text.REFUSE_MEDIA), given)
    return changed(turn, discards=(*turn.discards, *files.unread(message)))


def _with_files(session: Session, message: Message, given: Given) -> Turn:
    """Files are welcome at any step of the script, before or after the question that names them; a caption counts as text."""
    brought = files.bring(session.draft, message)
    session = changed(session, draft=brought.draft)
    if message.text.strip() or message.links:
        turn = _answer(session, changed(message, media=()), given)
        if brought.refusal:
            turn = laws.first(turn, screens.line(brought.refusal.why, given, **dict(brought.refusal.values)))
    elif brought.refusal:
        turn = refused(session, brought.refusal, given)
    else:
        kept = screens.line(Text.FILES_KEPT, given, count=len(session.draft.media), most=files.MOST_FILES)
        turn = Turn(session, again(session, (kept,), given))
    return changed(turn, discards=brought.discards)


def _answer(session: Session, message: Message, given: Given) -> Turn:
    return _answered(session, message, chosen(session, message, given), given)


def _answered(session: Session, message: Message, answer: str, given: Given) -> Turn:
    row = question(session.step)
    if answer and not _shares(row, answer):
        return _chosen(session, row, answer, given)
    if session.step in rights.PARTS and session.about:
        return rights.said(session, message, given)
    if session.step in FOLLOWING:
        return following.said(session, message, given)
    if session.step in (Step.START, Step.SENT):
        return opening.heard(session, message, given)
    draft = row.reads(message, session.draft) if row.reads else misfit(message)
    if isinstance(draft, Refusal):
        return refused(session, draft, given)
    if session.step is Step.STATUS:
        return follow_up.seek(session, codes.read_reference(message.text), given)
    session = changed(session, draft=draft)
    return Turn(session, again(session, (), given)) if row.gathers else proceed(session, given)


def _shares(row: Question, chosen: str) -> bool:
    """The button that shares a contact answers by what it shares, not by its label."""
    return any(choice.asks for choice in row.choices if choice.key == chosen)


def _chosen(session: Session, row: Question, chosen: str, given: Given) -> Turn:
    if chosen in _LANGUAGES:
        return _spoken(session, chosen, given)
    if session.step in FOLLOWING or chosen == "notify":
        return _of_a_report(session, chosen, given)
    if session.step is Step.STATUS:
        return following.enter(session, chosen, given)
    if session.step is Step.SENT:
        return opening.another(session, given) if chosen == "another" else commands.status(session, given)
    if session.step is Step.COPYING:
        return _taught(session, chosen, given)
    if chosen in row.decides:
        return unfinished.decided(session, row, chosen, given)
    if chosen == "clear":
        return _cleared(session, given)
    if goal := row.goes.get(chosen):
        return _led(session, goal, given)
    if session.step is Step.START:  # who came by another way reads first who we are
        return proceed(opening.accept(session, given), given) if session.welcomed else ask(session, given)
    turn = proceed(changed(session, draft=_keeping(session, row, chosen)), given)
    alarm = row.alarms.get(chosen)
    return laws.first(turn, screens.line(screens.HELP_FIRST[alarm], given)) if alarm else turn


def _of_a_report(session: Session, chosen: str, given: Given) -> Turn:
    """A press that concerns a report that was sent."""
    if session.about and (session.step in RIGHTS or chosen == "mydata"):
        return rights.chosen(session, chosen, given)
    return following.chosen(session, chosen, given)


def _cleared(session: Session, given: Given) -> Turn:
    """What was told and sent at this question is taken back, and it is asked anew."""
    draft = changed(session.draft, details="", media=())
    return changed(ask(changed(session, draft=draft), given), discards=session.draft.media)


def _spoken(session: Session, locale: str, given: Given) -> Turn:
    """The question at hand in another language, and whether that language has had its native reader."""
    session = changed(session, locale=locale, step=session.aside or session.step, aside=None)
    turn = ask(session, given)
    said = () if session.step is Step.START else screens.unchecked(session, given)  # the first screen says it itself
    return changed(turn, say=changed(turn.say, lines=(*said, *turn.say.lines)))


def _led(session: Session, goal: Step, given: Given) -> Turn:
    """Where a choice itself leads: to the end, beside the path, or to another of its questions."""
    if goal is Step.SENT:
        return _file(without_name(session) if session.step is Step.ENOUGH else session, given)
    return aside(session, goal, given) if goal in ASIDES else go(session, goal, given)


def _taught(session: Session, platform: str, given: Given) -> Turn:
    """How to copy a link in that app, and back to the question."""
    session = changed(session, step=session.aside or Step.LINK, aside=None)
    return Turn(session, again(session, (screens.line(screens.COPYING[platform][1], given),), given))


def _keeping(session: Session, row: Question, chosen: str) -> Draft:
    """A choice is kept in the draft's field or among its answers; *skip* takes an earlier answer of the step away."""
    draft = session.draft
    if chosen == "skip":
        return draft.answering(session.step, "")
    if row.keeps in _FIELDS:
        changes: dict[str, Any] = {row.keeps: chosen}
        return changed(draft, **changes)
    return draft.answering(row.keeps, chosen) if row.keeps else draft


def _file(session: Session, given: Given) -> Turn:
    """Who can be reached is asked once whether news may be sent; for the others the conversation ends here."""
    sent, receipt = opening.sent(session), screens.receipt(session, given)
    if session.draft.disclosure == "anonymous":
        return Turn(sent, asked(session, receipt, given, last=True), files=filing(session))
    sent = changed(sent, about=following.just_sent(session))
    say = asked(sent, (*receipt, screens.line(Text.ASK_NOTIFY, given)), given)
    return Turn(sent, say, files=filing(session))


def _edited(session: Session, message: Message, given: Given) -> Turn:
    """
    An edit of the last answer, or of what was refused since, is a new answer; an edit of anything older changes nothing.
    """
    before, fresh = session.before, changed(message, edited=False)
    if session.step is Step.SENT:
        return Turn(session, again(session, (screens.line(Text.EDIT_AFTER_SENT, given),), given))
    if before is None or edits.later(message.number, before.number):
        return advance(session, fresh, given)
    if message.number != before.number:
        return Turn(session, again(session, (screens.line(Text.EDIT_TOO_LATE, given),), given))
    if before.said == edits.digest(message):
        return Turn(session, Say(session.locale, ()), unsaid=True)
    then = edits.restored(session, before)
    turn = advance(then, fresh, given)
    return turn if turn.session != then else Turn(session, again(session, turn.say.lines[:1], given))
