"""The chat page, driven in a real browser, with a webhook of our own behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from simulator.people import LISTED, UNLISTED
from simulator.serve import Server
from simulator.standins import Standins
from simulator.twilio_delivery import Webhook
from tests.echo import Echo
from tests.standing import twiml

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
HOSTILE = "<img src=x onerror=alert(1)> https://bad.example/x"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Standins()) as server, Echo(answers=answer(server.standins)) as echo:
        server.standins.telegram.call("setWebhook", {"url": echo.url, "secret_token": "s"})
        server.standins.twilio.delivery.webhook = Webhook(echo.url)
        yield server


def answer(world: Standins) -> Callable[[Any], Any]:
    """A bot in ten lines: a keyboard in two columns, a numbered list, a toast."""

    def reply(request: Any) -> Any:
        if not request.is_json:
            return twiml(f"*Un choix*\n\n1. Un\n2. Deux\n\n{request.form['Body'][:200]}")
        update = request.json
        if query := update.get("callback_query"):
            words = "Yours" if query["from"]["id"] == LISTED else "Not listed"
            return {"method": "answerCallbackQuery", "callback_query_id": query["id"], "text": words}
        message = update.get("message") or update.get("edited_message")
        if not message or message["chat"]["type"] != "private":
            return ""
        said = message.get("text") or next(
            kind for kind in ("photo", "contact", "location", "voice") if kind in message
        )
        rows = [[{"text": "نعم"}, {"text": "لا"}], [{"text": "رقمي", "request_contact": True}]]
        markup = {"remove_keyboard": True} if said == "لا" else {"keyboard": rows, "input_field_placeholder": "هنا"}
        text = f"قلت: \u2068{said}\u2069\nhttps://a.example/b"
        return {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": text, "reply_markup": markup}

    return reply


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open the page; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(size: ViewportSize = WIDE, tongue: str = "en") -> Page:
        context = browser.new_context(viewport=size, locale="en-US")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda asked: None if asked.url.startswith(server.url) else complaints.append(asked.url))
        page.goto(server.url)
        page.click(f"[data-tongue={tongue}]")
        expect(page.locator("#telegram .avatar, #whatsapp .avatar, #group .avatar")).to_have_text(["D", "D", "M"])
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def bubbles(page: Page, phone: str) -> Any:
    return page.locator(f"#{phone} .line")


def test_the_keyboard_is_laid_out_as_sent_and_removed_again(visit: Callable[..., Page], world: Standins) -> None:
    page = visit()
    page.click("#telegram .begin")
    expect(bubbles(page, "telegram")).to_have_count(2)
    rows = page.locator("#telegram .keys > div")
    assert [row.locator("button").all_inner_texts() for row in rows.all()] == [["نعم", "لا"], ["رقمي"]]
    expect(page.locator("#telegram textarea")).to_have_attribute("placeholder", "هنا")
    page.click("#telegram .keys button:has-text('رقمي')")
    expect(bubbles(page, "telegram").last).to_contain_text("قلت: \u2068contact\u2069")
    page.click("#telegram .keys button:has-text('لا')")
    expect(page.locator("#telegram .keys")).to_be_hidden()
    expect(bubbles(page, "telegram")).to_have_count(6)


def test_links_are_not_live_and_hostile_words_stay_words(visit: Callable[..., Page]) -> None:
    page = visit()
    page.click("#telegram .begin")
    for phone in ("telegram", "whatsapp"):
        page.fill(f"#{phone} textarea", HOSTILE)
        page.press(f"#{phone} textarea", "Enter")
        expect(page.locator(f"#{phone} .line:not(.mine)").last).to_contain_text(HOSTILE)
    assert page.locator(".talk a").count() == 0
    assert page.locator(".talk .url").count() >= 2
    assert page.locator(".talk img").count() == 0


def test_each_paragraph_takes_its_own_direction(visit: Callable[..., Page]) -> None:
    page = visit()
    page.fill("#whatsapp textarea", "سلام\nhello")
    page.press("#whatsapp textarea", "Enter")
    said = page.locator("#whatsapp .mine .said").first
    expect(said).to_have_text("سلام\nhello")
    assert said.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"
    edges = said.evaluate(
        """node => { const range = document.createRange(), text = node.firstChild, box = node.getBoundingClientRect();
        return [[0, 4], [5, 10]].map(([from, to]) => { range.setStart(text, from); range.setEnd(text, to);
        const line = range.getBoundingClientRect(); return [line.left - box.left, box.right - line.right]; }) }"""
    )
    assert edges[0][1] < 1 and edges[1][0] < 1


def test_attachments_and_edits_become_updates(visit: Callable[..., Page], world: Standins) -> None:
    page = visit()
    page.click("#telegram .begin")
    for deed in ("photo", "location", "voice"):
        page.click("#telegram .write .round[aria-haspopup]:nth-last-of-type(4)")
        page.click(f"#telegram [data-deed={deed}]")
        expect(page.locator("#telegram .line:not(.mine)").last).to_contain_text(deed)
    page.click("#telegram .head .round")
    page.click("#telegram .menu button:first-child")
    page.fill("#telegram textarea", "changed")
    page.press("#telegram textarea", "Enter")
    expect(page.locator("#telegram .line:not(.mine)").last).to_contain_text("changed")
    expect(page.locator("#telegram .mine").first).to_contain_text("changed")


def test_moderators_press_and_are_told(visit: Callable[..., Page], world: Standins) -> None:
    group = world.accounts.moderators_chat
    keys = {"inline_keyboard": [[{"text": "Take", "callback_data": "1:take"}]]}
    world.telegram.call("sendMessage", {"chat_id": group, "text": "Incident 1", "reply_markup": keys})
    page = visit()
    page.click("#group .hangs button")
    expect(page.locator("#group .toast")).to_have_text("Yours")
    page.select_option("#group .pick >> nth=1 >> select", str(UNLISTED))
    page.click("#group .hangs button")
    expect(page.locator("#group .toast")).to_have_text("Not listed")


def test_a_new_person_begins_anew_and_a_blocked_bot_is_silent(visit: Callable[..., Page], world: Standins) -> None:
    page = visit()
    page.click("#telegram .begin")
    expect(bubbles(page, "telegram")).to_have_count(2)
    page.click("#telegram .head .round")
    page.click("#telegram .menu button:last-child")
    expect(page.locator("#telegram .begin")).to_be_visible()
    page.click("#telegram .fresh")
    expect(bubbles(page, "telegram")).to_have_count(0)
    page.select_option("#telegram .pick:nth-child(2) select", "fr")
    expect(page.locator("#telegram .begin")).to_have_text("Démarrer")
    page.select_option("#whatsapp .pick:nth-child(3) select", "bsuid")
    expect(page.locator("#whatsapp h2 small")).to_contain_text("@")
    page.fill("#whatsapp textarea", "hola")
    page.press("#whatsapp textarea", "Enter")
    expect(bubbles(page, "whatsapp")).to_have_count(2)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_overflows_in_any_language(visit: Callable[..., Page], size: ViewportSize) -> None:
    page = visit(size)
    for tongue in ("en", "fr", "ar"):
        page.click(f"[data-tongue={tongue}]")
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if tongue == "ar" else "ltr")
        fits(page, size)


def fits(page: Page, size: ViewportSize) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    unnamed = "[...document.querySelectorAll('button, select, textarea')].filter(n => n.checkVisibility() && !(n.ariaLabel || n.innerText.trim())).length"
    for name in ("telegram", "whatsapp", "group") if size == NARROW else ():
        page.click(f"#tab-{name}")
        expect(page.locator(f"#{name} .phone")).to_be_visible()
        expect(page.locator(".phone:visible")).to_have_count(1)
        assert page.evaluate(unnamed) == 0
    assert page.evaluate(unnamed) == 0
