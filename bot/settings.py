"""
The environment, read once and refused where it is incomplete or odd.

`SETTINGS` is the one table: it drives the reading and the README (`python -m bot.settings` prints its Markdown).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot import combinations, kinds, templates
from storage.sealed import DeskKey


class Setting(NamedTuple):
    """One name of the environment. `secret` ones may also be given as a file: NAME_FILE."""

    name: str
    meaning: str
    reads: Callable[[str], object]
    default: str = ""
    shown: str = ""  # the default in words, where a bare value would not tell
    needed: bool = False
    secret: bool = False

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.removeprefix("IBLAGH_").lower()


def _or_nothing(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda said: read(said) if said else ""


TOKEN = _or_nothing(kinds.shaped(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,120}", "a bot's token as BotFather prints it"))
HEADER = _or_nothing(kinds.shaped(r"[A-Za-z0-9_-]{1,256}", "1 to 256 of the characters A-Z a-z 0-9 _ -"))
ACCOUNT = _or_nothing(kinds.shaped(r"AC[0-9A-Za-z]{32}", "AC and 32 digits or letters"))
AUTH = kinds.several(r"[!-+\--~]{8,128}", "Twilio's token without blanks, or several with commas between them")
SENDER = _or_nothing(kinds.shaped(r"whatsapp:\+[1-9][0-9]{5,14}", "a sender such as whatsapp:+212600000000"))

# fmt: off
SETTINGS = (
    Setting("DATABASE_URL", "the PostgreSQL database, `postgresql://…`", kinds.database, shown="the embedded one", secret=True),
    Setting("PUBLIC_URL", "the address that providers call: checks Twilio's signature, sets webhooks", kinds.web_address),
    Setting("TELEGRAM_TOKEN", "the bot's token", TOKEN, secret=True),
    Setting("TELEGRAM_WEBHOOK_SECRET", "what Telegram sends in its header to prove itself", HEADER, secret=True),
    Setting("TELEGRAM_API_BASE", "another Bot API server", kinds.web_address, shown="the public one"),
    Setting("TELEGRAM_MODERATORS_CHAT_ID", "the moderators' group, where cards appear", kinds.group),
    Setting("TELEGRAM_RESTRICTED_CHAT_ID", "a second group, for `child_abuse`", kinds.group),
    Setting("TELEGRAM_RATE", "calls a second that Telegram grants the bot", kinds.between(1, 1000), "30"),
    Setting("TWILIO_ACCOUNT_SID", "the Twilio account", ACCOUNT),
    Setting("TWILIO_AUTH_TOKEN", "its token; while it is rotated two, the newer first", AUTH, secret=True),
    Setting("TWILIO_WHATSAPP_FROM", "the WhatsApp sender, `whatsapp:+…`", SENDER),
    Setting("TWILIO_TEMPLATES", "WhatsApp buttons, lists and notices: what `iblagh templates create` prints", templates.read, shown="none: numbered lists"),
    Setting("TWILIO_API_BASE", "another Twilio API address", kinds.web_address, shown="the public one"),
    Setting("IBLAGH_STATE_KEY", "seals what web and worker must read again", kinds.state_keys, needed=True, secret=True),
    Setting("IBLAGH_PSEUDONYM_KEY", "turns platform ids into pseudonyms", kinds.pseudonym_keys, needed=True, secret=True),
    Setting("IBLAGH_DESK_PUBLIC_KEYS", "the desk's public keys, to which reports are sealed", kinds.desk_keys, needed=True, secret=True),
    Setting("OPERATOR_NAME", "who runs the channel, said in the first message", kinds.line, needed=True),
    Setting("OPERATOR_CONTACT", "how to reach them about personal data", kinds.line, needed=True),
    Setting("OPERATOR_URL", "their page", kinds.home_page, needed=True),
    Setting("LANGUAGES", "offered languages, in order", kinds.languages, "ar,fr,en,es"),
    Setting("GROUP_LANGUAGE", "the moderators' language: what cards and buttons are in", kinds.language, shown="the first of `LANGUAGES`"),
    Setting("IBLAGH_OPERATOR", "path of an `operator.toml`: numbers, helplines, retention, limits, rhythm, referrals", kinds.file, shown="the one shipped"),
    Setting("EVIDENCE_URL", "the folder where sealed evidence lies", kinds.shelf, shown="a folder under `IBLAGH_VAR`"),
    Setting("CARD_LINKS", "`off` shows no link on any card", kinds.on_off, "on"),
    Setting("CARD_LINK_DAYS", "days after which a card's link is destroyed", kinds.between(1, 365), "30"),
    Setting("WHATSAPP_LOG_HOURS", "hours after which messages are deleted from Twilio's log", kinds.between(42, 720), "48"),
    Setting("BACKUP_DAYS", "days after which a backup has expired", kinds.between(1, 365), "30"),
    Setting("HOST", "the address that `iblagh web` binds to", kinds.line, "127.0.0.1"),
    Setting("PORT", "its port", kinds.between(1, 65535), "8000"),
    Setting("WEB_WORKERS", "web processes; each takes its share of `TELEGRAM_RATE`", kinds.between(1, 64), "1"),
    Setting("LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`; no level shows a citizen's word", kinds.log_level, "INFO"),
    Setting("IBLAGH_VAR", "where the embedded database and generated keys live", kinds.folder, "var"),
    Setting("IBLAGH_ALLOW_EMBEDDED", "`yes` lets real credentials run on the embedded database or generated keys", kinds.on_off, "no"),
)
# fmt: on


class Refused(Exception):
    """The settings cannot be used. `problems` has one line for each reason and quotes no value."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment says, checked. No value appears in a repr."""

    database_url: str = field(repr=False)  # empty: the embedded one
    public_url: str = field(repr=False)
    telegram_token: str = field(repr=False)  # empty: Telegram is off
    telegram_webhook_secret: str = field(repr=False)
    telegram_api_base: str = field(repr=False)
    telegram_moderators_chat_id: int | None = field(repr=False)
    telegram_restricted_chat_id: int | None = field(repr=False)
    telegram_rate: int = field(repr=False)
    twilio_account_sid: str = field(repr=False)  # empty: WhatsApp is off
    twilio_auth_token: tuple[str, ...] = field(repr=False)
    twilio_whatsapp_from: str = field(repr=False)
    twilio_templates: Mapping[str, str] = field(repr=False)  # name to ContentSid; empty: every answer is text
    twilio_api_base: str = field(repr=False)
    state_key: tuple[tuple[str, bytes], ...] = field(repr=False)
    pseudonym_key: tuple[tuple[int, bytes], ...] = field(repr=False)
    desk_public_keys: tuple[DeskKey, ...] = field(repr=False)
    operator_name: str = field(repr=False)
    operator_contact: str = field(repr=False)
    operator_url: str = field(repr=False)
    languages: tuple[str, ...] = field(repr=False)
    group_language: str = field(repr=False)  # empty: the first of them
    operator: Path | None = field(repr=False)
    evidence_url: Path | None = field(repr=False)
    card_links: bool = field(repr=False)
    card_link_days: int = field(repr=False)
    whatsapp_log_hours: int = field(repr=False)  # more than `reconcile` reads back
    backup_days: int = field(repr=False)
    host: str = field(repr=False)
    port: int = field(repr=False)
    web_workers: int = field(repr=False)
    log_level: str = field(repr=False)
    var: Path = field(repr=False)
    allow_embedded: bool = field(repr=False)


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a running service. Raises `Refused` with every problem at once."""
    said, problems = _said(environ)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.field] = _value(setting, said[setting.name])
        except ValueError as odd:
            problems.append(_problem(setting.name, odd))
    problems += combinations.half_there(said)
    problems += combinations.unsafe(said, environ)
    problems += combinations.belongs_to_the_desk(environ)
    if problems:
        raise Refused(*problems)
    return Settings(**values)


def one(name: str, environ: Mapping[str, str] = os.environ) -> Any:
    """One setting alone, for commands that need no more. Raises `Refused`."""
    setting = next(setting for setting in SETTINGS if setting.name == name)
    said, problems = _said(environ, only=name)
    try:
        value = setting.reads(said[name])
    except ValueError as odd:
        raise Refused(*problems, _problem(name, odd)) from None
    if problems:
        raise Refused(*problems)
    return value


def _problem(name: str, odd: ValueError) -> str:
    return str(odd) if str(odd).startswith(name) else f"{name} {odd}"


def _value(setting: Setting, said: str) -> object:
    if setting.needed and not said:
        raise ValueError(f"is missing: {setting.meaning}")
    return setting.reads(said)


def _said(environ: Mapping[str, str], only: str = "") -> tuple[dict[str, str], list[str]]:
    """Every setting's text, its file read and its default taken; and what could not be read."""
    said: dict[str, str] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        if only in ("", setting.name):
            given, problem = _given(setting, environ)
            said[setting.name] = given or setting.default
            problems += [problem] if problem else []
    return said, problems


def _given(setting: Setting, environ: Mapping[str, str]) -> tuple[str, str]:
    """The text given for a setting, or why there is none."""
    here, path = environ.get(setting.name, "").strip(), environ.get(f"{setting.name}_FILE", "").strip()
    if not setting.secret or not path:
        return here, ""
    if here:
        return here, f"{setting.name} and {setting.name}_FILE are both set: keep one"
    try:
        return Path(path).read_text(encoding="utf-8").strip(), ""
    except (OSError, UnicodeDecodeError) as trouble:
        return "", f"{setting.name}_FILE cannot be read ({type(trouble).__name__})"


def table() -> str:
    """The README's table of settings."""
    rows = ["| name | meaning | default |", "| --- | --- | --- |"]
    for setting in SETTINGS:
        default = setting.shown or (
            f"`{setting.default}`" if setting.default else "required" if setting.needed else "none"
        )
        name = f"`{setting.name}`" + (f", `{setting.name}_FILE`" if setting.secret else "")
        rows.append(f"| {name} | {setting.meaning} | {default} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table())
