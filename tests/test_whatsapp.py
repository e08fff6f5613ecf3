"""WhatsApp's dialect as Twilio speaks it: what proves a request, how an answer looks, and that no form breaks the reading."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import EnvironBuilder

from bot.channel import Button, Forged, Inbound, Unreadable, Words
from bot.exchange import Delivered, Reply
from bot.whatsapp import WhatsApp
from bot.whatsapp_layout import layout, sendable, twiml
from bot.whatsapp_reading import PHONE, country
from conversations.model import Message

ACCOUNT = "AC00000000000000000000000000000001"
PUBLIC = "https://bot.example"
FORM = {"Body": "سلام & <b>", "From": "whatsapp:+212612345678", "MessageSid": "SM1", "AccountSid": ACCOUNT, "Blank": ""}
CITIZEN = Inbound("whatsapp", "SM1", (), "whatsapp:+212612345678", Message())
FORMS = [
    kept["form"]
    for path in sorted((Path(__file__).parent / "payloads/whatsapp").iterdir())
    if "form" in (kept := json.loads(path.read_text()))
]


def whatsapp(*tokens: str) -> WhatsApp:
    return WhatsApp(ACCOUNT, tokens or ("12345",), "whatsapp:+14155550100", PUBLIC + "/")


def request(form: Any = None, signature: str | None = None, path: str = "/whatsapp", **given: Any) -> Delivered:
    if form is not None:
        given["data"] = MultiDict(form)
    headers = Headers({} if signature is None else {"X-Twilio-Signature": signature})
    address = "http://127.0.0.1:8000"  # what a proxy in front makes of the public one
    built = EnvironBuilder(method="POST", base_url=address, path=path, headers=headers, **given)
    return Delivered(built.get_environ(), 1 << 20)


def signed(form: Any, token: str = "12345", path: str = "/whatsapp", address: str = PUBLIC) -> Delivered:
    signature = RequestValidator(token).compute_signature(address + path, MultiDict(form))
    return request(form, signature, path)


class TestCheck:
    def test_twilios_own_example(self) -> None:
        """The vector of Twilio's documentation."""
        form = {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+12349013030",
            "Digits": "1234",
            "From": "+12349013030",
            "To": "+18005551212",
        }
        channel = WhatsApp(ACCOUNT, ["12345"], "whatsapp:+14155550100", "https://mycompany.com")
        channel.check(request(form, "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", "/myapp.php?foo=1&bar=2"))

    @pytest.mark.parametrize("path", ["/whatsapp", "/whatsapp?fallback=1", "/whatsapp?q=%D8%B3%20x&q="])
    def test_a_signed_form_passes(self, path: str) -> None:
        whatsapp().check(signed(FORM, path=path))

    def test_a_name_that_comes_twice_passes(self) -> None:
        whatsapp().check(signed([("A", "2"), ("A", "1"), ("B", "3")]))

    def test_either_token_passes_while_they_are_changed(self) -> None:
        whatsapp("new", "old").check(signed(FORM, "old"))
        whatsapp("new", "old").check(signed(FORM, "new"))

    @pytest.mark.parametrize("address", ["https://bot.example:443", "https://bot.example"])
    def test_a_port_makes_no_difference(self, address: str) -> None:
        whatsapp().check(signed(FORM, address=address))

    @pytest.mark.parametrize(
        "forged",
        [
            request(FORM),
            request(FORM, ""),
            request(FORM, "é" * 28),
            signed(FORM, "another"),
            signed(FORM, address="http://bot.example"),
            signed(FORM, address="https://127.0.0.1:8000"),
            request(
                {**FORM, "Body": "changed"}, RequestValidator("12345").compute_signature(PUBLIC + "/whatsapp", FORM)
            ),
            request(
                {name: value for name, value in FORM.items() if value},
                RequestValidator("12345").compute_signature(PUBLIC + "/whatsapp", FORM),
            ),
        ],
    )
    def test_anything_else_is_forged(self, forged: Delivered) -> None:
        with pytest.raises(Forged):
            whatsapp().check(forged)

    def test_a_missing_signature_is_forged_before_the_body_is_read(self) -> None:
        environ = EnvironBuilder(method="POST", data={"a": "b"}).get_environ()
        with pytest.raises(Forged):
            whatsapp().check(Delivered(environ, 1 << 20))
        assert environ["wsgi.input"].read() == b"a=b"

    def test_signed_json_is_unreadable(self) -> None:
        signature = RequestValidator("12345").compute_signature(PUBLIC + "/whatsapp", {})
        asked = request(None, signature, json={"AccountSid": ACCOUNT})
        whatsapp().check(asked)
        with pytest.raises(Unreadable):
            whatsapp().read(asked)

    @pytest.mark.parametrize(
        ("tokens", "sender"), [("token", "whatsapp:+1"), ([], "whatsapp:+1"), ([""], "whatsapp:+1"), (["t"], "+1")]
    )
    def test_odd_settings_are_refused(self, tokens: Any, sender: str) -> None:
        with pytest.raises(ValueError, match=r"token|sender"):
            WhatsApp(ACCOUNT, tokens, sender, PUBLIC)


