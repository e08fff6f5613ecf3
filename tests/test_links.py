"""Which links a message holds: the corpus in five languages, and what the conversation asks about a link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from conversations.defang import defang, short_form
from conversations.links import (
    LONGEST_LINK,
    MOST_LINKS,
    count_links,
    find_handle,
    find_links,
    fingerprint_input,
    kind,
    profile_link,
)
from conversations.model import Link

CORPUS = Path(__file__).parent / "links"
LANGUAGES = ("ar", "en", "es", "fr", "zgh")
INVISIBLE = re.compile(r"\\u([0-9a-f]{4})")


class Sample(NamedTuple):
    """One message of the corpus and what must be found in it."""

    said: str
    links: list[str]
    handle: str


def samples(language: str) -> list[Sample]:
    blocks = (CORPUS / f"{language}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return [_sample(block) for block in blocks if not block.startswith("#")]


def _sample(block: str) -> Sample:
    said = "\n".join(line[2:] for line in block.split("\n") if line.startswith("> "))
    found = [line[2:] for line in block.split("\n") if line.startswith("= ")]
    handle = "".join(line[2:] for line in block.split("\n") if line.startswith("@ "))
    said = INVISIBLE.sub(lambda match: chr(int(match[1], 16)), said).replace("\\n", "\n")
    return Sample(said, found, handle)


ALL = [(language, number, sample) for language in LANGUAGES for number, sample in enumerate(samples(language), 1)]


@pytest.mark.parametrize("sample", [s for _, _, s in ALL], ids=[f"{language}-{number}" for language, number, _ in ALL])
def test_corpus(sample: Sample) -> None:
    assert [link.canonical for link in find_links(sample.said)] == sample.links
    assert find_handle(sample.said) == sample.handle


def test_the_corpus_is_large_and_speaks_five_languages() -> None:
    assert {path.stem for path in CORPUS.iterdir()} == set(LANGUAGES)
    assert len(ALL) >= 300
    assert min(len(samples(language)) for language in LANGUAGES) >= 40
    assert len({sample.said for _, _, sample in ALL}) == len(ALL)


def test_different_posts_of_the_corpus_stay_different() -> None:
    """Each canonical form is reached from its own: no two lines of the corpus meet that were not written to meet."""
    expected = {link for _, _, sample in ALL for link in sample.links}
    reached = {fingerprint_input(link) for address in expected for link in find_links(address)}
    assert reached == expected


def test_the_link_is_kept_as_received() -> None:
    text = "voir hxxps://www[.]tiktok[.]com/@Ali.B/video/123?_t=8h, merci"
    assert find_links(text) == (
        Link(
            "hxxps://www[.]tiktok[.]com/@Ali.B/video/123?_t=8h",
            "https://www.tiktok.com/@_/video/123",
            "tiktok",
            "ali.b",
        ),
    )


def test_addresses_that_the_platform_marked_are_links_too() -> None:
    marked = ("https://evil.example/x", "tg://user?id=5", "http://t.me/canal_x/7", "mailto:a@example.com")
    found = find_links("cliquez sur good.example.com et t.me/Canal_X/7", marked)
    assert [link.canonical for link in found] == [
        "https://good.example.com/",
        "https://t.me/canal_x/7",
        "https://evil.example/x",
        "tg://user?id=5",
    ]


def test_what_a_platform_marked_wrongly_is_no_link() -> None:
    assert find_links("", ("Bonjour.je", "javascript:alert(1)", "", "\ud800")) == ()


def test_ten_links_are_returned_and_all_are_counted() -> None:
    text = "\n".join(f"https://example.org/{number}" for number in range(25)) + " https://example.org/1"
    assert [link.received[-2:] for link in find_links(text)] == [f"/{number}" for number in range(MOST_LINKS)]
    assert count_links(text) == 25


def test_half_a_link_is_another_link() -> None:
    assert find_links("https://example.org/" + "a" * (LONGEST_LINK - 20))
    assert find_links("https://example.org/" + "a" * LONGEST_LINK) == ()


KINDS = {
    "https://x.com/a/status/1": "post",
    "https://www.instagram.com/a": "profile",
    "https://www.facebook.com/groups/a": "group",
    "https://t.me/+AbCdEfGhIjKlMnOp": "group",
    "https://t.me/canal_x": "channel",
    "https://www.youtube.com/@canal": "channel",
    "https://www.instagram.com/stories/a/1": "story",
    "https://vm.tiktok.com/ZMabc": "short",
    "https://bit.ly/abc": "short",
    "https://www.facebook.com/share/abc": "short",
    "https://example.org/a.apk": "file",
    "https://mega.nz/file/a#b": "file",
    "https://example.org": "site",
    "https://example.org/a": "post",
}


@pytest.mark.parametrize("address", KINDS)
def test_kinds(address: str) -> None:
    (link,) = find_links(address)
    assert kind(link) == KINDS[address]


def test_a_name_becomes_a_link_once_its_platform_is_known() -> None:
    assert profile_link("tiktok", "@Ali.B") == Link("@Ali.B", "https://www.tiktok.com/@ali.b", "tiktok", "ali.b")
    assert profile_link("tiktok", "not a name") is None
    assert profile_link("whatsapp", "ali") is None
    assert profile_link("nowhere", "ali") is None


DEFANGED = {
    "https://exa.mple/path": "hxxps://exa[.]mple/path",
    "http://user@exa.mple": "hxxp://user[@]exa[.]mple",
    "https://t.me/@canal?u=https://x.com": "hxxps://t[.]me/[@]canal?u=https[:]//x[.]com",
    "tg://resolve?domain=canal": "tg[:]//resolve?domain=canal",
    "https://xn--4gbrim.xn--mgbc0a9azcg/a": "hxxps://xn--4gbrim[.]xn--mgbc0a9azcg/a (موقع[.]المغرب)",
    "https://موقع.المغرب/a": "hxxps://xn--4gbrim[.]xn--mgbc0a9azcg/a (موقع[.]المغرب)",
    "https://a.example/\u202egpj.exe\n+212612345678 /start #tag": "hxxps://a[.]example/gpj[.]exe [+]212612345678 "
    "[/]start [#]tag",
}


@pytest.mark.parametrize("url", DEFANGED)
def test_defanged(url: str) -> None:
    assert defang(url) == DEFANGED[url]


def test_defanged_is_cut() -> None:
    shown = defang("https://exa.mple/" + "a" * 500)
    assert len(shown) == 200
    assert shown.endswith("aaa…")
    assert len(defang("https://xn--4gbrim.xn--mgbc0a9azcg/" + "a" * 160)) <= 200


SHORT_FORMS = {
    "https://www.facebook.com/exemple/posts/pfbid02Kx9mQ7vYd": "www[.]facebook[.]com…d02Kx9mQ7vYd",
    "https://t.me/canal_x": "t[.]me…l_x",
    "https://example.org": "example[.]org",
    "tg://user?id=123456789": "tg…id=123456789",
}


@pytest.mark.parametrize("address", SHORT_FORMS)
def test_short_forms(address: str) -> None:
    (link,) = find_links(address)
    assert short_form(link) == SHORT_FORMS[address]
