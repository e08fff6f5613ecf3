"""The whole path as a person sees it: two reports written on the page's phones become two cards in the group."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.trial import PROJECT, environment, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WIDE = ViewportSize(width=1440, height=900)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def test_a_report_in_arabic_and_one_in_french_reach_the_group(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path) as trial:
        page = browser.new_page(viewport=WIDE, locale="en-US")
        page.goto(trial.url)
        page.click("#telegram .begin")
        for words in (None, "https://example.org/post/7", "النصب والاحتيال", None):
            telegram_turn(page, words)
        expect(page.locator("#group .line")).to_have_count(1, timeout=20_000)
        whatsapp_turn(page, "Bonjour, je veux signaler quelque chose")
        for words in ("Français", "Continuer", "https://example.org/fr/9", "Arnaque|Escroquerie", "Envoyer"):
            whatsapp_turn(page, numbered(page, words))
        expect(page.locator("#group .line")).to_have_count(2, timeout=20_000)
        page.click("#group .hangs button >> nth=0")
        expect(page.locator("#group .line").first.locator(".hangs button")).not_to_have_count(2, timeout=20_000)
        listed = subprocess.run(
            [sys.executable, "-m", "bot.cli", "reports", "list", "--json"],
            env=environment(tmp_path),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )
        reports = json.loads(listed.stdout)
        assert sorted((r["channel"], r["locale"], r["category"]) for r in reports) == [
            ("telegram", "ar", "scam"),
            ("whatsapp", "fr", "scam"),
        ]
        assert not any("example.org" in line for line in trial.lines)
        page.close()


def telegram_turn(page: Page, words: str | None) -> None:
    """Press the first key, or the one with these words, or write them; then wait for the answer."""
    answers = page.locator("#telegram .line:not(.mine)")
    expect(page.locator("#telegram .keys button").first).to_be_visible(timeout=15_000)
    count = answers.count()
    key = page.locator("#telegram .keys button", has_text=words or "").first
    if words and key.count() == 0:
        page.fill("#telegram textarea", words)
        page.press("#telegram textarea", "Enter")
    else:
        key.click()
    expect(answers).to_have_count(count + 1, timeout=15_000)


def numbered(page: Page, words: str) -> str:
    """The number that stands before a choice with these words in the last message, or the words themselves."""
    last = page.locator("#whatsapp .line:not(.mine) .said").last.inner_text()
    found = re.search(rf"^\W*(\d+)\W+.*(?:{words})", last, re.MULTILINE)
    return found.group(1) if found else words


def whatsapp_turn(page: Page, words: str) -> None:
    answers = page.locator("#whatsapp .line:not(.mine)")
    count = answers.count()
    page.fill("#whatsapp textarea", words)
    page.press("#whatsapp textarea", "Enter")
    expect(answers).to_have_count(count + 1, timeout=15_000)