ARABIC = Words(
    "أي نوع من المحتوى؟",
    "ar",
    choices=(Button("الإرهاب", "terrorism"), Button("احتيال", "scam"), Button("غير ذلك", "other")),
    commands=(Button("رجوع", "back"), Button("توقف", "stop"), Button("مساعدة", "help")),
)
FRENCH = Words(
    "Racontez, si vous voulez.\n\nUn exemple : « il me demande 2 000 dirhams ».",
    "fr",
    choices=(Button("Passer", "skip"),),
    commands=(Button("Retour", "back"), Button("Arrêter", "stop")),
    open=True,
)


def said(response: Reply) -> str:
    assert response.kind == "text/xml; charset=utf-8"
    messages = ElementTree.fromstring(response.body).findall("Message")
    assert len(messages) == 1
    return messages[0].text or ""


class TestReply:
    def test_arabic(self) -> None:
        assert said(whatsapp().reply(CITIZEN, ARABIC)) == (
            "أي نوع من المحتوى؟\n\n1. الإرهاب\n2. احتيال\n3. غير ذلك\n\nرجوع · توقف · مساعدة"
        )

    def test_french_open(self) -> None:
        assert said(whatsapp().reply(CITIZEN, FRENCH)) == (
            "Racontez, si vous voulez.\n\nUn exemple : « il me demande 2 000 dirhams ».\n\n• Passer\n\nRetour · Arrêter"
        )

    def test_a_last_word_stands_alone(self) -> None:
        assert layout(Words("Merci.", "fr", last=True)) == "Merci."

    def test_signs_of_xml_are_words(self) -> None:
        assert said(whatsapp().say('a < b & c > "d"')) == 'a < b & c > "d"'

    def test_what_xml_cannot_carry_is_dropped(self) -> None:
        assert said(whatsapp().say("a\x00\x0b\x1f\ud83d\uffff\r\nb\tc")) == "a\nb\tc"

    @pytest.mark.parametrize("text", ["", "\n ", "x" * 1601, "🇲" * 801])
    def test_a_text_that_does_not_fit_is_our_bug(self, text: str) -> None:
        with pytest.raises(ValueError, match="1 to 1600 fit"):
            layout(Words(text, "en"))

    def test_the_longest_text_fits(self) -> None:
        assert len(sendable("x" * 1600)) == 1600

    def test_the_whole_message_counts(self) -> None:
        with pytest.raises(ValueError, match="1605 characters"):
            layout(Words("x" * 1600, "en", choices=(Button("y", "y"),), open=True))

    def test_nothing_is_an_empty_response(self) -> None:
        response = whatsapp().nothing()
        assert (response.status, response.kind) == (200, "text/xml; charset=utf-8")
        assert len(ElementTree.fromstring(response.body)) == 0

    @given(st.text(alphabet=st.characters(codec=None), min_size=1, max_size=200))
    def test_any_words_make_good_xml(self, text: str) -> None:
        try:
            document = twiml(sendable(text))
        except ValueError:
            assert not re.sub("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", "", text).strip()
        else:
            assert ElementTree.fromstring(document.encode()).findtext("Message")


NAMES = sorted({name for form in FORMS for name in form})
TEXTS = st.text(max_size=20) | st.sampled_from(["nan", "1e999", "whatsapp:", "whatsapp:+1", "true", "-1", "٣"])


@st.composite
def bent(draw: st.DrawFn) -> dict[str, str]:
    """A real form with some of its fields replaced or taken out."""
    form = dict(draw(st.sampled_from(FORMS)))
    form.update(draw(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), TEXTS, max_size=4)))
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3)):
        form.pop(name, None)
    return form


@settings(max_examples=300, deadline=None)
@given(bent() | st.dictionaries(TEXTS, TEXTS, max_size=5), st.booleans())
def test_nothing_that_can_be_sent_breaks_the_reading(form: dict[str, str], ours: bool) -> None:
    asked = request({**form, "AccountSid": ACCOUNT} if ours else form)
    try:
        event = whatsapp().read(asked)
    except Unreadable as unreadable:
        assert str(unreadable) in ("account", "form")
    else:
        assert not isinstance(event, Inbound) or (event.aliases and event.address and event.delivery)


@pytest.mark.parametrize("kind", [phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
def test_the_country_of_a_number_is_the_one_that_the_library_finds(kind: int) -> None:
    """We take a whole number apart by ourselves: the library's reading of what people type costs four times as much."""
    examples = (phonenumbers.example_number_for_type(region, kind) for region in phonenumbers.SUPPORTED_REGIONS)
    written = [phonenumbers.format_number(one, phonenumbers.PhoneNumberFormat.E164) for one in examples if one]
    for phone in filter(PHONE.fullmatch, written):
        region = phonenumbers.region_code_for_number(phonenumbers.parse(phone, None)) or ""
        assert country(phone) == (region if region.isalpha() else "")
    assert len(written) > 200 and country("+9995551234") == country("212612345678") == country("+21261") == ""
