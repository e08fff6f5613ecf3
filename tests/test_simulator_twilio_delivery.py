"""The stand-in for Twilio posts signed forms, follows TwiML, and repeats only what it was told to repeat."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Request, Response
from twilio.request_validator import RequestValidator

from simulator.standins import Standins
from simulator.twilio_delivery import Webhook
from tests.echo import Echo
from tests.standing import twiml


@pytest.fixture
def echo(world: Standins) -> Iterator[Echo]:
    with Echo(answers=lambda _request: twiml()) as echo:
        world.twilio.delivery.webhook = Webhook(echo.url)
        yield echo


def texts(world: Standins, citizen: Any) -> list[str]:
    return [note.body for note in world.notes(citizen) if note.direction != "inbound"]


def errors(world: Standins) -> list[int]:
    return [entry["error_code"] for entry in world.twilio.messages.debugger]


@pytest.mark.parametrize(
    ("shows", "has", "lacks"),
    [
        ("phone", {"WaId"}, {"ExternalUserId"}),
        ("both", {"WaId", "ExternalUserId"}, set()),
        ("bsuid", {"ExternalUserId"}, {"WaId"}),
    ],
)
def test_a_form_is_signed_and_names_the_sender(
    world: Standins, echo: Echo, shows: str, has: set[str], lacks: set[str]
) -> None:
    citizen = world.whatsapp_person("MA", shows)
    world.on_whatsapp.say(citizen, "سلام http://a.example/b?c=d&e")
    assert world.seen(lambda: len(echo.came) == 1)
    form = echo.came[0].form
    validator = RequestValidator(world.accounts.twilio_auth_token)
    assert validator.validate(echo.url, form, echo.came[0].headers["X-Twilio-Signature"])
    assert not validator.validate(echo.url, form | {"Body": "else"}, echo.came[0].headers["X-Twilio-Signature"])
    assert has <= set(form) and not lacks & set(form)
    assert form["From"] == (f"whatsapp:{citizen.bsuid}" if shows == "bsuid" else f"whatsapp:{citizen.phone}")
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"] and form["Body"].startswith("سلام")


def test_every_kind_of_message_has_its_fields(world: Standins, echo: Echo) -> None:
    citizen, on = world.whatsapp_person(), world.on_whatsapp
    on.photo(citizen, "look")
    on.contact(citizen)
    on.location(citizen)
    on.forward(citizen)
    on.press(citizen, "Scam", "scam")
    on.pick(citizen, "Hate", "hate")
    assert world.seen(lambda: len(echo.came) == 6)
    kinds = {came.form["MessageType"]: came.form for came in echo.came}
    assert kinds["image"]["NumMedia"] == "1" and kinds["image"]["MediaContentType0"] == "image/jpeg"
    assert kinds["contacts"]["MediaContentType0"] == "text/vcard" and kinds["contacts"]["Body"] == ""
    assert kinds["location"]["Latitude"] and kinds["text"]["FrequentlyForwarded"] == "true"
    assert kinds["button"]["ButtonPayload"] == "scam" and kinds["button"]["Body"] == "Scam"
    assert kinds["interactive"]["ListId"] == kinds["interactive"]["Body"] == "hate"


def test_the_answer_is_shown_within_twimls_limits(world: Standins, echo: Echo) -> None:
    citizen = world.whatsapp_person()
    echo.answers = lambda _request: twiml("x" * 1600, "y" * 1601, *map(str, range(12)))
    world.on_whatsapp.say(citizen, "hello")
    assert world.seen(lambda: len(texts(world, citizen)) == 10)
    assert len(texts(world, citizen)[0]) == 1600
    assert errors(world) == [14103, 14109]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Response("<Response><Message>a\x0b</Message></Response>", mimetype="text/xml"), 12100),
        (Response("<html></html>", mimetype="text/html"), 12300),
        (Response("<Response>" + " " * 65536 + "</Response>", mimetype="text/xml"), 11750),
        (Response("", 500), 11200),
        (Response("", 302), 11200),
    ],
)
def test_a_bad_answer_is_logged_and_the_message_is_lost(
    world: Standins, echo: Echo, answer: Response, code: int
) -> None:
    citizen = world.whatsapp_person()
    echo.answers = lambda _request: answer
    world.on_whatsapp.say(citizen, "hello")
    assert world.seen(lambda: errors(world) == [code])
    assert not world.seen(lambda: len(echo.came) > 1, 0.2)


def test_overrides_repeat_with_one_token_and_then_the_fallback_is_called(world: Standins, echo: Echo) -> None:
    citizen = world.whatsapp_person()
    echo.answers = lambda _request: ("", 503) if len(echo.came) < 5 else twiml("at last")
    fallback = echo.url.replace("hook", "fallback")
    world.twilio.delivery.webhook = Webhook(f"{echo.url}#rc=3&rp=5xx,ct,rt", fallback)
    world.on_whatsapp.say(citizen, "hello")
    assert world.seen(lambda: texts(world, citizen) == ["at last"])
    tokens = [came.headers["I-Twilio-Idempotency-Token"] for came in echo.came]
    assert len(set(tokens[:4])) == 1 and len(tokens) == 5
    assert [a["url"] for a in world.twilio.delivery.attempts] == [echo.url] * 4 + [fallback]
    assert len({came.form["MessageSid"] for came in echo.came}) == 1


def test_a_slow_answer_is_too_late(world: Standins, echo: Echo) -> None:
    def slowly(_request: Request) -> Response:
        time.sleep(0.6)
        return twiml("too late")

    echo.answers, world.twilio.delivery.patience = slowly, 0.3
    citizen = world.whatsapp_person()
    world.on_whatsapp.say(citizen, "hello")
    assert world.seen(lambda: errors(world) == [11200])
    assert texts(world, citizen) == []


def test_a_refused_connection_is_tried_once_more_by_default(world: Standins) -> None:
    world.twilio.delivery.webhook = Webhook("http://127.0.0.1:9/none")
    world.on_whatsapp.say(world.whatsapp_person(), "hello")
    assert world.seen(lambda: errors(world) == [11205])
    assert len(world.twilio.delivery.attempts) == 2


def test_deliveries_can_be_lost_repeated_and_reordered(world: Standins, echo: Echo) -> None:
    citizen, troubles = world.whatsapp_person(), world.twilio.delivery.troubles
    world.twilio.delivery.webhook = Webhook(f"{echo.url}#rc=3&rp=rt")
    troubles.lose = 1
    world.on_whatsapp.say(citizen, "lost")
    assert world.seen(lambda: len(echo.came) == 2)
    troubles.repeat = 1
    world.on_whatsapp.say(citizen, "again")
    assert world.seen(lambda: len(echo.came) == 4)
    troubles.hold = 1
    world.on_whatsapp.say(citizen, "first")
    world.on_whatsapp.say(citizen, "second")
    assert world.seen(lambda: len(echo.came) == 6)
    assert [came.form["Body"] for came in echo.came] == ["lost", "lost", "again", "again", "second", "first"]
