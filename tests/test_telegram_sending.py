"""What the bot sends, through the library and over HTTP, and what comes of each way to fail."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

import pytest

from bot.channel import Button, SendFailed, Unreadable, Words
from bot.telegram import ALLOWED_UPDATES, Telegram
from bot.telegram_layout import card_buttons

TOKEN = "123456789:AAExampleTokenThatNobodyEverHeldAAAAAA"
SECRET = "a-webhook_secret"
FRENCH = Words(
    "Comment vous joindre ?",
    "fr",
    choices=(Button("Partager mon numéro", "share", asks="contact"), Button("Passer", "skip")),
    commands=(Button("Retour", "back"), Button("Arrêter", "stop")),
    open=True,
)


class Server(ThreadingHTTPServer):
    """A Bot API that says what it is told to say, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: tuple[int, bytes] = (200, b"")
        self.pause = 0.0
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def gives(self, result: object) -> None:
        self.answer = (200, json.dumps({"ok": True, "result": result}).encode())

    def refuses(self, status: int, description: str, **parameters: object) -> None:
        refusal = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
        self.answer = (status, json.dumps(refusal).encode())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, dict(parse_qsl(body))))
        time.sleep(self.server.pause)
        status, answer = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        pass


SENT = {"message_id": 501, "date": 1795320000, "chat": {"id": 712345001, "type": "private"}, "text": "x"}


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        running.gives(SENT)
        yield running
        running.shutdown()


@pytest.fixture
def telegram(server: Server) -> Iterator[Telegram]:
    made = Telegram(TOKEN, SECRET, api_base=server.base, timeout=2)
    yield made
    made.close()


class TestSend:
    def test_a_message_leaves(self, telegram: Telegram, server: Server) -> None:
        assert telegram.send("712345001", FRENCH) == "501"
        path, asked = server.asked[0]
        assert path == f"/bot{TOKEN}/sendMessage"
        assert asked["text"] == FRENCH.text
        assert json.loads(asked["link_preview_options"]) == {"is_disabled": True}
        assert asked.keys() == {"chat_id", "text", "link_preview_options"}  # no keyboard: the one at hand stays

    def test_a_card_is_sent_protected(self, telegram: Telegram, server: Server) -> None:
        rows = [[("Take", "1:17:take"), ("Split", "1:17:split")]]
        assert telegram.show_card("-1001900000001", "Incident 17", rows, quiet=True) == "501"
        _, asked = server.asked[0]
        assert (asked["protect_content"], asked["disable_notification"]) == ("true", "true")
        assert json.loads(asked["link_preview_options"]) == {"is_disabled": True}
        assert json.loads(asked["reply_markup"])["inline_keyboard"][0][0] == {
            "text": "Take",
            "callback_data": "1:17:take",
        }

    def test_a_card_is_edited_with_its_preview_off(self, telegram: Telegram, server: Server) -> None:
        assert telegram.show_card("-1001900000001", "Incident 17", [], "501") == "501"
        path, asked = server.asked[0]
        assert path.endswith("/editMessageText")
        assert asked["message_id"] == "501"
        assert json.loads(asked["link_preview_options"]) == {"is_disabled": True}
        assert "reply_markup" not in asked

    def test_a_card_that_already_shows_this_is_shown(self, telegram: Telegram, server: Server) -> None:
        server.refuses(400, "Bad Request: message is not modified: specified new message content and reply markup …")
        assert telegram.show_card("-1001900000001", "Incident 17", [], "501") == "501"

    def test_a_card_that_is_gone_is_said_to_be(self, telegram: Telegram, server: Server) -> None:
        server.refuses(400, "Bad Request: message to edit not found")
        with pytest.raises(SendFailed) as failed:
            telegram.show_card("-1001900000001", "Incident 17", [], "501")
        assert (failed.value.code, failed.value.retry) == ("message-gone", False)

    def test_callback_data_is_counted_in_bytes(self) -> None:
        assert card_buttons([[("x", "a" * 64)]]) is not None
        with pytest.raises(ValueError, match="66 bytes"):
            card_buttons([[("x", "é" * 33)]])

    def test_deleting_what_is_gone_succeeds(self, telegram: Telegram, server: Server) -> None:
        server.refuses(400, "Bad Request: message to delete not found")
        telegram.delete("712345001", "41")
        server.refuses(400, "Bad Request: message can't be deleted for everyone")
        with pytest.raises(SendFailed, match="too-old"):
            telegram.delete("712345001", "41")


TROUBLE: list[tuple[tuple[int, str, dict[str, object]], tuple[str, bool, float, str]]] = [
    ((429, "Too Many Requests: retry after 17", {"retry_after": 17}), ("slow-down", True, 17.0, "")),
    ((400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1005}), ("moved", False, 0.0, "-1005")),
    ((403, "Forbidden: bot was blocked by the user", {}), ("blocked", False, 0.0, "")),
    ((403, "Forbidden: bot was kicked from the supergroup chat", {}), ("blocked", False, 0.0, "")),
    ((401, "Unauthorized", {}), ("token", False, 0.0, "")),
    ((404, "Not Found", {}), ("token", False, 0.0, "")),
    ((409, "Conflict: can't use getUpdates method while webhook is active", {}), ("conflict", False, 0.0, "")),
    ((400, "Bad Request: chat not found", {}), ("chat-not-found", False, 0.0, "")),
    ((400, "Bad Request: MESSAGE_ID_INVALID", {}), ("message-gone", False, 0.0, "")),
    ((400, "Bad Request: something that was never seen", {}), ("refused", False, 0.0, "")),
    ((500, "Internal Server Error", {}), ("network", True, 0.0, "")),
    ((502, "Bad Gateway", {}), ("network", True, 0.0, "")),
]


