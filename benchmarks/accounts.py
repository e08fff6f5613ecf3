"""Made-up accounts at the providers, and the settings of an installation that uses them."""

from __future__ import annotations

from pathlib import Path

from storage import keys

TOKEN, SECRET = "123456:made-up-token-of-no-bot-at-all-0000", "made-up-secret"
ACCOUNT, AUTH, SENDER = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef", "whatsapp:+14155550100"
PUBLIC = "https://bot.example.org"
GROUP, RESTRICTED = -1001000000001, -1001000000002
OPERATOR = "[limits]\nmessages_a_minute = 600\n"  # one made-up citizen writes as fast as twenty


def environment(api: str, folder: Path, **more: str) -> dict[str, str]:
    """Settings for a house on a provider of ours; `folder` takes an operator's file."""
    operator = folder / "operator.toml"
    operator.write_text(OPERATOR, encoding="utf-8")
    return {
        **keys.generate().environment,
        "PUBLIC_URL": PUBLIC, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_BASE": api, "TWILIO_API_BASE": api,
        "TELEGRAM_MODERATORS_CHAT_ID": str(GROUP), "TELEGRAM_RESTRICTED_CHAT_ID": str(RESTRICTED),
        "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": AUTH, "TWILIO_WHATSAPP_FROM": SENDER,
        "OPERATOR_NAME": "Example Operator", "OPERATOR_CONTACT": "desk@example.org",
        "OPERATOR_URL": "https://example.org", "TELEGRAM_RATE": "1000", "LANGUAGES": "ar,fr,en",
        "IBLAGH_OPERATOR": str(operator), **more,
    }  # fmt: skip
