"""
What works at any step: back, stop, help, language, privacy, status, restart; by command, button or word.

A command word counts only as a whole message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from conversations import following, opening, rights, screens
from conversations.changed import changed
from conversations.fold import fold
from conversations.labels import chosen, labels
from conversations.model import Given, Message, Say, Session, Step, Turn
from conversations.path import aside, ask
from conversations.say import again, asked, over
from conversations.script import COMMANDS as CHOICES
from conversations.script import RIGHTS, SCRIPT
from conversations.steps import FOLLOWING
from conversations.texts import Text
from conversations.words import meant

KEYS = tuple(choice.key for choice in (*CHOICES, *RIGHTS))


def read(message: Message, session: Session, given: Given) -> str:
    """The command that a whole message is, or "". An answer to the question at hand goes before a command."""
    return "" if chosen(session, message, given) else named(message, session, given)


def named(message: Message, session: Session, given: Given) -> str:
    """The command that a message is which answers nothing, or ""."""
    keys = (*KEYS, screens.MORE.key) if _in_parts(session, given) else KEYS
    if message.choice:
        return message.choice if message.choice in keys else ""
    pressed = labels(given).get(fold(message.text), "")
    return pressed if pressed in keys else meant(message.text.split("@")[0], keys, session.locale)


def back(session: Session, given: Given) -> Turn:
    """To the question before; its answer and those after it are asked anew, nothing written is lost."""
    if session.aside:
        return ask(changed(session, step=session.aside, aside=None), given)
    if session.step in FOLLOWING:
        return following.back(session, given)
    if not session.trail:
        return Turn(session, again(session, (screens.line(Text.NO_BACK, given),), given))
    step = session.trail[-1]
    order = list(SCRIPT)
    undone = frozenset(order[order.index(step) :]) if step in SCRIPT else frozenset()
    return ask(changed(session, step=step, trail=session.trail[:-1], answered=session.answered - undone), given)


def stop(session: Session, given: Given) -> Turn:
    """Forget at once everything that was not sent."""
    if Step.SENT in (session.step, session.aside) or session.step in FOLLOWING:
        return nothing_to_stop(session, given)
    return Turn(
        None, Say(session.locale, (screens.line(Text.STOPPED, given),), last=True), discards=session.draft.media
    )


def nothing_to_stop(session: Session, given: Given) -> Turn:
    """There was no conversation: nothing to forget, and nothing is begun."""
    kept = changed(session, step=Step.SENT, aside=None) if Step.SENT in (session.step, session.aside) else None
    return Turn(kept, Say(session.locale, (screens.line(Text.NOTHING_TO_STOP, given),), last=True))


def help_(session: Session, given: Given) -> Turn:
    """How it works, the emergency numbers, and every command as a button."""
    return Turn(session, again(session, screens.guidance(session, given), given, commands=CHOICES))


def privacy(session: Session, given: Given) -> Turn:
    """The whole notice; in two parts where each sentence of it is said in two languages."""
    if not _in_parts(session, given):
        return Turn(session, again(session, screens.privacy(session, given), given, commands=(*CHOICES[:3], *RIGHTS)))
    lines = (*screens.notice_begins(session, given), screens.line(Text.PRIVACY_GOES_ON, given))
    return Turn(session, over(session, lines, given, commands=(screens.MORE, *CHOICES[:3])))


def more(session: Session, given: Given) -> Turn:
    """The second part of the notice."""
    return Turn(session, over(session, screens.notice_ends(given), given, commands=(*CHOICES[:3], *RIGHTS)))


def _in_parts(session: Session, given: Given) -> bool:
    return bool(screens.unchecked(session, given))


def language(session: Session, given: Given) -> Turn:
    """Choose another language; the question waits."""
    return aside(session, Step.LANGUAGE, given)


def status(session: Session, given: Given) -> Turn:
    """Ask for a reference; the question waits."""
    return aside(session, Step.STATUS, given)


def erase(session: Session, given: Given) -> Turn:
    """Have this conversation deleted, on the phone too, as far as the channel lets us."""
    return rights.erase_chat(session, given)


def claim(key: str) -> Callable[[Session, Given], Turn]:
    """Make use of a right over a report."""
    return lambda session, given: rights.begin(session, key, given)


def restart(session: Session, given: Given) -> Turn:
    """Forget the draft and begin again in the same language."""
    begun = changed(opening.fresh(session.locale, given), welcomed=True)
    lines = (screens.line(Text.RESTARTED, given), *screens.welcome(begun, given))
    return Turn(begun, asked(begun, lines, given), discards=session.draft.media)


COMMANDS: Mapping[str, Callable[[Session, Given], Turn]] = MappingProxyType({
    "back": back, "stop": stop, "help": help_, "language": language, "privacy": privacy, "status": status, "restart": restart,
    screens.MORE.key: more, "erase": erase, **{choice.key: claim(choice.key) for choice in RIGHTS},
})  # fmt: skip
