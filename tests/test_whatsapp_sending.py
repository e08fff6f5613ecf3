"""What we ask of Twilio's REST API, through its own client and over HTTP, and what comes of each way to fail."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from bot.channel import Alias, Button, SendFailed, Words
from bot.whatsapp import WhatsApp
from bot.whatsapp_layout import layout
from conversations.model import Media

ACCOUNT = "AC00000000000000000000000000000001"
ROOT = f"/2010-04-01/Accounts/{ACCOUNT}"
CITIZEN = "whatsapp:+212612345678"
WORDS = Words("Votre référence a du nouveau.", "fr", choices=(Button("Voir", "see"),))


class Server(ThreadingHTTPServer):
    """A Twilio that says what it is told to say at each path, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.pause = 0.0
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def gives(self, path: str, status: int, answer: object) -> None:
        self.answers[ROOT + path] = (status, json.dumps(answer).encode() if answer is not None else b"")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        address = urlsplit(self.path)
        self.server.asked.append((self.command, address.path, dict(parse_qsl(body or address.query))))
        time.sleep(self.server.pause)
        status, answer = self.server.answers[address.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_DELETE = do_POST

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        running.gives("/Messages.json", 201, {"sid": "SM77", "status": "queued"})
        yield running
        running.shutdown()


@pytest.fixture
def whatsapp(server: Server) -> WhatsApp:
    return WhatsApp(ACCOUNT, ["12345"], "whatsapp:+14155550100", "https://bot.example", api_base=server.base)


def test_a_message_leaves(whatsapp: WhatsApp, server: Server) -> None:
    assert whatsapp.send(CITIZEN, WORDS) == "SM77"
    assert server.asked == [
        ("POST", ROOT + "/Messages.json", {"To": CITIZEN, "From": "whatsapp:+14155550100", "Body": layout(WORDS)})
    ]


def test_every_host_of_twilio_is_replaced(server: Server) -> None:
    from bot.whatsapp_client import _Connections

    through = _Connections(server.base + "/stand-in/")
    assert through._address("https://content.twilio.com/v1/Content?x=1") == f"{server.base}/stand-in/v1/Content?x=1"
    assert _Connections("")._address("https://api.twilio.com/a?b") == "https://api.twilio.com/a?b"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 63016, ("window-closed", False, 0.0)),
        (400, 63014, ("blocked", False, 0.0)),
        (400, 21610, ("blocked", False, 0.0)),
        (400, 63003, ("no-such-address", False, 0.0)),
        (429, 20429, ("slow-down", True, 0.0)),
        (429, None, ("slow-down", True, 0.0)),
        (400, 63017, ("slow-down", True, 0.0)),
        (400, 63018, ("slow-down", True, 0.0)),
        (400, 63038, ("daily-limit", True, 3600.0)),
        (401, 20003, ("token", False, 0.0)),
        (401, None, ("token", False, 0.0)),
        (400, 63013, ("refused-63013", False, 0.0)),
        (500, 20500, ("network", True, 0.0)),
        (503, None, ("network", True, 0.0)),
    ],
)
def test_each_kind_of_failure_has_its_word(
    whatsapp: WhatsApp, server: Server, status: int, code: int | None, expected: tuple[str, bool, float]
) -> None:
    refusal = {"message": f"The number {CITIZEN} …", "status": status, **({"code": code} if code else {})}
    server.gives("/Messages.json", status, refusal)
    with pytest.raises(SendFailed) as caught:
        whatsapp.send(CITIZEN, WORDS)
    failed = caught.value
    assert (failed.code, failed.retry, failed.after) == expected
    assert str(failed) == failed.code


@pytest.mark.parametrize("status", [201, 502])
def test_an_answer_that_is_no_json_is_worth_another_try(whatsapp: WhatsApp, server: Server, status: int) -> None:
    server.answers[ROOT + "/Messages.json"] = (status, b"<html>")
    with pytest.raises(SendFailed) as failed:
        whatsapp.send(CITIZEN, WORDS)
    assert (failed.value.code, failed.value.retry) == ("network", True)


def test_silence_is_a_timeout(server: Server) -> None:
    server.pause = 1.0
    hasty = WhatsApp(
        ACCOUNT, ["12345"], "whatsapp:+14155550100", "https://bot.example", api_base=server.base, timeout=0.2
    )
    with pytest.raises(SendFailed) as failed:
        hasty.send(CITIZEN, WORDS)
    assert (failed.value.code, failed.value.retry) == ("timeout", True)


