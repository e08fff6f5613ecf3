"""The stand-in for Twilio's REST API refuses and answers as Twilio does, seen through the real client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from simulator.faults import Fault
from simulator.serve import Server
from simulator.standins import Standins
from simulator.twilio_delivery import Webhook
from tests.echo import Echo
from tests.standing import rest_client, twiml


@pytest.fixture
def client(server: Server) -> Client:
    return rest_client(server)


@pytest.fixture
def echo(world: Standins) -> Iterator[Echo]:
    with Echo(answers=lambda _request: twiml()) as echo:
        world.twilio.delivery.webhook = Webhook(echo.url)
        yield echo


def ours(world: Standins) -> str:
    return f"whatsapp:{world.accounts.whatsapp_number}"


def refused(code: int, status: int = 400) -> Any:
    return pytest.raises(TwilioRestException, check=lambda e: (e.code, e.status) == (code, status))


def test_a_message_is_sent_and_its_stages_are_told(world: Standins, echo: Echo, client: Client) -> None:
    citizen = world.whatsapp_person()
    world.on_whatsapp.say(citizen, "hello")
    assert world.seen(lambda: len(echo.came) == 1)
    sent = client.messages.create(from_=ours(world), to=citizen.address, body="news", status_callback=echo.url)
    assert sent.sid.startswith("SM") and sent.direction == "outbound-api"
    assert world.seen(lambda: len(echo.came) == 3)
    assert [came.form["MessageStatus"] for came in echo.came[1:]] == ["sent", "delivered"]
    validator = RequestValidator(world.accounts.twilio_auth_token)
    assert all(validator.validate(echo.url, c.form, c.headers["X-Twilio-Signature"]) for c in echo.came)


def test_sending_is_refused_with_twilios_codes(world: Standins, client: Client) -> None:
    citizen, sender = world.whatsapp_person(), ours(world)
    world.on_whatsapp.say(citizen, "hello")

    def send(**given: Any) -> Any:
        return client.messages.create(**({"from_": sender, "to": citizen.address, "body": "news"} | given))

    with refused(21617):
        send(body="x" * 1601)
    with refused(21619):
        send(body="")
    with refused(21211):
        send(to="whatsapp:nobody")
    with refused(63003):
        send(to="whatsapp:+212600099999")
    with refused(63007):
        send(from_="whatsapp:+15005550000")
    with refused(20001):
        send(risk_check="enable")
    world.on_whatsapp.block(citizen, True)
    with refused(63014):
        send()
    world.on_whatsapp.block(citizen, False)
    world.clock.change(forward=24 * 3600 + 1)
    with refused(63016):
        send()


def test_the_error_body_is_twilios(world: Standins, server: Server) -> None:
    own = world.accounts
    url = f"{server.url}/2010-04-01/Accounts/{own.twilio_account}/Messages.json"
    wrong = httpx.post(url, auth=(own.twilio_account, "wrong"))
    assert wrong.status_code == 401
    assert wrong.json() == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }
    assert httpx.post(url).status_code == 401


def test_a_closed_window_may_be_told_late(world: Standins, client: Client) -> None:
    citizen = world.whatsapp_person()
    world.twilio.late_errors = True
    sent = client.messages.create(from_=ours(world), to=citizen.address, body="news")
    assert world.seen(lambda: client.messages(sent.sid).fetch().status == "undelivered")
    assert client.messages(sent.sid).fetch().error_code == 63016


def test_the_list_is_filtered_and_paged_newest_first(world: Standins, client: Client) -> None:
    first, other = world.whatsapp_person(), world.whatsapp_person()
    for number in range(5):
        world.on_whatsapp.say(first, f"m{number}")
    world.clock.change(forward=3600)
    after = datetime.fromtimestamp(world.clock.now(), UTC)
    world.on_whatsapp.say(other, "later")
    found = client.messages.list(to=ours(world), page_size=2)
    assert [message.body for message in found] == ["later", "m4", "m3", "m2", "m1", "m0"]
    assert [message.body for message in client.messages.list(from_=first.address, limit=2)] == ["m4", "m3"]
    assert [message.body for message in client.messages.list(date_sent_after=after)] == ["later"]
    assert len(client.messages.list(date_sent_before=after)) == 5


def test_messages_are_blanked_and_deleted_when_finished(world: Standins, client: Client) -> None:
    citizen = world.whatsapp_person()
    note = world.on_whatsapp.say(citizen, "a secret")
    assert client.messages(note.sid).update(body="").body == ""
    assert client.messages(note.sid).delete()
    with refused(20404, 404):
        client.messages(note.sid).fetch()
    sent = client.messages.create(from_=ours(world), to=citizen.address, body="news")
    assert world.seen(lambda: world.twilio.messages.notes[sent.sid].status == "delivered")
    world.twilio.messages.notes[sent.sid].status = "queued"
    with refused(20009, 409):
        client.messages(sent.sid).delete()


def test_media_needs_credentials_and_redirects_to_a_host_that_refuses_them(
    world: Standins, server: Server, client: Client
) -> None:
    note = world.on_whatsapp.photo(world.whatsapp_person())
    own = world.accounts
    url = f"{server.url}/2010-04-01/Accounts/{own.twilio_account}/Messages/{note.sid}/Media/{note.media[0].sid}"
    key = (own.twilio_account, own.twilio_auth_token)
    assert httpx.get(url).status_code == 401
    step = httpx.get(url, auth=key)
    assert step.status_code == 307 and "localhost" in step.headers["Location"]
    assert httpx.get(step.headers["Location"], auth=key).status_code == 400
    assert httpx.get(url, auth=key, follow_redirects=True).content[:3] == b"\xff\xd8\xff"
    assert requests.get(url, auth=key, timeout=5).content[:3] == b"\xff\xd8\xff"
    listed = client.messages(note.sid).media.list()
    assert [file.content_type for file in listed] == ["image/jpeg"]
    assert client.messages(note.sid).media(listed[0].sid).delete()
    assert httpx.get(url, auth=key).status_code == 404


def test_content_becomes_buttons_within_whatsapps_limits(world: Standins, client: Client) -> None:
    citizen = world.whatsapp_person()
    world.on_whatsapp.say(citizen, "hello")

    def make(titles: list[str]) -> Any:
        actions = [{"title": title, "id": f"k{number}"} for number, title in enumerate(titles)]
        types = ContentList.Types({"twilio/quick-reply": {"body": "{{1}}", "actions": actions}})
        asked = {"friendly_name": "three", "language": "ar", "variables": {"1": "x"}, "types": types}
        return client.content.v1.contents.create(ContentList.ContentCreateRequest(asked))

    made = make(["{{2}}", "No", "Maybe"])
    variables = json.dumps({"1": "Is it so?", "2": "Yes"})
    client.messages.create(from_=ours(world), to=citizen.address, content_sid=made.sid, content_variables=variables)
    note = world.notes(citizen)[-1]
    assert note.body == "Is it so?" and [b["title"] for b in note.said["buttons"]] == ["Yes", "No", "Maybe"]
    assert [content.sid for content in client.content.v1.contents.list()] == [made.sid]
    for code, given in ((21656, "{"), (63013, json.dumps({"1": "x", "2": "y" * 21}))):
        with refused(code):
            client.messages.create(from_=ours(world), to=citizen.address, content_sid=made.sid, content_variables=given)
    four = make(["a", "b", "c", "d"])
    with refused(63013):
        client.messages.create(from_=ours(world), to=citizen.address, content_sid=four.sid)
    with refused(63013):
        make(["x" * 21])


def test_ordered_faults_strike(world: Standins, client: Client) -> None:
    citizen = world.whatsapp_person()
    world.on_whatsapp.say(citizen, "hello")
    world.twilio.faults.order(Fault(429, "send"))
    with refused(20429, 429):
        client.messages.create(from_=ours(world), to=citizen.address, body="x")
    world.twilio.faults.order(Fault(0, "send", after=True))
    with pytest.raises(requests.ConnectionError):
        client.messages.create(from_=ours(world), to=citizen.address, body="arrived all the same")
    assert world.notes(citizen)[-1].body == "arrived all the same"
