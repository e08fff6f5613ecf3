"""Promises of the link reader that hold for any text: it answers, it is idempotent, it is linear, it defuses."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.canonical import read_address
from conversations.defang import LAST_SIGNS, defang, short_form
from conversations.links import LONGEST_LINK, MOST_LINKS, count_links, find_handle, find_links, kind, less_telling
from conversations.model import Link
from conversations.open_web import WRAPPERS
from conversations.platforms import PLATFORMS
from conversations.shapes import ACCOUNTS, PROFILE, SHORT, Platform, Row, row_host

KINDS = {"post", "profile", "group", "channel", "story", "short", "file", "site"}

any_text = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("aA1.:/@[](){}#?&=%-_~ \n\0\u202e\u200f\ud800تⵣéｈ．،؟«»"), max_size=80
)
PIECES = """https:// http:// hxxps:// tg:// intent:// magnet:? www. facebook.com t.me/ x.com youtu.be/ /status/ /videos/ .com
    .ma .je [.] (.) % %2e %2F %00 %41 %D9 %zz ?v= ?id= ?phone= &u= #!/ ;scheme= ;end @ ali tiktok insta: : . , / // \\ ( )
    [ ] l.php?u= https%3A%2F%2F xn-- 127.0.0.1 [::1] :443 :80 :8080 1 22 مرحبا موقع.المغرب \u202e \ud800 \0"""
pieces = st.sampled_from([*PIECES.split(), " ", "\n"])
links_made_of_pieces = st.lists(pieces | st.text(max_size=4), max_size=12).map("".join)
texts = any_text | links_made_of_pieces
SAMPLES = {
    "number": "7301234567",
    "thread": "55",
    "post": "66",
    "owner": "100012345",
    "channel": "UC" + "aB3-_xyz" * 2 + "aB3-_x",
    "phone": "212612345678",
    "video": "dQw4w9WgX-_",
    "code": "AbC-9_z",
    "key": "kEy_1",
    "word": "abc",
    "any": "Na%20Me",
    "group": "groupe.x",
    "user": "some_user1",
    "locale": "fr-fr",
}
ROWS = [(platform, row) for platform in PLATFORMS for row in platform.rows]


@given(texts, st.lists(texts, max_size=3))
def test_any_text_is_read(text: str, marked: list[str]) -> None:
    links = find_links(text, marked)
    assert len(links) == min(MOST_LINKS, count_links(text, marked))
    assert len({link.canonical for link in links}) == len(links)
    for link in links:
        assert kind(link) in KINDS
        assert less_telling(link) == (kind(link) if kind(link) in (SHORT, PROFILE) else "")
        assert 0 < len(link.received) <= LONGEST_LINK
        assert not re.search("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\0\ud800]", "".join(link))
        assert link.canonical.isascii()
    find_handle(text).encode()


@given(texts)
def test_a_canonical_form_is_its_own(address: str) -> None:
    for found in (read_address(address), read_address("https://" + address)):
        if found is not None:
            again = read_address(found.canonical)
            assert again is not None
            assert (again.canonical, again.platform, again.kind) == (found.canonical, found.platform, found.kind)


@pytest.mark.parametrize(("platform", "row"), ROWS, ids=[f"{p.name} {r.shape}" for p, r in ROWS])
def test_every_row_is_reached_and_stays(platform: Platform, row: Row) -> None:
    """What a row describes is read by that row, and its canonical form has no alternatives left in it."""
    for address in _examples(platform, row):
        found = read_address(address)
        assert found is not None
        assert (found.platform, found.kind) == (platform.name, row.kind), address
        assert not re.search(r"[{}|()*]", found.canonical)
        assert read_address(found.canonical) is not None
        expected = (row.same_as or row.shape).format(**SAMPLES)
        assert found.canonical.endswith(expected), address
        again = read_address(found.canonical)
        assert again is not None
        assert again.canonical == found.canonical
        named = [SAMPLES[name] for name in ACCOUNTS if f"{{{name}}}" in row.shape]
        assert found.account in ([*named, ""] if "(|{" in row.shape else named or [""])


@pytest.mark.parametrize(("platform", "row"), ROWS, ids=[f"{p.name} {r.shape}" for p, r in ROWS])
def test_no_row_makes_one_of_two_posts(platform: Platform, row: Row) -> None:
    """What names content survives in the canonical form, in its own case; only names of people and places may go."""
    named = {name for name in SAMPLES if f"{{{name}}}" in row.shape}
    kept = {name for name in SAMPLES if f"{{{name}}}" in (row.same_as or row.shape)}
    assert named - kept <= {"user", "thread", "group", "channel"}
    for address in _examples(platform, row):
        found = read_address(address)
        assert found is not None
        for name in kept & {"code", "key", "video", "channel"}:
            other = read_address(address.replace(SAMPLES[name], SAMPLES[name].swapcase().replace("uc", "UC", 1)))
            assert other is not None
            assert other.canonical != found.canonical


@pytest.mark.parametrize("platform", PLATFORMS, ids=[platform.name + platform.home for platform in PLATFORMS])
def test_all_hosts_of_a_platform_fold(platform: Platform) -> None:
    path = "/some/unknown/PathThatNoRowKnows"
    forms = {read_address(f"http://{host.format(**SAMPLES)}{path}/") for host in (platform.home, *platform.hosts)}
    assert [found.canonical for found in forms if found] == [f"https://{platform.home}{path}"]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_wrappers_are_taken_off(wrapper: str) -> None:
    for parameter in WRAPPERS[wrapper]:
        inner = "https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttp%253A%252F%252Fwww.tiktok.com%252F%2540a.b%252F"
        found = read_address(f"https://{wrapper}?{parameter}={inner}&h=AT0")
        assert found is not None
        assert found.canonical == "https://www.tiktok.com/@a.b"


ADVERSE = [
    "a.", "http://", "https://a.com/", "(", "https://a.com/)", "[", "a-", " dot ", "a dot ", "@a", "a[.]", "ⵣ.", "x://",
    "tg://", "magnet:?", "intent://", "م", "a.com ", "a.co:", "\u202e", "http ://", "hhttps:// ", "@a sur ", "insta: ",
    "+212", "+212 612 345 678 whatsapp ", "tiktok ", "tiktok compte compte @", "ال", "x: ", "[(", "a@", "%", "%2", "https://%",
    "l.facebook.com/l.php?u=", "https%3A%2F%2F", "evil [.] ", "https://evil [.] ", "a_b.", "1.", "1.1.1.1", "www.", "ma ", "a.ma ",
    "\ud800", "\0", "\n", " @", "tiktok @", "@" + "a." * 30, "https:", "//", "h**p://", "xn--", "،", "https://a.com،",
]  # fmt: skip


def test_time_grows_with_length_only() -> None:
    """No text of 10,000 signs holds up a turn: a backtracking expression would take minutes over one of these."""
    slow = {}
    for piece in ADVERSE:
        text = (piece * 10_000)[:10_000]
        began = time.process_time()
        find_links(text)
        find_handle(text)
        defang(text)
        slow[piece] = time.process_time() - began
    worst = max(slow, key=lambda piece: slow[piece])
    assert slow[worst] < 2, worst


def _examples(platform: Platform, row: Row) -> list[str]:
    """One address for each way through the alternatives of a shape."""
    shapes = [row.shape]
    while any("(" in shape for shape in shapes):
        shapes = [
            before + choice + after
            for shape in shapes
            for before, choices, after in [_first_alternatives(shape)]
            for choice in choices
        ]
    shapes = [form for shape in shapes for form in _tails(shape)]
    own = not row_host(row) and "://" not in row.shape
    filled = [shape.format(**SAMPLES) for shape in shapes]
    return [address if "://" in address else f"https://{platform.home if own else ''}{address}" for address in filled]


def _first_alternatives(shape: str) -> tuple[str, list[str], str]:
    found = re.search(r"\(([^()]*)\)", shape)
    if found is None:
        return shape, [""], ""
    return shape[: found.start()], found[1].split("|"), shape[found.end() :]


def _tails(shape: str) -> list[str]:
    if shape.endswith("/**"):
        return [shape[:-3].replace("*", "Some-Title"), shape[:-3].replace("*", "Some-Title") + "/tail/x"]
    return [shape.replace("*", "Some-Title")]


LINKED = re.compile(
    r"""\w\.\w | (?:https?|ftp|tg|ton|whatsapp)://  # hosts and schemes
    | (?<!\w)@\w | (?<!\w)\#\w | (?<!\w)\$[A-Z] | \+\d  # names, tags, numbers
    | (?<![\w/<>])/[A-Za-z0-9_]{1,64}(?![\w/<>])  # commands""",
    re.VERBOSE,
)


@given(texts | texts.map(lambda text: "https://" + text), st.integers(1, 300))
def test_nothing_defanged_is_a_link(url: str, most: int) -> None:
    shown = defang(url, most)
    assert len(shown) <= most
    assert not LINKED.search(shown)
    assert not re.search("[\0-\x1f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", shown)


@given(texts.map(lambda text: "https://" + text))
@example("https://FACEBOOK.COM#/0")  # no path before the fragment
def test_a_short_form_never_quotes_the_whole(address: str) -> None:
    for link in find_links(address):
        shown = short_form(link)
        tail = shown.removeprefix("…").partition("…")[2].replace("[", "").replace("]", "")
        scheme, _, rest = link.canonical.partition(":")
        hidden = re.sub(r"^[^/?#]*/?", "", rest[2:]) if scheme == "https" else rest
        assert not LINKED.search(shown)
        assert len(shown) < 200
        assert len(tail) <= LAST_SIGNS
        assert tail != hidden or not hidden


def test_a_short_form_of_a_long_host_shows_its_owner() -> None:
    link = Link("", "https://" + "www.facebook.com.login." * 3 + "evil.example/abc")
    assert short_form(link).endswith("login[.]evil[.]example…c")
