"""What the environment may say: everything wrong is told at once, and no value is ever quoted."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import operator, settings
from bot.house import open_house
from bot.settings import SETTINGS, Refused, Settings
from storage.keys import generate

KEYS = generate().environment
WHOLE = {
    **KEYS,
    "OPERATOR_NAME": "Example",
    "OPERATOR_CONTACT": "desk@example.org",
    "OPERATOR_URL": "https://example.org",
    "LANGUAGES": "en",
    "DATABASE_URL": "postgresql://db.example.org/iblagh",
}
TELEGRAM = {"TELEGRAM_TOKEN": "123456789:" + "A" * 35, "TELEGRAM_WEBHOOK_SECRET": "s-e_cret"}
TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "f" * 32,
    "TWILIO_WHATSAPP_FROM": "whatsapp:+212600000000",
    "PUBLIC_URL": "https://bot.example.org/",
}


def problems(environ: Mapping[str, str]) -> str:
    with pytest.raises(Refused) as refused:
        settings.read(environ)
    return "\n".join(refused.value.problems)


def test_all_that_is_missing_is_told_at_once() -> None:
    told = problems({"LANGUAGES": "en"})
    needed = [setting.name for setting in SETTINGS if setting.needed]
    assert len(needed) == 6
    assert all(name in told for name in needed)


def test_a_whole_environment_is_read() -> None:
    read = settings.read({**WHOLE, **TELEGRAM, **TWILIO, "TELEGRAM_MODERATORS_CHAT_ID": "-1001"})
    assert read.public_url == "https://bot.example.org"
    assert read.telegram_moderators_chat_id == -1001
    assert read.languages == ("en",)
    assert (read.telegram_rate, read.card_links, read.card_link_days, read.log_level) == (30, True, 30, "INFO")
    assert read.state_key and read.pseudonym_key and len(read.desk_public_keys) == 3


def test_channels_whose_variables_are_absent_are_off() -> None:
    house = open_house(WHOLE)
    assert house.channels == {}


@pytest.mark.parametrize("channel", [TELEGRAM, TWILIO])
def test_a_half_channel_names_all_that_it_lacks(channel: dict[str, str]) -> None:
    for given_name in channel:
        if given_name == "PUBLIC_URL":  # serves Telegram too
            continue
        told = problems({**WHOLE, given_name: channel[given_name]})
        assert all(name in told for name in channel if name != given_name)
        assert told.count("half set up") == 1


def test_a_group_without_a_bot_is_half_a_channel() -> None:
    told = problems({**WHOLE, "TELEGRAM_MODERATORS_CHAT_ID": "-100"})
    assert "TELEGRAM_TOKEN" in told and "TELEGRAM_WEBHOOK_SECRET" in told


ODD = [
    ("PUBLIC_URL", "http://bot.example.org"),
    ("PUBLIC_URL", "https://bot.example.org/?a=1"),
    ("PUBLIC_URL", "https://user@bot.example.org"),
    ("PUBLIC_URL", "https://[::1"),
    ("TELEGRAM_TOKEN", "no-token"),
    ("TELEGRAM_WEBHOOK_SECRET", "blank here"),
    ("TELEGRAM_WEBHOOK_SECRET", "s" * 257),
    ("TELEGRAM_MODERATORS_CHAT_ID", "5551234567"),
    ("TELEGRAM_RESTRICTED_CHAT_ID", "@group"),
    ("TELEGRAM_RATE", "0"),
    ("TELEGRAM_RATE", "1001"),
    ("TELEGRAM_RATE", "٣٠"),
    ("TWILIO_WHATSAPP_FROM", "+212611111111"),
    ("TWILIO_ACCOUNT_SID", "SK" + "0" * 32),
    ("DATABASE_URL", "mysql://example.org/iblagh"),
    ("IBLAGH_STATE_KEY", "a:short"),
    ("IBLAGH_PSEUDONYM_KEY", "0:" + "A" * 43),
    ("IBLAGH_DESK_PUBLIC_KEYS", "general:AAAA"),
    ("OPERATOR_NAME", "two\nlines"),
    ("OPERATOR_URL", "page.example"),
    ("LANGUAGES", "ar;fr"),
    ("LANGUAGES", "en,en"),
    ("LANGUAGES", "tlh"),
    ("IBLAGH_OPERATOR", "no/such/file.toml"),
    ("CARD_LINKS", "maybe"),
    ("CARD_LINK_DAYS", "0"),
    ("PORT", "70000"),
    ("LOG_LEVEL", "LOUD"),
]


@pytest.mark.parametrize(("name", "value"), ODD)
def test_odd_values_are_refused_and_not_quoted(name: str, value: str) -> None:
    told = problems({**WHOLE, **TELEGRAM, **TWILIO, name: value})
    assert told.startswith(name)
    if name != "LANGUAGES" and len(value) > 3:
        assert value not in told


def test_a_language_without_a_catalogue_is_named() -> None:
    assert "tlh" in problems({**WHOLE, "LANGUAGES": "en,tlh"})


@pytest.mark.parametrize(
    "setting", [setting for setting in SETTINGS if setting.secret], ids=lambda setting: setting.name
)
def test_secrets_may_stand_in_a_file(setting: settings.Setting, tmp_path: Path) -> None:
    whole = {**WHOLE, **TELEGRAM, **TWILIO}
    (tmp_path / "value").write_text(whole[setting.name] + "\n")
    filed = {**whole, setting.name: "", f"{setting.name}_FILE": str(tmp_path / "value")}
    assert settings.read(filed) == settings.read(whole)
    assert "both set" in problems({**whole, f"{setting.name}_FILE": str(tmp_path / "value")})
    assert f"{setting.name}_FILE cannot be read" in problems({**filed, f"{setting.name}_FILE": str(tmp_path / "none")})


def test_two_keys_may_not_be_one() -> None:
    key = KEYS["IBLAGH_STATE_KEY"].split(":")[1]
    with pytest.raises(Refused):
        _ = open_house({**WHOLE, "IBLAGH_PSEUDONYM_KEY": f"1:{key}"}).vault


class TestTrialKeysBesideRealCredentials:
    """What `make run` makes for itself must never serve citizens of a real channel."""

    def test_the_embedded_database_is_refused(self, tmp_path: Path) -> None:
        trial = {**WHOLE, **TELEGRAM, "DATABASE_URL": "", "IBLAGH_VAR": str(tmp_path)}
        assert "DATABASE_URL is the embedded database" in problems(trial)
        settings.read({**trial, "IBLAGH_ALLOW_EMBEDDED": "yes"})
        settings.read({**trial, "TELEGRAM_API_BASE": "http://127.0.0.1:8081"})

    def test_its_address_in_the_environment_is_refused_too(self, tmp_path: Path) -> None:
        (tmp_path / "database-url").write_text(WHOLE["DATABASE_URL"] + "\n")
        assert "DATABASE_URL" in problems({**WHOLE, **TWILIO, "IBLAGH_VAR": str(tmp_path)})

    def test_generated_keys_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "state").write_text(KEYS["IBLAGH_STATE_KEY"])
        filed = {"IBLAGH_STATE_KEY": "", "IBLAGH_STATE_KEY_FILE": str(tmp_path / "state"), "IBLAGH_VAR": str(tmp_path)}
        assert "IBLAGH_STATE_KEY is a generated key" in problems({**WHOLE, **TELEGRAM, **filed})

    def test_another_host_that_only_looks_local_is_real(self, tmp_path: Path) -> None:
        trial = {**WHOLE, **TELEGRAM, "DATABASE_URL": "", "IBLAGH_VAR": str(tmp_path)}
        assert "embedded" in problems({**trial, "TELEGRAM_API_BASE": "https://127.0.0.1.example.org"})


def test_every_field_has_its_setting_and_none_shows_in_a_repr() -> None:
    fields = dataclasses.fields(Settings)
    assert [field.name for field in fields] == [setting.field for setting in SETTINGS]
    assert repr(settings.read({**WHOLE, **TELEGRAM, **TWILIO})) == "Settings()"
    assert not any(value in repr(open_house(WHOLE)) for value in WHOLE.values())


@given(st.dictionaries(st.sampled_from([setting.name for setting in SETTINGS]), st.text(min_size=4), min_size=1))
def test_any_environment_is_read_or_refused(environ: dict[str, str]) -> None:
    try:
        settings.read({**WHOLE, **environ})
    except Refused as refused:
        assert refused.problems


class TestOperatorFile:
    """operator.toml: what it leaves out is as shipped, what is odd is one line each."""

    def test_the_shipped_one(self) -> None:
        shipped = operator.read()
        assert dict(shipped.numbers) == {
            "police": "19",
            "police_mobile": "112",
            "gendarmerie": "177",
            "ambulance": "15",
            "children": "2511",
        }
        assert [door.key for door in shipped.doors_for("sextortion")] == ["stopncii", "takeitdown"]
        assert shipped.retention.draft_days == 3

    def test_own_lines_over_the_shipped_ones(self, tmp_path: Path) -> None:
        own = self._file(tmp_path, '[numbers]\npolice = "17"\nambulance = ""\n[retention]\ndraft_days = 2\n')
        read = operator.read(own)
        assert dict(read.numbers)["police"] == "17"
        assert "ambulance" not in dict(read.numbers)
        assert read.retention == operator.read().retention._replace(draft_days=2)
        assert read.limits == operator.read().limits

    def test_each_problem_is_a_line(self, tmp_path: Path) -> None:
        own = self._file(
            tmp_path,
            'colour = "red"\n[numbers]\npolice = "call us"\n[retention]\ndraft_days = 0\nyears = 1\n'
            '[limits]\nbody_bytes = true\n[[doors]]\nkey = "a"\n',
        )
        with pytest.raises(Refused) as refused:
            operator.read(own)
        assert len(refused.value.problems) == 6

    @pytest.mark.parametrize("text", ["numbers", "numbers = 3", "doors = 3", "[[numbers]]", "\udcff"])
    def test_no_file_breaks_it(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "own.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(Refused):
            operator.read(tmp_path / "own.toml")

    def test_the_house_tells_of_both_at_once(self, tmp_path: Path) -> None:
        own = self._file(tmp_path, "[limits]\nmessages_a_minute = 1\n")
        with pytest.raises(Refused) as refused:
            open_house({"IBLAGH_OPERATOR": str(own), "LANGUAGES": "en"})
        told = "\n".join(refused.value.problems)
        assert "limits.messages_a_minute" in told and "OPERATOR_NAME" in told

    def _file(self, folder: Path, text: str) -> Path:
        (folder / "own.toml").write_text(text)
        return folder / "own.toml"
