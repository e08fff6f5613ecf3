"""What a request brings, read without a framework, is what werkzeug reads in it; and what a door answers when it breaks."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from bot.exchange import Delivered, TooLarge, first, pairs
from bot.house import House
from bot.telegram import Telegram
from tests.doors import SECRET, Telegrammer, client, house
from webhook_app import Front

FORM = "application/x-www-form-urlencoded"
NOBODY = "postgresql://nobody@127.0.0.1:9/none"
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
written = st.lists(st.tuples(words, words), max_size=8).map(lambda form: urlencode(form).encode())


def environ(body: bytes = b"", query: str = "", path: str = "/whatsapp", **given: Any) -> dict[str, Any]:
    built = EnvironBuilder(method="POST", path=path, query_string=query, data=body, content_type=FORM, **given)
    return built.get_environ()


@settings(max_examples=40)
@given(written | st.binary(max_size=60) | st.text("ab=&+%2fFé;", max_size=30).map(str.encode))
@example(b"a=%D8%B3+b&a=2&=&&b&%FF=%D8x&c=%")
@example(b"a=1&b=\xff")
def test_a_form_is_read_as_werkzeug_reads_it(body: bytes) -> None:
    ours, theirs = Delivered(environ(body), 1 << 20), Request(environ(body))
    assert sorted(ours.form) == sorted(theirs.form.items(multi=True))
    assert first(ours.form) == theirs.form.to_dict()


@pytest.mark.parametrize("query", ["", "answer=ab&answer=c", "q=%D8%B3%20x&q=&answer", "?answer=1"])
@pytest.mark.parametrize("path", ["/whatsapp", "//whatsapp"])
def test_an_address_is_read_as_werkzeug_reads_it(query: str, path: str) -> None:
    ours, theirs = Delivered(environ(query=query) | {"PATH_INFO": path}, 99), Request(environ(query=query))
    assert ours.path == theirs.full_path.removesuffix("?")
    assert ours.asked("answer") == theirs.args.get("answer", "")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data; boundary=x"])
def test_only_a_form_is_one(kind: str) -> None:
    assert not Delivered(environ(b"a=b") | {"CONTENT_TYPE": kind}, 99).form
    assert Delivered(environ(b"a=b") | {"CONTENT_TYPE": f"{FORM.upper()} ; charset=UTF-8"}, 99).form == [("a", "b")]


class Slow(io.BytesIO):
    """A stream that gives what has come, a little at a time."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 7))


@pytest.mark.parametrize(("length", "read"), [("40", 40), ("0", 0), ("-1", 0), ("x", 0), ("90", 50)])
def test_a_body_is_read_as_far_as_it_says_and_comes(length: str, read: int) -> None:
    given = environ() | {"CONTENT_LENGTH": length, "wsgi.input": Slow(b"x" * 50)}
    assert len(Delivered(given, 90).body) == read


def test_a_body_too_long_is_not_touched() -> None:
    given = environ(b"x" * 50)
    with pytest.raises(TooLarge):
        _ = Delivered(given, 49).body
    assert given["wsgi.input"].read() == b"x" * 50


def test_what_says_no_length_has_none() -> None:
    endless = environ(b"a=b") | {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert Delivered(endless, 99).length is None and Delivered(environ(b"a=b"), 99).length == 3


def test_pairs_of_what_is_no_text_are_none() -> None:
    assert pairs(b"\xff=1") == []


@pytest.fixture
def nowhere() -> FlaskClient:
    return client(house(NOBODY))


def test_a_door_that_breaks_is_500_and_quotes_nothing(
    nowhere: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: Telegram, __: Delivered) -> None:
        raise RuntimeError("what Amina said")

    monkeypatch.setattr(Telegram, "read", broken)
    citizen = Telegrammer(nowhere)
    answer = citizen.knock(citizen.update("what Amina said"))
    assert (answer.status_code, answer.get_data()) == (500, b"")
    assert answer.headers["X-Frame-Options"] == "DENY"
    (line,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert line.getMessage() == "a door failed: telegram" and line.exc_info


def test_every_answer_of_a_door_says_its_kind_and_length_once(nowhere: FlaskClient) -> None:
    proof = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    for headers, status in (({}, 403), (proof, 200)):
        answer = nowhere.post("/telegram", data=b"{}", headers=headers)
        assert (answer.status_code, answer.content_length, answer.mimetype) == (status, 0, "text/html")
        assert len(answer.headers) == len(set(answer.headers.keys())) == 7


def test_what_is_no_delivery_goes_to_flask() -> None:
    home: House = house(NOBODY)
    doors = client(home)
    assert isinstance(doors.application, Front)
    assert doors.post("/healthz").status_code == 405 and doors.post("/telegram/x").status_code == 404
    assert set(doors.options("/telegram").allow) == {"OPTIONS", "POST"}
    home.engine.dispose()
