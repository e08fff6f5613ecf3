"""
The script, and the life of an incident, as state diagrams for the README: `python -m conversations.diagram` prints them.

Every arrow is walked: for every kind of content, with a link and without, with and without a region and a name, the rows
that apply follow one another; a choice's own arrows are read off the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

from conversations.cases import MOVES, State
from conversations.categories import CATEGORIES
from conversations.model import Draft, Link, Step
from conversations.script import ASIDES, SCRIPT
from conversations.territory import REGIONS


def mermaid() -> str:
    """The diagram in Mermaid's language."""
    lines = ["stateDiagram-v2", f"    [*] --> {Step.START}"]
    lines += [f"    {source} --> {target}{f': {why}' if why else ''}" for source, target, why in arrows()]
    return "\n".join([*lines, f"    {Step.SENT} --> {Step.LINK}: another", f"    {Step.SENT} --> [*]: after a day"])


def ladder() -> str:
    """The life of an incident in Mermaid's language: every move that there is, under its name."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.RECEIVED}"]
    lines += [f"    {move.source} --> {move.target}: {move.name}" for move in MOVES]
    return "\n".join([*lines, f"    {State.CLOSED} --> [*]"])


def arrows() -> list[tuple[Step, Step, str]]:
    """From, to, why: in the order of the script."""
    order = [*SCRIPT, *ASIDES]
    found = dict.fromkeys((*_walked(), *_chosen()))
    return sorted(found, key=lambda arrow: (order.index(arrow[0]), order.index(arrow[1])))


def _walked() -> Iterator[tuple[Step, Step, str]]:
    for draft in _drafts():
        path = [step for step, row in SCRIPT.items() if row.when.holds(draft)]
        yield from ((source, target, SCRIPT[target].when.name) for source, target in pairwise(path))


def _drafts() -> Iterator[Draft]:
    """One draft for each way through the conditions."""
    links = ((), (Link("https://example.org", "https://example.org"),))
    places: tuple[tuple[tuple[str, str], ...], ...] = ((), ((Step.PLACE, next(iter(REGIONS))),))
    for link, category, place, disclosure in product(links, CATEGORIES, places, ("anonymous", "identified")):
        yield Draft(links=link, category=category, disclosure=disclosure, answers=place)


def _chosen() -> Iterator[tuple[Step, Step, str]]:
    for step, row in SCRIPT.items():
        if row.gathers:
            yield step, step, "more"
        for target in dict.fromkeys(row.goes.values()):
            yield step, target, ", ".join(key for key, goal in row.goes.items() if goal is target)
            if target in ASIDES and target is not Step.SENT:
                yield target, step, ""


if __name__ == "__main__":
    print(mermaid(), ladder(), sep="\n\n")
