"""A sealed report travels to the desk whole or not at all, and is read there without being able to do anything."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import desk
from bot.desk_words import defanged
from storage import keys, parcels
from storage.parcels import NotWhole, SealedReport
from storage.vault import Vault

SET = keys.generate()
VAULT = Vault(
    keys.parse_state_keys(SET.environment["IBLAGH_STATE_KEY"]),
    keys.parse_pseudonym_keys(SET.environment["IBLAGH_PSEUDONYM_KEY"]),
    keys.parse_desk_keys(SET.environment["IBLAGH_DESK_PUBLIC_KEYS"]),
)
LINK = "https://www.example.org/groups/123/?id=a.b"
HOSTILE = "https://exa\u202emple.org/\u200bpath"
ARABIC = {
    "links": [
        {"received": LINK, "canonical": "https://example.org/groups/123", "platform": "facebook", "account": "page.x"},
        {"received": HOSTILE, "canonical": "", "platform": "web", "account": ""},
    ],
    "details": "هذا المنشور يحرض على الكراهية، انظر https://example.net/a.html <script>alert(1)</script>",
    "answers": [["danger_now", "لا"]],
    "notice": "2026-11 2026-11-22T02:33Z",
    "locale": "ar",
}
FRENCH = {
    "links": [{"received": "javascript:alert(1)", "canonical": "", "platform": "web", "account": ""}],
    "details": 'J’ai payé 29 dirhams. "><img src=x onerror=alert(1)>',
    "answers": {"amount": "29 MAD"},
    "notice": "2026-11 2026-11-22T02:51Z",
    "locale": "fr",
}
NAME = "فاطمة الزهراء بنعلي"


def sealed(reference: str, queue: str, category: str, parts: dict[str, Any]) -> SealedReport:
    facts: dict[str, parcels.Fact] = {"incident": 101, "category": category, "severity": 2, "channel": "whatsapp"}
    facts |= {
        "locale": "ar",
        "disclosure": "identified",
        "state": "received",
        "received_at": "2026-11-22T02:00:00+00:00",
    }
    parcel = VAULT.parcel(reference, [queue], {name: json.dumps(part).encode() for name, part in parts.items()})
    return SealedReport(reference, facts, dict(parcel.parts), list(parcel.wraps))


REPORTS = [
    sealed("IB-1", "general", "hate", {"content": ARABIC, "identity": {"name": NAME, "contact": "+212612345678"}}),
    sealed("IB-2", "general", "scam", {"content": FRENCH}),
    sealed("IB-3", "restricted", "child_abuse", {"content": ARABIC}),
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A parcels file and the key of the general queue."""
    with open(tmp_path / "parcels", "wb") as stream:
        parcels.write(stream, REPORTS)
    keys.write_desk_file(tmp_path / "key", SET.desk["general"])
    return tmp_path / "parcels", tmp_path / "key"


def opened(files: tuple[Path, Path]) -> list[dict[str, Any]]:
    return list(desk.open_parcels(*files))


def test_the_general_key_opens_its_queue_and_lists_the_other(files: tuple[Path, Path]) -> None:
    one, two, three = opened(files)
    assert one["content"] == ARABIC
    assert one["identity"]["name"] == NAME
    assert (one["reference"], one["incident"], one["opened"]) == ("IB-1", 101, True)
    assert two["content"] == FRENCH
    assert "identity" not in two
    assert (three["opened"], three["why"], three["category"]) == (False, "another key", "child_abuse")
    assert "content" not in three


def test_the_restricted_key_opens_the_restricted_queue_alone(files: tuple[Path, Path]) -> None:
    files[1].write_text(SET.desk["restricted"])
    assert [report["opened"] for report in opened(files)] == [False, False, True]


def test_a_changed_report_stops_no_other(files: tuple[Path, Path]) -> None:
    swapped = SealedReport("IB-9", REPORTS[0].facts, REPORTS[0].parts, REPORTS[0].wraps)
    with open(files[0], "wb") as stream:
        parcels.write(stream, [swapped, REPORTS[1]])
    first, second = opened(files)
    assert (first["opened"], first["why"]) == (False, "changed or damaged")
    assert second["opened"]


@pytest.mark.parametrize(
    "part", [b"\xff\xfe", b"NaN", b"[" * 5000 + b"]" * 5000, b"[" * 30 + b"]" * 30, b"9" * 5000, b""]
)
def test_a_part_that_is_no_plain_json_is_given_as_bytes(part: bytes, files: tuple[Path, Path]) -> None:
    parcel = VAULT.parcel("IB-1", ["general"], {"content": part})
    with open(files[0], "wb") as stream:
        parcels.write(stream, [SealedReport("IB-1", {}, dict(parcel.parts), list(parcel.wraps))])
    (report,) = opened(files)
    assert report["content"] == {"bytes": part.hex()}
    assert part.hex() in desk.page([report])


def test_a_wrong_key_file_is_refused_before_any_report(files: tuple[Path, Path]) -> None:
    files[1].write_bytes(b"\xff" + SET.desk["general"].encode())
    with pytest.raises(ValueError, match="line 1: expected") as refused:
        desk.open_parcels(*files)
    assert SET.desk["general"].split()[2][:12] not in str(refused.value)
    files[0].write_bytes(files[0].read_bytes()[:-20])
    files[1].write_text(SET.desk["general"])
    with pytest.raises(NotWhole):
        desk.open_parcels(*files)


