"""What settings mean together: channels that are half set up, and trial keys or databases beside real credentials."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot import kinds

CHANNELS = {
    "Telegram": ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"),
    "WhatsApp": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM", "PUBLIC_URL"),
}
TELLING = {  # names that show that a channel is meant, though it cannot run on them alone
    "Telegram": ("TELEGRAM_MODERATORS_CHAT_ID", "TELEGRAM_RESTRICTED_CHAT_ID"),
    "WhatsApp": (),
}


def half_there(said: Mapping[str, str]) -> list[str]:
    """For each channel that is begun and not complete, what it lacks."""
    problems: list[str] = []
    for channel, names in CHANNELS.items():
        own = [name for name in (*names, *TELLING[channel]) if name != "PUBLIC_URL"]  # serves both channels
        missing = [name for name in names if not said[name]]
        if missing and any(said[name] for name in own):
            problems.append(f"{channel} is half set up: {', '.join(missing)} missing")
    return problems


def unsafe(said: Mapping[str, str], environ: Mapping[str, str]) -> list[str]:
    """Citizens of a real channel must not depend on what a trial run has made for itself."""
    real = [
        key
        for key, base in (("TELEGRAM_TOKEN", "TELEGRAM_API_BASE"), ("TWILIO_AUTH_TOKEN", "TWILIO_API_BASE"))
        if said[key] and not kinds.is_loopback(said[base])
    ]
    if not real or said["IBLAGH_ALLOW_EMBEDDED"].lower() in ("yes", "on", "true", "1"):
        return []
    made = [name for name in ("IBLAGH_STATE_KEY", "IBLAGH_PSEUDONYM_KEY") if _lies_in_var(name, said, environ)]
    made += ["DATABASE_URL"] if is_embedded(said["DATABASE_URL"], Path(said["IBLAGH_VAR"])) else []
    return [
        f"{name} is {'the embedded database' if name == 'DATABASE_URL' else 'a generated key'}, "
        f"not to be used with a real {real[0]} (IBLAGH_ALLOW_EMBEDDED=yes allows it)"
        for name in made
    ]


def belongs_to_the_desk(environ: Mapping[str, str]) -> list[str]:
    """What opens reports and stands where the service runs."""
    from bot.desk_key import not_here  # brings the cryptography library, which most commands do without

    return not_here(environ)


def is_embedded(url: str, var: Path) -> bool:
    """Whether this address means the database under `var`."""
    address = var / "database-url"
    return not url or (address.is_file() and address.read_text(encoding="utf-8").strip() == url)


def _lies_in_var(name: str, said: Mapping[str, str], environ: Mapping[str, str]) -> bool:
    """Generated keys are files under IBLAGH_VAR; an operator's own come from anywhere else."""
    path = environ.get(f"{name}_FILE", "").strip()
    return bool(path) and Path(path).resolve().is_relative_to(Path(said["IBLAGH_VAR"]).resolve())
