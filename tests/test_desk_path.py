"""A case as people see it: reported on a phone, worked in the group by buttons, and its outcome heard by who reported it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from sqlalchemy import text

from bot.house import open_house
from bot.presses import let_stand
from simulator.people import LISTED, STAFF, UNLISTED
from storage import db
from tests.test_whole_path import WIDE
from tests.trial import Trial, environment, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
WAIT = 30_000


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def test_a_case_goes_from_report_to_outcome(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, GROUP_LANGUAGE="en", LANGUAGES="en,ar,fr") as trial:
        page = browser.new_page(viewport=WIDE, locale="en-US")
        page.goto(trial.url)
        page.select_option("#telegram .pick:nth-child(2) select", "en")
        page.click("#telegram .begin")
        reported(page)
        card = page.locator("#group .line").first
        expect(card).to_contain_text("waiting to be taken", timeout=WAIT)
        acting(page, UNLISTED)
        told(page, card, "Take", "You are not on the list of moderators.")
        acting(page, LISTED)
        told(page, card, "Take", "is yours")
        acting(page, STAFF[1].id)
        told(page, card, "Close", "already taken by Malika")
        acting(page, LISTED)
        told(page, card, "Ask", "Choose on the card")
        told(page, card, "Payment: how, where, how much", "Asked.")
        expect(card).to_contain_text("Questions: 1 · answers received: 0")
        minute_over(trial)
        answered(page)
        expect(card).to_contain_text("answers received: 1", timeout=WAIT)
        told(page, card, "Close", "Choose on the card")
        told(page, card, "Private dispute", "is closed")
        expect(card).to_contain_text("State: closed, private dispute")
        minute_over(trial)
        for words in ("status", "My reports", "IB-"):
            telegram_turn(page, words)
        expect(page.locator("#telegram .line").last).to_contain_text(
            "a dispute between persons, which a court can decide"
        )
        page.close()


def minute_over(trial: Trial) -> None:
    """What was decided can no longer be undone, so that reporters hear of it."""
    noted = shlex.split((trial.var / "keys" / "env").read_text(encoding="utf-8"))
    house = open_house(environment(trial.var, **dict(line.split("=", 1) for line in noted)))
    with db.begin(house.engine) as tx:
        tx.execute(text("UPDATE work SET undo_until = undo_until - interval '1 minute'"))
    let_stand(house)
    house.engine.dispose()


def reported(page: Page) -> None:
    """One report, with the way back, and nothing told that is not asked."""
    for words in ("Continue", "https://example.org/post/7", "Scam or fraud", "I saw it"):
        telegram_turn(page, words)
    while not page.locator("#telegram .keys button", has_text="Confidential").count():
        key = "Done" if page.locator("#telegram .keys button", has_text="Done").count() else "Skip"
        telegram_turn(page, key)
    for words in ("Confidential", "Send"):
        telegram_turn(page, words)


def answered(page: Page) -> None:
    """What the desk asked is found under the report, and answered in chat."""
    telegram_turn(page, "status")
    for words in ("My reports", "IB-", "Answer", "By card, 500 dirhams"):
        telegram_turn(page, words)


def acting(page: Page, who: int) -> None:
    page.select_option("#group .pick >> nth=1 >> select", str(who))


def told(page: Page, card: Locator, label: str, words: str) -> None:
    """Press a button once the card has it; the toast says what came of it."""
    key = card.locator(".hangs button", has_text=label).first
    expect(key).to_be_visible(timeout=WAIT)
    key.click()
    expect(page.locator("#group .toast")).to_contain_text(words, timeout=WAIT)


def telegram_turn(page: Page, words: str | None) -> None:
    """Press the first key, or the one with these words, or write them; then wait for the answer."""
    answers = page.locator("#telegram .line:not(.mine)")
    expect(page.locator("#telegram .keys button").first).to_be_visible(timeout=WAIT)
    count = answers.count()
    key = page.locator("#telegram .keys button", has_text=words or "").first
    if words and key.count() == 0:
        page.fill("#telegram textarea", words)
        page.press("#telegram textarea", "Enter")
    else:
        key.click()
    expect(answers).to_have_count(count + 1, timeout=WAIT)