def test_json_is_one_array_that_cannot_steer_a_terminal(files: tuple[Path, Path]) -> None:
    stream = io.StringIO()
    desk.write_json(desk.open_parcels(*files), stream)
    assert json.loads(stream.getvalue()) == opened(files)
    assert stream.getvalue().isascii()
    desk.write_json([], empty := io.StringIO())
    assert json.loads(empty.getvalue()) == []


@pytest.mark.parametrize("name", ["IBLAGH_STATE_KEY", "IBLAGH_STATE_KEY_FILE"])
def test_the_desk_does_not_open_beside_the_state_key(name: str) -> None:
    with pytest.raises(desk.BesideStateKey) as refused:
        desk.refuse_beside_state_key({name: "a:secret-key"})
    assert "secret-key" not in str(refused.value)
    desk.refuse_beside_state_key({"PATH": "/bin", name: ""})


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


INERT = re.compile(
    "html|head|meta|title|style|body|header|main|article|aside|section|div|p|h[123]|dl|dt|dd|ol|ul|li"
    "|bdi|code|span|time|details|summary|fieldset|legend|input|label"
)
ACTIVE = {"href", "src", "srcset", "action", "formaction", "data", "poster", "background", "style", "ping", "target"}


def assert_inert(page: str) -> None:
    seen = Tags(page)
    assert not [tag for tag in seen.tags if not INERT.fullmatch(tag)]
    assert not [name for name, _ in seen.attributes if name in ACTIVE or name.startswith("on")]
    assert seen.tags.count("style") == 1
    page.encode("utf-8")


def test_the_page_can_do_nothing(files: tuple[Path, Path]) -> None:
    page = desk.page(opened(files))
    assert_inert(page)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "hxxps://www[.]example[.]org/groups/123/?id=a.b" in page
    assert "javascript[:]alert(1)" in page


hostile = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
shapes = st.fixed_dictionaries(
    {"reference": st.text(), "opened": st.booleans()},
    optional={
        **dict.fromkeys(("category", "severity", "received_at", "locale", "why", "identity", "evidence"), hostile),
        "content": hostile | st.fixed_dictionaries({}, optional=dict.fromkeys(ARABIC, hostile)),
    },
)


def test_the_page_says_each_fact_once_and_the_time_as_the_seal_holds_it() -> None:
    """In clear there is the hour alone; the kind that was chosen is said again where the answers made it another."""
    facts = {"reference": "IB-1", "category": "scam", "disclosure": "anonymous", "received_at": "2026-11-22T02:00Z"}
    content = {"format": 1, "received": "2026-11-22T02:33:07Z", "category": "scam", "disclosure": "anonymous"}
    report = {**facts, "opened": True, "content": content, "identity": {"format": 1, "name": NAME}}
    page = desk.page([report])
    assert page.count("02:33</time>") == page.count("<dt>Received (UTC)</dt>") == page.count(">Anonymous<") == 1
    assert "02:00</time>" not in page
    assert "Format" not in page
    assert "<h3>Category</h3>" not in page
    assert "<h3>Category</h3>" in desk.page([{**report, "category": "child_abuse"}])


@given(st.lists(shapes, max_size=3))
def test_the_page_holds_whatever_reports_say(reports: list[dict[str, Any]]) -> None:
    assert_inert(desk.page(reports))


@given(st.text())
def test_a_defanged_address_opens_nothing(address: str) -> None:
    host = defanged(f"https://{address}").removeprefix("hxxps://").split("/")[0]
    assert "." not in host.split("?")[0].split("#")[0].replace("[.]", "")
    assert not defanged(address).lower().startswith(("http:", "https:", "javascript:"))


def test_the_page_is_its_owners_alone(files: tuple[Path, Path]) -> None:
    page = files[0].with_suffix(".html")
    page.write_text("older")
    page.chmod(0o644)
    desk.write_page(desk.open_parcels(*files), page)
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "IB-1" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in page.parent.iterdir()) == ["key", "parcels", "parcels.html"]


def test_a_page_that_cannot_be_placed_leaves_nothing_readable_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        desk.write_page([], tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.fixture
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), ""
    )
    if not found and os.environ.get("BROWSER_TESTS") != "required":
        pytest.skip("no Chromium here")
    return found


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_reads_well_wide_and_narrow(width: int, files: tuple[Path, Path], chromium: str) -> None:
    from playwright.sync_api import sync_playwright

    path = files[0].with_suffix(".html")
    desk.write_page(desk.open_parcels(*files), path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        view = browser.new_page(viewport={"width": width, "height": 900})
        asked: list[str] = []
        complaints: list[str] = []
        view.on("request", lambda request: asked.append(request.url))
        view.on("console", lambda message: complaints.append(message.text))
        view.goto(path.as_uri())
        assert view.evaluate("document.documentElement.scrollWidth") == width
        arabic, french = (view.locator("section > .said", has_text=said).first for said in ("المنشور", "dirhams"))
        assert [text.evaluate("box => box.matches(':dir(rtl)')") for text in (arabic, french)] == [True, False]
        view.locator("summary").nth(1).click()
        assert view.locator("code:visible").text_content() == HOSTILE
        view.locator("label", has_text="Scam").click()
        assert view.locator("article:visible h2").all_inner_texts() == ["IB-2"]
        assert (asked, complaints) == ([path.as_uri()], [])
        assert not view.locator("a, script, img, iframe, form").count()
        browser.close()
