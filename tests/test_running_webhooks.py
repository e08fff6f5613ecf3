"""`iblagh webhooks`: what the providers are told, and what they know, through the real clients."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner, Result

from bot.channel import SendFailed
from bot.cli import main
from bot.whatsapp import WhatsApp
from simulator.faults import Fault
from simulator.serve import Server
from simulator.twilio_delivery import Webhook
from tests.native_house import environment, whatsapp

PUBLIC = "https://bot.example.org"


def given(server: Server) -> dict[str, str]:
    return environment(server, "postgresql://nobody@127.0.0.1:9/none", PUBLIC)


def iblagh(named: dict[str, str], *words: str) -> Result:
    """As the command runs, within this process: what is started often in a test is not started anew."""
    nothing: dict[str, str | None] = {
        name: None for name in os.environ if name.startswith(("TELEGRAM_", "TWILIO_", "IBLAGH_"))
    }
    return CliRunner().invoke(main, words, env={**nothing, **named})


def test_both_providers_are_told_and_asked(server: Server) -> None:
    done = iblagh(given(server), "webhooks", "set", "--max-connections", "60")
    assert done.exit_code == 0 and done.stdout == "", done.stderr
    hook = server.standins.twilio.delivery.webhook
    assert hook == Webhook(f"{PUBLIC}/whatsapp#rc=3&rp=5xx,ct,rt", f"{PUBLIC}/whatsapp")
    shown = json.loads(iblagh(given(server), "webhooks", "show").stdout)
    assert shown["telegram"]["url"] == f"{PUBLIC}/telegram" and shown["telegram"]["max_connections"] == 60
    assert shown["telegram"]["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert shown["whatsapp"]["status"] == "ONLINE" and shown["whatsapp"]["fallback_url"] == hook.fallback


def test_where_the_account_has_no_such_sender_the_console_is_named(server: Server) -> None:
    sandbox = given(server) | {"TWILIO_WHATSAPP_FROM": "whatsapp:+14155238886"}
    done = iblagh(sandbox, "webhooks", "set")
    assert done.exit_code == 0 and "console" in done.stderr
    assert f"webhook address   {PUBLIC}/whatsapp#rc=3&rp=5xx,ct,rt   POST" in done.stderr
    assert server.standins.twilio.delivery.webhook == Webhook()


def test_what_is_held_besides_stays_and_no_null_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in refuses a null, as Twilio might take one for an erasure."""
    bot: WhatsApp = whatsapp(given(server))
    assert bot.set_webhook().webhook["callback_method"] == "POST"
    server.standins.twilio.faults.order(Fault(400, "update_sender"))
    with pytest.raises(SendFailed) as failed:
        bot.set_webhook()
    assert not failed.value.retry


def test_a_provider_that_is_away_is_one_line(server: Server) -> None:
    server.standins.twilio.faults.order(Fault(500, "list_senders"))
    done = iblagh(given(server), "webhooks", "set")
    assert done.exit_code == 1 and "try again" in done.stderr and "Traceback" not in done.stderr
