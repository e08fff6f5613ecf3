"""
Transcripts: conversations as data. `> ` the citizen, `< ` the bot's sentences by name, `= ` what was filed,
`- ` the files to be deleted unread, `+ ` what was added to a sent report or changed of it, `! ` what the desk does or that
we restart, `~ ` a day in which nobody writes. A bare `<` is silence: an album's later pictures, an edit that changes nothing.

A file is one conversation. Its `@` line may set channel, locale and languages; between any two lines the session goes
through JSON. `UPDATE=1 pytest` writes what was said; the diff is the review.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import mint, operator, talk
from bot.drafts import unchecked
from bot.ledger import Ledger
from bot.wording import sentence
from conversations import codes, memory, unfinished
from conversations.model import Filing, Given, Message, Session, Turn

RESTARTS = "! restarts"
TRANSCRIPTS = Path(__file__).parent / "transcripts"
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FACTS = mint.facts(operator.read(), 30, 30)


def given(number: int = 1, channel: str = "Telegram", languages: tuple[str, ...] = ("ar", "fr", "en", "es")) -> Given:
    """The values of the turn with this number: the same number makes the same codes."""
    return Given(
        now=MOMENT,
        drawn=number << codes.SECRET_BITS | number,
        languages=languages,
        operator="Example",
        operator_contact="desk@example.org",
        channel=channel,
        facts=FACTS,
        unchecked=unchecked(languages),
        label=sentence,
    )


@dataclass
class Talk:
    """One conversation under way."""

    channel: str = "Telegram"
    language: str = "en"
    languages: tuple[str, ...] = ("ar", "fr", "en", "es")
    session: Session | None = None
    said: int = 0
    first: int = 1  # the number that the first turn's codes are made of
    unheard: Filing | None = None  # what silence has filed
    silent: bool = False  # whether nothing was answered to the last message
    albums: set[str] = field(default_factory=set)  # those that were answered

    def __post_init__(self) -> None:
        self.ledger = Ledger()

    def say(self, message: Message | str) -> Turn:
        """One message and its turn."""
        self.said += 1
        message = talk.read(message) if isinstance(message, str) else message
        if not message.edited:
            message = replace(message, number=str(self.said))
        if not message.language:
            message = replace(message, language=self.language)
        before = self.session
        turn = talk.answer(before, message, self.given, self.ledger)
        if before and unfinished.learns(before) and self.unheard:
            turn = unfinished.learnt(turn, self.unheard.reference, self.unheard.secret, self.given)
        self.session = turn.session
        self.silent = turn.unsaid or self._told_before(message, before, turn)
        return turn

    def _told_before(self, message: Message, before: Session | None, turn: Turn) -> bool:
        """Whether an album's first picture had this answer; the doors' own rule is in `bot/albums.py`."""
        told = message.album in self.albums
        self.albums |= {message.album} - {""}
        return told and before is not None and turn.session is not None and turn.session.step is before.step

    def silence(self) -> Filing | None:
        """A day without a word, for who chose what it means; what was filed."""
        kept = memory.recall(memory.remember(self.session)) if self.session else None
        if kept is None or not unfinished.waits(kept):
            return None
        turn = unfinished.abandoned(kept, self.given)
        self.session, self.unheard = turn.session, turn.files
        if turn.files:
            self.ledger.file(turn.files)
        return turn.files

    @property
    def given(self) -> Given:
        return given(self.first - 1 + max(self.said, 1), self.channel, self.languages)


def desk(ledger: Ledger, verb: str, reference: str, *what: str) -> None:
    """`! asks IB-… account`, `! moves IB-… closed lawful`, or `! loses IB-… 2`: so many files did not arrive."""
    deeds: dict[str, Callable[..., None]] = {"asks": ledger.asks, "moves": ledger.moves, "loses": ledger.loses}
    deeds[verb](reference, *what)


def replay(path: Path) -> str:
    """The transcript as the conversation goes today."""
    lines, spoken = path.read_text(encoding="utf-8").splitlines(), Talk()
    written: list[str] = []
    for line in lines:
        if line.startswith("@ "):
            spoken = settings_of(line)
        if line.startswith("> "):
            turn = spoken.say(line[2:])
            written += [line, "<" if spoken.silent else f"< {talk.told(turn.say, spoken.given)}"]
            written += [f"= {talk.filed(turn.files)}"] if turn.files else []
            written += [f"+ {said}" for said in talk.followed(turn)]
            written += [f"- {' '.join(item.handle for item in turn.discards)}"] if turn.discards else []
        elif line.startswith("~ "):
            filed = spoken.silence()
            written += [line, *([f"= {talk.filed(filed)}"] if filed else [])]
        elif line.startswith("! "):
            if line != RESTARTS:  # between any two lines the session goes through JSON anyway
                desk(spoken.ledger, *line[2:].split())
            written.append(line)
        elif not line.startswith(("<", "= ", "- ", "+ ")):
            written.append(line)
    return "\n".join(written) + "\n"


def settings_of(line: str) -> Talk:
    """The conversation that an `@` line describes."""
    known = dict(pair.split("=") for pair in line[2:].split())
    languages = tuple(known.get("languages", "ar,fr,en,es").split(","))
    return Talk(known.get("channel", "Telegram"), known.get("language", "en"), languages)
