"""
The chains of custody at the desk: whether each is whole, what it says of a report, and whether the report is what it names.

A parcels file may hold more chains than fit into memory: their places and digests are remembered, the rest is read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from bot.desk_words import name, words
from storage.custody_chain import Broken, Chain, broken
from storage.custody_digests import of_exhibit, of_part
from storage.parcels import SealedReport, chain_at, chains

ERASED = "erased"  # the act after which a parcel may be missing
MOST_GENERAL = 200  # entries shown with each report though they are of its whole incident; the newest
SHORT = 16  # hex digits by which a page names a digest or an actor


class Log:
    """All chains of one parcels file. Raises OSError or `NotWhole`."""

    def __init__(self, parcels: Path) -> None:
        self._parcels = parcels
        self._places: dict[int, int] = {}
        self._wrong: dict[int, list[Broken]] = {}
        self._named: dict[str, set[int]] = {}
        self._held: dict[int, Chain] = {}
        self.erased: set[str] = set()
        with parcels.open("rb") as file:
            for place, chain in chains(file):
                self._places[chain.number] = place
                self._learn(chain)

    def _learn(self, chain: Chain) -> None:
        if wrong := list(broken(chain)):
            self._wrong[chain.number] = wrong
        for entry in chain.entries:
            if entry.act == ERASED:
                self.erased.add(entry.digest)
            elif entry.digest:
                self._named.setdefault(entry.digest, set()).add(chain.number)

    def chain(self, number: int) -> Chain | None:
        """The chain of an incident, if it is in the file."""
        if number not in self._places:
            return None
        if number not in self._held:  # many reports of one incident follow each other
            with self._parcels.open("rb") as file:
                self._held = {number: chain_at(file, self._places[number])}
        return self._held[number]

    def wrong(self, number: int) -> list[Broken]:
        """What is wrong with a chain by itself."""
        return self._wrong.get(number, [])

    def naming(self, digest: str) -> set[int]:
        """The incidents in whose chains a parcel is named."""
        return self._named.get(digest, set())

    def about(self, report: SealedReport) -> list[dict[str, Any]]:
        """
        The chains that tell of a report, for JSON: that of its incident, then those of incidents it was in before.

        Each says `whole`, and holds the entries about this report and about the incident as a whole.
        """
        mine = {digest: what for what, digest in digests(report)}
        own = number if isinstance(number := report.facts.get("incident"), int) else 0
        others = {number for digest in mine for number in self.naming(digest)} - {own}
        unnamed = [what for digest, what in mine.items() if not self.naming(digest)]
        told = [self._told(number, mine, unnamed if number == own else []) for number in (own, *sorted(others))]
        return [chain for chain in told if chain]

    def _told(self, number: int, mine: Mapping[str, str], unnamed: list[str]) -> dict[str, Any]:
        chain = self.chain(number)
        if chain is None:
            return {}
        wrong = [f"position {one.position} {one.wrong}" for one in self.wrong(number)]
        wrong += [f"{what}: no entry names it as it is" for what in unnamed]
        general = [entry.position for entry in chain.entries if not entry.digest][-MOST_GENERAL:]
        shown = [entry for entry in chain.entries if entry.digest in mine or entry.position in {*general}]
        known = Chain(number, chain.length, chain.hash, shown).as_object()
        return {**known, "whole": not wrong, **({"wrong": wrong} if wrong else {})}


def digests(report: SealedReport) -> Iterator[tuple[str, str]]:
    """Everything that lies sealed in a report as it travels: what it is, and its digest in hex."""
    for part, sealed in report.parts.items():
        yield part, of_part(report.reference, part, sealed).hex()
    for number, one in enumerate(report.additions, 1):
        for part, sealed in one.parts.items():
            yield f"addition {number} ({part})", of_part(one.name, part, sealed).hex()
    for exhibit in report.evidence:
        digest = of_exhibit(report.reference, exhibit.number, exhibit.sealed, exhibit.digest)
        yield f"file {exhibit.number}", digest.hex()


def section(found: Any) -> str:
    """The chains of a report on the desk's page, folded unless something is wrong."""
    if not isinstance(found, list):
        return ""
    return "".join(_chain(chain) for chain in found if isinstance(chain, dict))


def _chain(chain: Mapping[str, Any]) -> str:
    entries = chain.get("InvestigativeAction")
    rows = "".join(_row(entry) for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ""
    wrong = chain.get("wrong")
    faults = "".join(f'<p class="broken">{words(fault)}</p>' for fault in wrong) if isinstance(wrong, list) else ""
    length, end = words(chain.get("length", "")), escape(str(chain.get("hash", ""))[:SHORT])
    said = "whole" if chain.get("whole") else "NOT WHOLE"
    return (
        f'<section class="custody"><details{"" if chain.get("whole") else " open"}>'
        f"<summary>Custody of incident {words(chain.get('incident', ''))}: {length} entries, {said}</summary>{faults}"
        f"<table><thead><tr><th>No.</th><th>When (UTC)</th><th>Act</th><th>Detail</th><th>By</th><th>Parcel</th></tr>"
        f'</thead><tbody>{rows}</tbody></table><p>End of the chain: <code dir="ltr">{end}</code></p></details></section>'
    )


def _row(entry: Mapping[str, Any]) -> str:
    said = [
        words(entry.get("position", "")),
        words(str(entry.get("startTime", "")).replace("T", " ").rstrip("Z")),
        name(str(entry.get("name", ""))),
    ]
    said += [words(entry.get("description", ""))]
    said += [f'<code dir="ltr">{words(str(entry.get(key, ""))[:SHORT])}</code>' for key in ("performer", "object")]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in said)}</tr>"