def test_nobody_there_is_worth_another_try(whatsapp: WhatsApp, server: Server) -> None:
    server.server_close()
    with pytest.raises(SendFailed) as failed:
        whatsapp.send(CITIZEN, WORDS)
    assert (failed.value.code, failed.value.retry) == ("network", True)


def test_neither_numbers_nor_words_are_logged(
    whatsapp: WhatsApp, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    whatsapp.send(CITIZEN, WORDS)
    server.gives("/Messages.json", 200, _page([]))
    whatsapp.messages_since(datetime(2026, 11, 22, tzinfo=UTC))
    server.gives("/Messages.json", 400, {"code": 63016, "message": CITIZEN})
    with pytest.raises(SendFailed):
        whatsapp.send(CITIZEN, WORDS)
    for private in ("212612345678", "14155550100", ACCOUNT, WORDS.text):
        assert private not in caplog.text


def _row(sid: str, minute: int, **more: Any) -> dict[str, Any]:
    when = format_datetime(datetime(2026, 11, 22, 2, minute, tzinfo=UTC))
    return {
        "sid": sid,
        "from": CITIZEN,
        "to": "whatsapp:+14155550100",
        "body": "",
        "direction": "inbound",
        "num_media": "0",
        "date_created": when,
        "date_sent": when,
        **more,
    }


def _page(rows: list[dict[str, Any]], key: str = "messages") -> dict[str, Any]:
    return {key: rows, "page": 0, "page_size": 50, "next_page_uri": None, "uri": ROOT + "/Messages.json"}


def test_what_was_missed_comes_oldest_first(
    whatsapp: WhatsApp, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [
        _row("SM3", 33, num_media="1"),
        _row("SM2", 32, direction="outbound-api", body="ours"),
        _row("SM1", 31, body="سلام"),
        _row("SM0", 30, body="hi", **{"from": "+212612345678"}),
    ]
    server.gives("/Messages.json", 200, _page(rows))
    media = {"uri": ROOT + "/Messages/SM3/Media/ME1.json", "content_type": "image/jpeg", "sid": "ME1"}
    server.gives("/Messages/SM3/Media.json", 200, _page([media], "media_list"))
    with caplog.at_level(logging.WARNING):
        missed = whatsapp.messages_since(datetime(2026, 11, 22, 2, 30, tzinfo=UTC))
    assert [(message.delivery, message.message.text) for message in missed] == [("SM1", "سلام"), ("SM3", "")]
    assert missed[0].aliases == (Alias("phone", "+212612345678"),)
    assert missed[0].address == CITIZEN
    handle = f"https://api.twilio.com{ROOT}/Messages/SM3/Media/ME1"
    assert missed[1].message.media == (Media("photo", handle, 0, "image/jpeg"),)
    assert server.asked[0][2]["DateSent>"] == "2026-11-22T02:30:00Z"
    assert caplog.messages == ["a message in Twilio's list cannot be read"]


def test_all_pages_are_read(whatsapp: WhatsApp, server: Server) -> None:
    first = {**_page([_row("SM2", 32, body="b")]), "next_page_uri": f"{ROOT}/More.json?Page=1&PageToken=x"}
    server.gives("/Messages.json", 200, first)
    server.gives("/More.json", 200, _page([_row("SM1", 31, body="a")]))
    missed = whatsapp.messages_since(datetime(2026, 11, 22, tzinfo=UTC))
    assert [message.delivery for message in missed] == ["SM1", "SM2"]
    assert parse_qs("Page=1&PageToken=x").keys() == server.asked[1][2].keys()


def test_a_message_is_deleted_at_twilio(whatsapp: WhatsApp, server: Server) -> None:
    server.gives("/Messages/SM1.json", 204, None)
    whatsapp.delete_message("SM1")
    assert server.asked == [("DELETE", ROOT + "/Messages/SM1.json", {})]


def test_deleting_what_is_gone_succeeds(whatsapp: WhatsApp, server: Server) -> None:
    server.gives("/Messages/SM1.json", 404, {"code": 20404, "message": "not found"})
    whatsapp.delete_message("SM1")
    assert len(server.asked) == 1


def test_an_unfinished_message_is_deleted_later(whatsapp: WhatsApp, server: Server) -> None:
    server.gives("/Messages/SM1.json", 409, {"code": 20009, "message": "not yet"})
    with pytest.raises(SendFailed) as failed:
        whatsapp.delete_message("SM1")
    assert (failed.value.code, failed.value.retry, failed.value.after) == ("not-finished", True, 60.0)
