"""What we reckon and write ourselves is what Twilio's own library reckons and writes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.datastructures import MultiDict

from bot.whatsapp_layout import sendable, twiml
from bot.whatsapp_signature import Signatures

ADDRESS, OLD, NEW = "https://bot.example.org/whatsapp", "0" * 32, "1" * 32
SIGNED = Signatures([NEW, OLD])

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
forms = st.lists(st.tuples(texts, texts), max_size=8)


@given(forms, st.sampled_from([OLD, NEW]))
def test_what_twilio_signs_holds_and_nothing_that_was_changed(form: list[tuple[str, str]], token: str) -> None:
    signature = RequestValidator(token).compute_signature(ADDRESS, MultiDict(form))
    assert SIGNED.holds(ADDRESS, form, signature)
    assert not SIGNED.holds(f"{ADDRESS}?x", form, signature)
    assert not SIGNED.holds(ADDRESS, [*form, ("Body", "x")], signature)
    assert not SIGNED.holds(ADDRESS, form, signature[:-2]) and not SIGNED.holds(ADDRESS, form, "")


def test_an_address_may_be_signed_with_its_port() -> None:
    form = [("Body", "hello")]
    with_port = RequestValidator(NEW).compute_signature("https://bot.example.org:443/whatsapp", dict(form))
    assert SIGNED.holds(ADDRESS, form, with_port)


def test_a_signature_that_is_not_ascii_is_forged() -> None:
    assert not SIGNED.holds(ADDRESS, [("Body", "hello")], "é" * 28)


@given(st.lists(texts.filter(lambda text: bool(text.strip())), max_size=3))
def test_a_response_is_written_as_the_library_writes_it(said: list[str]) -> None:
    held = [text for text in said if _can_be_said(text)]
    response = MessagingResponse()
    for text in held:
        response.message(sendable(text))
    assert twiml(*held) == str(response)


def _can_be_said(text: str) -> bool:
    try:
        return bool(sendable(text))
    except ValueError:
        return False
