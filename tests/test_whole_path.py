"""
The whole path as a person sees it: reports written on the page's phones become cards in the group, and are read at the desk.

In Arabic from right to left, with files; in French by numbers; and one about a child, of which no picture stays.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from tests import forks
from tests.trial import Trial, environment, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
SOON = 20_000  # milliseconds
NAME = 32  # letters of a file on the shelf: one that is not finished has more
SCAM = ("متابعة", "https://www.facebook.com/groups/123/posts/456", "النصب والاحتيال", "وقع لي", "تخطي", "2", "أكادير")
ARNAQUE = ("Bonjour, je veux signaler quelque chose", "1", "https://example.org/fr/9", "6", "1")
CHILD = ("Autre signalement", "https://example.org/bad", "Atteinte à un enfant")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with running(tmp_path_factory.mktemp("var"), LANGUAGES="ar,zgh,fr,en,es") as made:
        yield made


@pytest.fixture
def page(browser: Browser, trial: Trial) -> Iterator[Page]:
    context = browser.new_context(viewport=WIDE, locale="ar-MA")
    page = context.new_page()
    page.goto(trial.url)
    yield page
    context.close()


class Phone:
    """One phone of the page; each deed waits for its answer."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    @property
    def answers(self) -> Locator:
        return self.page.locator(f"#{self.name} .line:not(.mine)")

    def writes(self, *said: str) -> None:
        for words in said:
            with self.answering():
                self.page.fill(f"#{self.name} textarea", words)
                self.page.press(f"#{self.name} textarea", "Enter")

    def presses(self, label: str) -> None:
        with self.answering():
            self.page.locator(f"#{self.name} .keys button", has_text=label).first.click()

    def sends(self, deed: str, caption: str = "") -> None:
        with self.answering():
            self.page.fill(f"#{self.name} textarea", caption)
            self.page.locator(f"#{self.name} .write .round[aria-haspopup]").last.click()
            self.page.click(f"#{self.name} [data-deed={deed}]")

    @contextmanager
    def answering(self) -> Iterator[None]:
        """What is done within brings one answer."""
        count = self.answers.count()
        yield
        expect(self.answers).to_have_count(count + 1, timeout=SOON)


def iblagh(var: Path, *words: str) -> str:
    done = forks.run(*words, environ=environment(var, LANGUAGES="ar,zgh,fr,en,es"))
    assert done.returncode == 0, done.stderr
    return done.stdout


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def reads_from_the_right(page: Page) -> None:
    """The phone, its words and its keys begin at the right, and nothing is wider than the screen."""
    phone = page.locator("#telegram .screen")
    assert phone.get_attribute("dir") == "rtl" and page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    said = page.locator("#telegram .line:not(.mine) .said").last
    assert said.evaluate("node => getComputedStyle(node).direction") == "rtl" or said.evaluate(
        "n => n.matches(':dir(rtl)')"
    )
    first, second = (page.locator("#telegram .keys button").nth(at).bounding_box() for at in (0, 1))
    assert first and second and (first["x"] > second["x"] or first["y"] < second["y"])
    wide = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"
    assert page.locator("#telegram .keys button").evaluate_all(wide) == 0


def test_reports_reach_the_group_and_their_files_the_desk(page: Page, trial: Trial) -> None:
    cards = page.locator("#group .line")
    in_arabic_with_files(page, Phone(page, "telegram"))
    expect(cards).to_have_count(1, timeout=SOON)
    whatsapp = Phone(page, "whatsapp")
    whatsapp.writes(*ARNAQUE)
    expect(cards).to_have_count(2, timeout=SOON)
    page.click("#group .hangs button >> nth=0")
    expect(cards.first.locator(".hangs button")).not_to_have_count(2, timeout=SOON)
    whatsapp.writes(CHILD[0])
    whatsapp.sends("photo")  # kept, until it turns out what it is
    whatsapp.writes(*CHILD[1:])
    whatsapp.sends("photo")
    whatsapp.writes("Envoyer maintenant")
    look(page, "all")
    told = ("channel", "locale", "category", "disclosure")
    reports = json.loads(iblagh(trial.var, "reports", "list", "--json"))
    assert sorted(tuple(report[name] for name in told) for report in reports) == [
        ("telegram", "ar", "scam", "confidential"),
        ("whatsapp", "fr", "child_abuse", "anonymous"),
        ("whatsapp", "fr", "scam", "anonymous"),
    ]
    at_the_desk(page, trial.var)
    assert cards.count() == 2  # of the child the general group hears nothing
    assert not any("example.org" in line or "facebook" in line for line in trial.lines)


def in_arabic_with_files(page: Page, phone: Phone) -> None:
    page.select_option("#telegram .pick:nth-child(2) select", "ar")
    with phone.answering():
        page.click("#telegram .begin")
    look(page, "first")
    reads_from_the_right(page)
    phone.writes(*SCAM)
    phone.sends("photo", "هذه صورة الإعلان")
    phone.sends("album")
    phone.sends("voice")
    phone.sends("document", "وصل الأداء")
    look(page, "files")
    phone.presses("تم")
    phone.presses("بسرية")
    expect(phone.answers.last).to_contain_text(": 6")  # a photo, an album of three, a voice note, a document
    reads_from_the_right(page)
    look(page, "review")
    page.set_viewport_size(NARROW)
    page.click("#tab-telegram")
    reads_from_the_right(page)
    look(page, "review-narrow")
    phone.presses("إرسال")
    look(page, "receipt-narrow")
    page.set_viewport_size(WIDE)


def at_the_desk(page: Page, var: Path) -> None:
    """The six files lie sealed, and open at the desk as what they are; of the child's report there is none."""
    parcels, into, shelf = var / "parcels", var / "opened", var / "evidence"
    for _ in range(60):
        if len([path for path in shelf.glob("*") if len(path.name) == NAME]) >= 6:
            break
        page.wait_for_timeout(250)
    iblagh(var, "desk", "pull", "-o", str(parcels))
    general, restricted = (str(var / "desk" / f"{queue}.key") for queue in ("general", "restricted"))
    reports = json.loads(iblagh(var, "desk", "open", str(parcels), "--key", general, "--evidence", str(into)))
    (scam,) = (report for report in reports if "evidence" in report)
    assert sorted(item["type"] for item in scam["evidence"]) == ["application/pdf", "audio/ogg", *["image/jpeg"] * 4]
    assert scam["category"] == "scam" and len(list(into.iterdir())) == 6
    (child,) = (
        one for one in json.loads(iblagh(var, "desk", "open", str(parcels), "--key", restricted)) if one["opened"]
    )
    assert (child["category"], child.get("evidence"), child["content"]["media"]) == ("child_abuse", None, [])
