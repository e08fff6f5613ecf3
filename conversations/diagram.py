"""
The script as a state diagram, for the README: `python -m conversations.diagram` prints it.

Every arrow is read off the table: to the next row, past the rows whose condition may not hold, and where a choice leads.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversations.model import Step
from conversations.script import SCRIPT


def mermaid() -> str:
    """The diagram in Mermaid's language."""
    lines = ["stateDiagram-v2", f"    [*] --> {Step.START}"]
    lines += [f"    {source} --> {target}{f': {why}' if why else ''}" for source, target, why in arrows()]
    return "\n".join([*lines, f"    {Step.SENT} --> {Step.START}: another", f"    {Step.SENT} --> [*]: after a day"])


def arrows() -> Iterator[tuple[Step, Step, str]]:
    """From, to, why: in the order of the script."""
    steps = list(SCRIPT)
    for number, step in enumerate(steps):
        row = SCRIPT[step]
        if row.gathers:
            yield step, step, "more"
        if not set(row.goes) >= {choice.key for choice in row.choices} or row.reads:
            yield from ((step, target, why) for target, why in _onward(steps[number + 1 :]))
        for target in dict.fromkeys(row.goes.values()):
            yield step, target, ", ".join(key for key, goal in row.goes.items() if goal is target)


def _onward(after: list[Step]) -> Iterator[tuple[Step, str]]:
    """The rows that may come next: each conditional one, up to the first that always applies."""
    for step in after:
        condition = SCRIPT[step].when.name
        yield step, condition
        if not condition:
            return


if __name__ == "__main__":
    print(mermaid())
