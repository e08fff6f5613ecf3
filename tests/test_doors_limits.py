"""What the doors refuse before any work: methods, sizes, bursts; and that no secret is ever typed where others see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.cli import main
from bot.house import House
from bot.wording import sentence
from conversations.texts import Text
from storage import db
from tests.doors import ACCOUNT, AUTH, PUBLIC, SECRET, Telegrammer, Whatsapper, client, house

DOORS = ("/telegram", "/whatsapp", "/healthz", "/readyz", "/metrics")
PROOFS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "X-Twilio-Signature": "x" * 28}
SECRETS = ("token", "secret", "passphrase", "password", "state-key", "pseudonym-key", "private-key", "auth")


@pytest.fixture(scope="module")
def home(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    path = tmp_path_factory.mktemp("operator") / "operator.toml"
    path.write_text("[limits]\nmessages_a_minute = 5\nbody_bytes = 65536\n")
    made = house(module_database_url, IBLAGH_OPERATOR=str(path))
    yield made
    made.engine.dispose()


@pytest.fixture
def doors(home: House) -> FlaskClient:
    return client(home)


def held(home: House, table: str) -> int:
    with db.begin(home.engine) as tx:
        return int(tx.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"])
def test_each_door_takes_its_own_methods_and_no_other(doors: FlaskClient, door: str, method: str) -> None:
    allowed = ("POST",) if door in DOORS[:2] else ("GET",)
    assert (doors.open(door, method=method).status_code == 405) == (method not in allowed)


@pytest.mark.parametrize("door", DOORS[:2])
def test_a_body_that_is_too_large_is_refused_with_or_without_a_length(doors: FlaskClient, door: str) -> None:
    kind = "application/json" if door == "/telegram" else "application/x-www-form-urlencoded"
    long = {"data": b"a=" + b"x" * 70_000, "headers": PROOFS, "content_type": kind}
    assert doors.post(door, **long).status_code == 413
    chunked = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    assert doors.post(door, **long, environ_overrides=chunked).status_code == 411
    assert doors.post(door, **long, environ_overrides={"CONTENT_LENGTH": "-1"}).status_code < 500


def test_nothing_is_shown_of_an_error_and_nothing_is_debugged(doors: FlaskClient) -> None:
    app = doors.application
    assert not app.debug and not app.testing and not app.config["PROPAGATE_EXCEPTIONS"]
    answer = doors.post("/telegram", data=b"\xff\xfe what Amina said", headers=PROOFS)
    assert answer.status_code == 200 and not answer.get_data()


def test_a_flood_of_files_is_stopped_before_any_of_them_is_worked_on(home: House, doors: FlaskClient) -> None:
    """The limit stands before the conversation: what is above it is neither remembered nor fetched nor deleted."""
    citizen, other = Telegrammer(doors, id=712345777), Whatsapper(doors, phone="+212655000777")
    media = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
    before, answers = held(home, "deliveries"), list[str]()
    for at in range(12):
        sizes = [{"file_id": f"f{at}", "file_unique_id": f"u{at}", "file_size": 9000, "width": 9, "height": 9}]
        answers.append(citizen.says("child abuse", photo=sizes))
        answers.append(other.says("", NumMedia="1", MediaUrl0=media, MediaContentType0="image/jpeg"))
    slowed = {sentence(locale, Text.TOO_FAST) for locale in ("ar", "fr", "en")}
    taken = [said for said in answers if not any(words in said for words in slowed)]
    assert 10 <= len(taken) <= 18
    assert held(home, "deliveries") - before <= len(taken) + 2  # an album remembers besides that it is one
    assert held(home, "discards") + held(home, "fetches") <= len(taken)


@pytest.mark.parametrize("query", ["?answer=abc", "?q=%D8%B3%20x&q=", "?q=é", "?a=1&a=2&b"])
def test_twilios_signature_holds_for_any_query_behind_a_proxy(doors: FlaskClient, query: str) -> None:
    """Signed over the public address, asked for at another host, scheme and port, a parameter twice, one empty."""
    form = MultiDict([("AccountSid", ACCOUNT), ("Tag", "2"), ("Tag", "1"), ("Empty", "")])
    raw = query.encode().decode("latin-1")
    good = RequestValidator(AUTH).compute_signature(f"{PUBLIC}/whatsapp{raw}", form)
    environ = {"QUERY_STRING": raw.removeprefix("?"), "HTTP_HOST": "10.0.0.7:8000", "HTTP_X_FORWARDED_PROTO": "http"}
    told = {"data": form, "environ_overrides": environ}
    assert doors.post("/whatsapp", **told, headers={"X-Twilio-Signature": good}).status_code == 200
    assert doors.post("/whatsapp", **told).status_code == 403
    for forged in ("", good[:-2], good.lower(), "=" * 28):
        assert doors.post("/whatsapp", **told, headers={"X-Twilio-Signature": forged}).status_code == 403


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_no_command_takes_a_secret_among_its_words() -> None:
    """What is typed is shown to everybody on the machine by `ps`: a key, a token, a passphrase come from files or settings."""
    found = 0
    for name, command in commands(main):
        for parameter in command.params:
            found += 1
            secret = any(word in str(parameter.name).replace("_", "-") for word in SECRETS) or parameter.name == "key"
            harmless = isinstance(parameter.type, click.Path | click.File | click.Choice) or getattr(
                parameter, "is_flag", False
            )
            assert not secret or harmless, f"{name}: {parameter.name}"
    assert found > 40


def test_no_program_of_ours_is_started_with_a_secret() -> None:
    """Children get what is secret by their environment or a pipe: nothing of the settings stands where `Popen` is called."""
    for path in [*Path("bot").rglob("*.py"), *Path("storage").rglob("*.py"), *Path("simulator").rglob("*.py")]:
        said = path.read_text(encoding="utf-8")
        for part in said.split("Popen(")[1:]:
            words = part.split("env=")[0].split(")\n")[0].lower()
            assert not any(word in words for word in ("token", "secret", "state_key", "auth")), path
