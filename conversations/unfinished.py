"""
What silence means. An unfinished report is forgotten, unless its writer chose that it be sent (domain.md 17).

No clock here: whoever has one asks `waits`, nudges after `NUDGE_AFTER` and turns to `abandoned` after `SENT_AFTER`.
"""

from __future__ import annotations

from datetime import timedelta

from conversations import screens
from conversations.changed import changed
from conversations.model import Choice, Given, Ltr, Say, Session, Step, Turn
from conversations.opening import sent
from conversations.say import again
from conversations.script import COMMANDS, Question
from conversations.sending import filing, without_name
from conversations.texts import Text

NUDGE_AFTER = timedelta(hours=1)
SENT_AFTER = timedelta(hours=24)


def waits(session: Session) -> bool:
    """Whether its writer chose that silence sends what is written so far."""
    return session.unfinished and session.step is not Step.SENT


def decided(session: Session, row: Question, chosen: str, given: Given) -> Turn:
    """The citizen said what silence is to mean; the question at hand stays."""
    session = changed(session, unfinished=row.decides[chosen])
    said = Text.SILENCE_SENDS if session.unfinished else Text.SILENCE_FORGETS
    return Turn(session, again(session, (screens.line(said, given),), given))


def abandoned(session: Session, given: Given) -> Turn:
    """
    A day of silence: what is there is filed if that was chosen and there is enough for a report, else forgotten.

    Anonymously, as the choice said. Nobody hears this turn.
    """
    unheard = Say(session.locale, (), last=True)
    draft = session.draft
    if not waits(session) or not draft.category or not (draft.links or draft.answer(Step.SEEN)):
        return Turn(None, unheard, releases=draft.media)
    return Turn(changed(sent(session), unfinished=True), unheard, files=filing(without_name(session)))


def learns(session: Session) -> bool:
    """Whether its writer is still to hear that silence has sent the report."""
    return session.unfinished and session.step is Step.SENT


def learnt(turn: Turn, reference: str, secret: str, given: Given) -> Turn:
    """The turn with the news in front that the report was sent: with its codes, where they are still known."""
    lines = [screens.line(Text.SENT_MEANWHILE, given)]
    if reference:
        lines.append(screens.line(Text.RECEIPT_REFERENCE, given, reference=Ltr(reference)))
    if secret:
        lines += [screens.line(Text.RECEIPT_SECRET, given, secret=Ltr(secret)), screens.line(Text.KEEP_SECRET, given)]
    session = turn.session and changed(turn.session, unfinished=turn.session.unfinished and waits(turn.session))
    news = (*lines[:1], *screens.block(lines[1:]))
    return changed(turn, session=session, say=changed(turn.say, lines=(*news, *turn.say.lines)))


def nudge(session: Session, given: Given) -> Say:
    """Neutral words that tell a stranger nothing, with the way on and the way out."""
    ways: tuple[Choice, ...] = tuple(choice for choice in COMMANDS if choice.key in ("help", "stop"))
    return Say(session.locale, (screens.line(Text.UNFINISHED, given),), commands=ways)
