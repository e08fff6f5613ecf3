"""The script as a table: no orphan, no dead end, and short enough for somebody in a hurry."""

from __future__ import annotations

from conversations.categories import CATEGORIES
from conversations.diagram import arrows
from conversations.model import Draft, Link, Step
from conversations.script import ASIDES, SCRIPT

LINK = Link("https://example.org", "https://example.org")
MOST_QUESTIONS = 12  # too many steps lose reporters (domain.md 2)


def questions(draft: Draft) -> list[Step]:
    """What this draft's writer is asked; the first screen and the review ask nothing new."""
    return [step for step, row in SCRIPT.items() if row.when.holds(draft) and step not in (Step.START, Step.REVIEW)]


def test_the_longest_path_has_at_most_twelve_questions() -> None:
    longest = 0
    for category in CATEGORIES:
        for links in ((), (LINK,)):
            draft = Draft(links=links, category=category, disclosure="identified", answers=(("place", "6"),))
            # Without a link the account was told where it was seen.
            longest = max(longest, len(questions(draft)))
    assert longest <= MOST_QUESTIONS


def test_every_step_is_reached_and_left() -> None:
    drawn = arrows()
    reached = {target for _, target, _ in drawn} | {Step.START}
    left = {source for source, _, _ in drawn}
    assert reached >= set(SCRIPT) and left >= set(SCRIPT)


def test_every_question_of_a_kind_is_a_row_of_the_script() -> None:
    for category in CATEGORIES.values():
        assert set(category.asks) <= set(SCRIPT)
        assert (category.account is not None) == (Step.ACCOUNT in category.asks)


def test_steps_beside_the_path_are_not_on_it() -> None:
    assert not set(SCRIPT) & set(ASIDES)