class TestTrouble:
    @pytest.mark.parametrize(("refusal", "expected"), TROUBLE)
    def test_each_kind_of_failure_has_its_word(
        self,
        telegram: Telegram,
        server: Server,
        refusal: tuple[int, str, dict[str, object]],
        expected: tuple[str, bool, float, str],
    ) -> None:
        server.refuses(refusal[0], refusal[1], **refusal[2])
        with pytest.raises(SendFailed) as caught:
            telegram.send("712345001", FRENCH)
        failed = caught.value
        assert (failed.code, failed.retry, failed.after, failed.moved_to) == expected
        assert str(failed) == failed.code

    def test_the_wait_may_come_as_a_timedelta(
        self, telegram: Telegram, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PTB_TIMEDELTA", "true")
        server.refuses(429, "Too Many Requests", retry_after=3)
        with pytest.raises(SendFailed) as failed:
            telegram.send("712345001", FRENCH)
        assert failed.value.after == 3.0

    @pytest.mark.parametrize("status", [200, 503])
    def test_an_answer_that_is_no_json_is_not_quoted(
        self, telegram: Telegram, server: Server, status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.answer = (status, b"<html>a citizen's words")
        with pytest.raises(SendFailed, match="network"):
            telegram.send("712345001", FRENCH)
        assert "citizen" not in caplog.text

    def test_silence_is_a_timeout(self, server: Server) -> None:
        server.pause = 1.0
        hasty = Telegram(TOKEN, SECRET, api_base=server.base, timeout=0.2)
        with pytest.raises(SendFailed) as failed:
            hasty.send("712345001", FRENCH)
        hasty.close()
        assert (failed.value.code, failed.value.retry) == ("timeout", True)

    def test_nobody_there_is_worth_another_try(self, server: Server) -> None:
        server.server_close()
        lost = Telegram(TOKEN, SECRET, api_base=server.base)
        with pytest.raises(SendFailed) as failed:
            lost.send("712345001", FRENCH)
        lost.close()
        assert (failed.value.code, failed.value.retry) == ("network", True)

    def test_neither_token_nor_words_are_logged(
        self, telegram: Telegram, server: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(0)
        telegram.send("712345001", FRENCH)
        server.refuses(400, "Bad Request: chat not found")
        with pytest.raises(SendFailed):
            telegram.send("712345001", FRENCH)
        for private in (TOKEN, FRENCH.text, "712345001"):
            assert private not in caplog.text


class TestSetUp:
    def test_a_webhook_is_set_with_everything_named(self, telegram: Telegram, server: Server) -> None:
        server.gives(True)
        telegram.set_webhook("https://bot.example/telegram", max_connections=20)
        _, asked = server.asked[0]
        assert asked["secret_token"] == SECRET
        assert json.loads(asked["allowed_updates"]) == list(ALLOWED_UPDATES)
        assert (asked["max_connections"], asked["drop_pending_updates"]) == ("20", "false")

    def test_a_webhook_is_shown_and_dropped(self, telegram: Telegram, server: Server) -> None:
        server.gives(
            {"url": "https://bot.example/telegram", "has_custom_certificate": False, "pending_update_count": 3}
        )
        assert telegram.webhook_info()["pending_update_count"] == 3
        server.gives(True)
        telegram.drop_webhook()
        assert server.asked[-1] == (f"/bot{TOKEN}/deleteWebhook", {"drop_pending_updates": "false"})

    def test_polling_brings_updates_as_they_are(self, telegram: Telegram, server: Server) -> None:
        raw = [{"update_id": 7, "hologram": {"x": 1}}, {"update_id": 8, "message": {"no": "date"}}]
        server.gives(raw)
        assert telegram.updates(7, 0) == raw
        assert (server.asked[0][0], server.asked[0][1]["offset"]) == (f"/bot{TOKEN}/getUpdates", "7")
        assert telegram.read_json(json.dumps(raw[0])) is None
        with pytest.raises(Unreadable):
            telegram.read_json(json.dumps(raw[1]))

    def test_menus_are_set_for_languages_that_telegram_knows(self, telegram: Telegram, server: Server) -> None:
        server.gives(True)
        telegram.set_commands({"": [("help", "Help")], "ar": [("help", "مساعدة")], "zgh": [("help", "ⵜⵉⵡⵉⵙⵉ")]})
        assert [asked.get("language_code") for _, asked in server.asked] == [None, "ar"]
        assert json.loads(server.asked[1][1]["commands"]) == [{"command": "help", "description": "مساعدة"}]

    def test_the_bot_knows_itself(self, telegram: Telegram, server: Server) -> None:
        server.gives({"id": 8, "is_bot": True, "first_name": "C", "username": "channel_bot"})
        assert telegram.me()["username"] == "channel_bot"


FORKED = """
import os, sys
from bot.channel import Words
from bot.telegram import Telegram
telegram = Telegram(sys.argv[1], "s", api_base=sys.argv[2])
assert telegram.send("1", Words("before", "en")) == "501"
child = os.fork()
if not child:
    os._exit(0 if telegram.send("1", Words("in the child", "en")) == "501" else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert telegram.send("1", Words("after", "en")) == "501"
"""


def test_a_forked_child_sends_too(server: Server) -> None:
    subprocess.run([sys.executable, "-c", FORKED, TOKEN, server.base], check=True, timeout=30)
    assert [asked["text"] for _, asked in server.asked] == ["before", "in the child", "after"]
