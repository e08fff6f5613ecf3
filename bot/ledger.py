"""
What a conversation in a terminal, or in a transcript, has filed so far: the store's side of following, in memory.

It answers queries and takes additions and changes as the store does, for one person; the desk's moves are told to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from conversations.about import About, Addition, Change, Claim, Found, Held, Holding, Query, Right, Seek, TooMany
from conversations.cases import State
from conversations.categories import handled_as
from conversations.model import Filing, Turn

TRIES = 5


@dataclass
class Ledger:
    """The reports by reference, the codes that open them, what was added, and how often a code did not fit."""

    reports: dict[str, About] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    added: list[Addition] = field(default_factory=list)
    tries: int = 0
    wrote: bool = False  # something whose number is remembered, so that it can be deleted

    def keep(self, turn: Turn) -> None:
        """What a turn files, adds and changes."""
        if turn.files:
            self.file(turn.files)
        if turn.adds:
            self._add(turn.adds)
        if turn.changes:
            self._change(turn.changes)
        if turn.claims:
            self._claim(turn.claims)

    def file(self, filing: Filing) -> None:
        draft, reference = filing.draft, filing.reference
        day, _, time = filing.notice.partition(" ")[2].partition("T")  # of the notice, which was accepted just before
        hour = f"{day} {time[:2]}:00"
        self.reports[reference] = About(reference, State.RECEIVED, handled_as(draft).key, draft.disclosure, hour)
        self.secrets[reference] = filing.secret

    def find(self, query: Query) -> Found:
        """What the store would find."""
        about = self.reports.get(query.reference)
        match query.seeks:
            case Seek.STATE:
                return about.state if about else None
            case Seek.MINE:
                return tuple(one for one in self.reports.values() if one.disclosure != "anonymous")
            case Seek.OWN:
                return about if about and about.disclosure != "anonymous" else None
            case Seek.HOLDING:
                theirs = tuple(one for one in self.reports.values() if one.disclosure != "anonymous")
                return Holding(theirs, way=bool(theirs), written=self.wrote, tries=self.tries > 0)
            case Seek.HELD:
                return self._held(self.reports[query.reference])
        return self._opened(query, about)

    def asks(self, reference: str, template: str) -> None:
        """The desk asks its reporter."""
        self.reports[reference] = replace(self.reports[reference], question=template)

    def loses(self, reference: str, count: str) -> None:
        """So many of its files did not arrive."""
        self.reports[reference] = replace(self.reports[reference], lost=int(count))

    def moves(self, reference: str, state: str, outcome: str = "") -> None:
        """The desk moves it."""
        referred = self.reports[reference].referred or state == State.REFERRED
        self.reports[reference] = replace(
            self.reports[reference], state=State(state), outcome=outcome, referred=referred
        )

    def _opened(self, query: Query, about: About | None) -> Found:
        if self.tries >= TRIES:
            return TooMany()
        if about and query.secret == self.secrets.get(query.reference):
            return about
        self.tries += 1
        return None

    def _add(self, addition: Addition) -> None:
        self.added.append(addition)
        if addition.question:
            self.asks(addition.reference, "")

    def _held(self, about: About) -> Held:
        """A year from the report, where nothing else is known."""
        added = sum(one.reference == about.reference for one in self.added)
        until = "" if about.referred else f"{int(about.hour[:4]) + 1}{about.hour[4:10]}"
        way = about.disclosure != "anonymous"
        return Held(about.reference, until, about.disclosure == "identified", 0, added, way, int(bool(about.question)))

    def _claim(self, claim: Claim) -> None:
        """What was passed on is parted from who wrote it, and opens to nobody any more."""
        if claim.right is not Right.ERASURE:
            return
        about = self.reports.pop(claim.reference)
        self.secrets.pop(claim.reference)
        if claim.referred:
            self.reports[claim.reference] = replace(about, disclosure="anonymous", notify=False)
            self.secrets[claim.reference] = ""

    def _change(self, change: Change) -> None:
        about = self.reports[change.reference]
        if change.disclosure:
            self.reports[change.reference] = replace(about, disclosure=change.disclosure)
            self.secrets[change.reference] = change.secret
        else:
            self.reports[change.reference] = replace(about, notify=change.notify)
