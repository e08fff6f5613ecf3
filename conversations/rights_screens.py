"""
What is said of a citizen's rights: the kinds of things that are held, each with its end, and never what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from conversations import follow_screens
from conversations.about import Held, Holding
from conversations.categories import CATEGORIES
from conversations.follow_screens import followed
from conversations.model import Choice, Draft, Given, Line, Ltr, Session, Step
from conversations.rights_texts import RightsText
from conversations.screens import block, line, only
from conversations.steps import FOLLOWING
from conversations.texts import Text

DAY = "%Y-%m-%d"
WRITTEN_FOR = timedelta(hours=48)  # Telegram deletes a citizen's message no later (platform.md A10)
MOST_DAYS = 30  # where an operator's own number is not known

# What a citizen may ask of what was sent, and erasing the chat itself.
RIGHTS = (
    Choice("mydata", RightsText.MY_DATA), Choice("correct", RightsText.CORRECT), Choice("object", RightsText.OBJECT), Choice("delete", RightsText.DELETE),
)  # fmt: skip
ERASE = Choice("erase", RightsText.ERASE_CHAT)
DECIDING = (Choice("erase_yes", RightsText.ERASE_YES), Choice("erase_no", RightsText.ERASE_NO))
CHAT: Mapping[str, tuple[RightsText, RightsText]] = MappingProxyType({
    "Telegram": (RightsText.CHAT_TELEGRAM, RightsText.CHAT_TELEGRAM_REST), "WhatsApp": (RightsText.CHAT_WHATSAPP, RightsText.CHAT_WHATSAPP_REST),
})  # fmt: skip

held, correcting, objecting = only(RightsText.ASK_HELD), only(RightsText.ASK_CORRECTING), only(RightsText.ASK_OBJECTING)


def days(given: Given, name: str) -> int:
    """A number of days that the operator has set."""
    return int(dict(given.facts).get(name, MOST_DAYS))


def until(given: Given, time: timedelta) -> Ltr:
    """The day on which that time is over, counted from now."""
    return Ltr(f"{given.now + time:{DAY}}")


def by(given: Given, name: str) -> Ltr:
    """By when the desk answers."""
    return until(given, timedelta(days=days(given, name)))


def holding(session: Session, found: Holding, given: Given) -> tuple[Line, ...]:
    """What is held because somebody writes here, and until when if they write no more."""
    lines = [line(RightsText.HOLDING, given), *_conversation(session, given), line(RightsText.HOLDING_NAME, given)]
    if found.written:
        lines.append(line(RightsText.HOLDING_WRITTEN, given, until=until(given, WRITTEN_FOR)))
    if found.way:
        lines.append(line(RightsText.HOLDING_WAY, given))
    lines.append(line(RightsText.HOLDING_MARKS, given))
    if found.tries:
        lines.append(line(RightsText.HOLDING_TRIES, given))
    return *block([*lines, line(RightsText.HOLDING_BACKUPS, given)]), line(_reports(session), given)


def kept(session: Session, found: Held, given: Given) -> tuple[Line, ...]:
    """What is held of the report that has been opened, and that the words themselves were asked for."""
    about = followed(session)
    head = line(RightsText.HELD, given, reference=Ltr(found.reference), until=Ltr(found.until))
    if not found.until:
        head = line(RightsText.HELD_OPEN, given, reference=Ltr(found.reference))
    counted = (
        (RightsText.HELD_FILES, found.files),
        (RightsText.HELD_ADDED, found.additions),
        (RightsText.HELD_NEWS, found.news),
    )
    lines = [head, line(RightsText.HELD_CLEAR, given), line(RightsText.HELD_SEALED, given)]
    lines += [line(RightsText.HELD_NAME, given)] if found.named else []
    lines += [line(text, given, count=count) for text, count in counted if count]
    lines += [line(RightsText.HELD_CODE, given)] if about.disclosure == "anonymous" else []
    lines += [line(RightsText.HELD_WAY, given)] if found.way else []
    lines += [line(RightsText.HELD_LINK, given)] if CATEGORIES[about.category].card_link else []
    lines += [line(RightsText.HELD_LOG, given)]
    lines += [line(RightsText.HELD_REFERRED, given)] if about.referred else []
    asked = Ltr(found.asked_until) if found.asked_until else by(given, "access_days")
    return *block(lines), line(RightsText.HELD_ASKED, given, until=asked)


def deleting(session: Session, given: Given) -> tuple[Line, ...]:
    """What would be erased, asked once; of what was passed on, what may be."""
    about = followed(session)
    texts = (RightsText.ASK_DELETING, RightsText.DELETING_MEANS)
    if about.referred:
        texts = (RightsText.ASK_DELETING_HELD, RightsText.DELETING_HELD_MEANS)
    return tuple(line(text, given, reference=Ltr(about.reference)) for text in texts)


def chat(given: Given) -> tuple[Line, ...]:
    """That the conversation is being deleted, what is left, and how to delete that."""
    done, rest = CHAT[given.channel]
    return line(done, given), line(RightsText.CHAT_REPORTS, given), line(rest, given)


def offered(session: Session) -> tuple[Choice, ...]:
    """The reports to choose from, and the way by a code where one is opened for a right."""
    opens = (Choice("code", Text.HAVE_CODE), Choice("done", Text.DONE))
    return (*follow_screens.listed(session), *(opens if session.wants else ()))


def _conversation(session: Session, given: Given) -> list[Line]:
    """The session itself: a draft, or that something was sent."""
    if writing(session):
        return [line(RightsText.HOLDING_DRAFT, given, until=by(given, "draft_days"))]
    sent = until(given, timedelta(hours=days(given, "sent_hours")))
    return [line(RightsText.HOLDING_SENT, given, until=sent)] if Step.SENT in (session.step, session.aside) else []


def _reports(session: Session) -> RightsText:
    return RightsText.HOLDING_LATER if writing(session) else RightsText.HOLDING_REPORTS


def writing(session: Session) -> bool:
    """Whether a report is being written, so that no other may be opened now."""
    base = session.aside or session.step
    return base not in FOLLOWING and base is not Step.SENT and (base is not Step.START or session.draft != Draft())
