"""
How a conversation begins, and begins again: nothing that the first message held is lost (domain.md 17).
"""

from __future__ import annotations

from conversations import codes, commands, files, follow_up, identity_number
from conversations.alarms import alarm
from conversations.answers import LONGEST_DETAILS, misfit, read_choice
from conversations.categories import CATEGORIES
from conversations.changed import changed
from conversations.fold import clean
from conversations.labels import labels
from conversations.links import find_links
from conversations.locale import guess
from conversations.model import Choice, Draft, Given, Message, Session, Step, Turn
from conversations.path import ask, proceed, refused
from conversations.say import again
from conversations.screens import line
from conversations.texts import Text
from conversations.words import meant

STORY = 3  # words: fewer are a greeting or a mistyped command, not an account of something
EMPTY = Draft()
SEND = (Choice("send", Text.SEND),)


def begin(message: Message, given: Given) -> Turn:
    """Answer the first message: the first screen, in the language that fits, with what the message held kept."""
    session = fresh(guess(message, given), given)
    command = commands.read(message, session, given)
    if command == "stop":
        return commands.nothing_to_stop(session, given)
    if command and command not in ("back", "restart"):
        return commands.COMMANDS[command](session, given)
    said, payload = without_start(message.text)
    about = changed(message, text=said or payload.removeprefix("ref_"))
    if seen := follow_up.sought(about, session):
        return follow_up.seek(session, seen, given)
    told = alarm(said)
    session = changed(
        session, draft=first_draft(changed(message, text=said), payload), warned=frozenset({told} if told else ())
    )
    brought = files.bring(session.draft, message) if message.media else files.Brought(session.draft)
    return changed(ask(changed(session, draft=brought.draft), given), discards=brought.discards)


def nothing(message: Message, given: Given) -> Turn:
    """An edit of what was forgotten: somebody may be clearing their chat. Nothing is begun, nothing is kept."""
    return commands.nothing_to_stop(fresh(guess(message, given), given), given)


def fresh(locale: str, given: Given) -> Session:
    """A new conversation with its codes already minted."""
    return Session(Step.START, locale, given.reference, given.secret)


def first_draft(message: Message, payload: str = "") -> Draft:
    """What the first message already tells: links, a story, the kind of content a deep link names."""
    said = identity_number.blanked(clean(message.text))[:LONGEST_DETAILS]
    links = find_links(message.text, message.links)
    told = len(said.split()) > (STORY if links else STORY - 1) and not meant(said, ("greeting",), "")
    return Draft(links=links, details=said if told else "", category=_preset(payload))


def _preset(payload: str) -> str:
    """The kind of content that a deep link names."""
    preset = payload.removeprefix("cat_")
    return preset if preset in CATEGORIES else ""


def accept(session: Session, given: Given) -> Session:
    """The notice was on the screen and the citizen went on: remember which one and when (Law 09-08)."""
    return session if session.notice else changed(session, notice=f"{given.notice} {given.now.isoformat()[:16]}Z")


def another(session: Session, given: Given, draft: Draft = EMPTY) -> Turn:
    """A new report that keeps language and notice: straight to its first question."""
    begun = changed(fresh(session.locale, given), notice=session.notice, draft=draft)
    return proceed(accept(begun, given), given)


def heard(session: Session, message: Message, given: Given) -> Turn:
    """
    Words instead of a press on the first screen, or after sending.

    A link goes on at once: the notice was there to read. A story is kept and the press is still needed.
    """
    told = first_draft(message)
    if session.step is Step.SENT:
        return another(session, given, told) if told.links else _after_sending(session, message, given)
    draft = session.draft
    if told.links:
        together = changed(draft, links=told.links, details=told.details or draft.details)
        session = changed(session, draft=together)
        return proceed(accept(session, given), given) if session.welcomed else ask(session, given)
    if not told.details:
        return refused(session, misfit(message), given)
    added = f"{draft.details}\n{told.details}".strip()[:LONGEST_DETAILS]
    session = changed(session, draft=changed(draft, details=added))
    return Turn(session, again(session, (line(Text.KEPT_FIRST, given),), given))


def _after_sending(session: Session, message: Message, given: Given) -> Turn:
    """
    Who says "send" once more never saw the receipt: it was sent. Who writes on believes that it belongs to what was sent:
    say that it does not, and how it would.
    """
    if read_choice(message, SEND, session.locale, labels(given), numbered=False):
        return ask(session, given)
    return Turn(session, again(session, (line(Text.NOT_ADDED, given),), given))


def started_again(session: Session, payload: str, given: Given) -> Turn:
    """Start pressed in the middle: what the deep link asks for, else the question at hand once more."""
    if seen := codes.read_reference(payload.removeprefix("ref_"), prefix=True):
        return follow_up.seek(session, seen, given)
    preset = _preset(payload)
    if preset and session.step is Step.SENT:
        return another(session, given, Draft(category=preset))
    if preset and session.step is Step.START:
        session = changed(session, draft=changed(session.draft, category=preset))
    return ask(session, given)


def sent(session: Session) -> Session:
    """What is remembered after sending: that something was sent, the language and the notice. Nothing else."""
    return Session(Step.SENT, session.locale, "", "", notice=session.notice)


def without_start(said: str) -> tuple[str, str]:
    """A deep link arrives as "/start payload" (platform.md A13); the payload is not the citizen's words."""
    words = said.split(maxsplit=1)
    if words and words[0].split("@")[0] == "/start":
        return "", words[1].strip()[:64] if len(words) > 1 else ""
    return said, ""
