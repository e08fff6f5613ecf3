"""The doors: who may come in, what rides back, what a repeat gets, and that one fault blocks one message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from bot.house import House
from conversations import engine as conversation
from conversations.model import Given, Message, Session, Turn
from storage import db, reports
from tests.doors import SECRET, Telegrammer, Whatsapper, client, house, said


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    made = house(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def doors(home: House) -> FlaskClient:
    return client(home)


def filed(home: House) -> list[dict[str, Any]]:
    with db.begin(home.engine) as tx:
        return list(reports.listing(tx))


def report(citizen: Telegrammer | Whatsapper, link: str = "https://example.org/post") -> str:
    for words in (link, "1", "6"):
        citizen.says(words)
    return citizen.says("1")


def test_a_report_in_arabic_on_telegram_and_in_french_on_whatsapp(home: House, doors: FlaskClient) -> None:
    samira, jean = Telegrammer(doors, language="ar"), Whatsapper(doors, "+33612345678")
    assert "خطر" in samira.says("السلام عليكم")
    assert "Continuer" in jean.says("Bonjour")
    for words in ("متابعة", "https://www.instagram.com/p/Cabc123/", "النصب والاحتيال"):
        samira.says(words)
    receipt = samira.says("إرسال الآن")
    for words in ("1", "https://example.org/annonce", "6"):
        jean.says(words)
    recu = jean.says("1")
    listed = filed(home)
    assert [(row["channel"], row["locale"], row["disclosure"]) for row in listed] == [
        ("telegram", "ar", "anonymous"),
        ("whatsapp", "fr", "anonymous"),
    ]
    assert listed[0]["reference"] in receipt and listed[1]["reference"] in recu


def test_forged_requests_store_nothing(home: House, doors: FlaskClient) -> None:
    citizen, other = Telegrammer(doors), Whatsapper(doors)
    assert citizen.knock(citizen.update("hello"), secret="wrong").status_code == 403
    assert doors.post("/telegram", data="{}").status_code == 403
    assert other.knock(other.form("hello"), token="f" * 32).status_code == 403
    assert doors.post("/whatsapp", data=other.form("hello")).status_code == 403
    with db.begin(home.engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM people")).scalar_one() == 0
        assert tx.execute(text("SELECT count(*) FROM deliveries")).scalar_one() == 0


def test_too_large_is_413_and_unreadable_is_200(doors: FlaskClient) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert doors.post("/telegram", data=b"x" * 2_000_000, headers=headers).status_code == 413
    assert doors.post("/telegram", data=b"{not json", headers=headers).status_code == 200
    assert doors.post("/telegram", data=b"[]", headers=headers).status_code == 200
    assert "unreadable" in doors.get("/metrics").get_data(as_text=True)


def test_a_repeated_delivery_gets_the_same_answer_and_files_once(home: House, doors: FlaskClient) -> None:
    citizen = Telegrammer(doors)
    for words in ("https://example.org/a", "continue", "scam"):
        citizen.says(words)
    update = citizen.update("send now")
    answers = {citizen.knock(update).get_data() for _ in range(3)}
    assert len(answers) == 1 and len(filed(home)) == 1
    other = Whatsapper(doors)
    form = other.form("bonjour")
    assert len({other.knock(form).get_data() for _ in range(3)}) == 1


def test_the_kept_answer_opens_for_its_own_repeat_only(home: House, doors: FlaskClient) -> None:
    """Who learns a delivery's id but not the address gets nothing, and nothing breaks."""
    citizen = Telegrammer(doors)
    update = citizen.update("hello")
    citizen.knock(update)
    with db.begin(home.engine) as tx:
        kept = tx.execute(text("SELECT kept FROM deliveries")).scalar_one()
    assert b"report" not in kept and b"Continue" not in kept


def test_reply_keyboards_carry_labels_and_the_last_message_takes_them_away(doors: FlaskClient) -> None:
    citizen = Telegrammer(doors)
    first = citizen.knock(citizen.update("hello")).get_json()
    labels = [key["text"] for row in first["reply_markup"]["keyboard"] for key in row]
    assert labels[:2] == ["Continue", "العربية"] and "Stop" in labels
    assert first["link_preview_options"] == {"is_disabled": True} and "parse_mode" not in first
    last = citizen.knock(citizen.update("stop")).get_json()
    assert last["reply_markup"] == {"remove_keyboard": True}


def test_whatsapp_numbers_choices_and_names_them_at_open_questions(doors: FlaskClient) -> None:
    citizen = Whatsapper(doors)
    assert "1. متابعة" in citizen.says("سلام")
    for words in ("1", "https://example.org/a"):
        citizen.says(words)
    screen = citizen.says("scam")
    assert "1. " in screen
    assert "• تخطي" in citizen.says("2")


def test_a_person_under_phone_and_business_id_is_one(home: House, doors: FlaskClient) -> None:
    citizen = Whatsapper(doors)
    citizen.says("https://example.org/a", ExternalUserId="whatsapp:MA.13491208655302741918")
    hidden = Whatsapper(doors)
    form = hidden.form("1") | {
        "From": "whatsapp:MA.13491208655302741918",
        "ExternalUserId": "whatsapp:MA.13491208655302741918",
    }
    del form["WaId"]
    assert "10." in said(hidden.knock(form))  # the kinds of content: the link was remembered
    with db.begin(home.engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM people")).scalar_one() == 1


def test_an_anonymous_report_has_no_key_to_a_person(home: House, doors: FlaskClient) -> None:
    report(Telegrammer(doors))
    with db.begin(home.engine) as tx:
        assert tx.execute(text("SELECT person FROM reports")).scalar_one() is None
        assert tx.execute(text("SELECT count(*) FROM ways")).scalar_one() == 0


def test_a_planted_bug_blocks_one_message_and_not_one_person(
    home: House, doors: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = conversation.advance

    def planted(session: Session | None, message: Message, given: Given) -> Turn:
        if message.text == "poison":
            raise RuntimeError("the citizen said poison")
        return real(session, message, given)

    citizen, other = Telegrammer(doors), Whatsapper(doors)
    citizen.says("https://example.org/a")
    monkeypatch.setattr(conversation, "advance", planted)
    update = citizen.update("poison")
    assert [citizen.knock(update).status_code for _ in range(2)] == [500, 500]
    third = citizen.knock(update)
    assert third.status_code == 200 and "our fault" in third.get_json()["text"]
    assert "What kind of content" in citizen.says("continue")  # the draft is untouched
    form = other.form("poison")
    assert [other.knock(form).status_code for _ in range(3)] == [500, 500, 200]
    assert other.says("salut")
    assert "iblagh_deliveries_parked 2" in doors.get("/metrics").get_data(as_text=True)


def test_no_log_line_holds_a_citizens_word(
    doors: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(0)
    real = conversation.advance

    def planted(session: Session | None, message: Message, given: Given) -> Turn:
        if message.text.startswith("poison"):
            raise RuntimeError(message.text)
        return real(session, message, given)

    monkeypatch.setattr(conversation, "advance", planted)
    citizen, other = Telegrammer(doors, id=712399887), Whatsapper(doors, "+212699887766")
    for who in (citizen, other):
        report(who, "https://marked-link.example.org/needle")
        who.says("needle-story in a few words")
    for _ in range(3):
        citizen.knock(citizen.update("poison needle"))
    text_of_log = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    for needle in ("needle", "marked-link", "712399887", "212699887766", "Zoubida", SECRET):
        assert needle not in text_of_log
    assert any("RuntimeError" in record.getMessage() for record in caplog.records)


def test_nothing_readable_is_stored(home: House, doors: FlaskClient) -> None:
    citizen = Telegrammer(doors, id=712399887)
    for words in (
        "https://marked-link.example.org/needle",
        "continue",
        "defamation",
        "victim",
        "skip",
        "needle-story",
        "done",
        "3",
        "Needle Name",
        "0699887766",
    ):
        citizen.says(words)
    receipt = citizen.says("send")
    reference = filed(home)[0]["reference"]
    assert reference in receipt
    with home.engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        dump = "\n".join(
            str(row) for table in tables for row in connection.execute(text(f'SELECT t::text FROM "{table}" AS t'))
        )
    for needle in ("needle", "Needle", "marked-link", "712399887", "699887766", "Zoubida"):
        assert needle not in dump and needle.encode().hex() not in dump
    assert reference in dump


def test_a_burst_of_one_person_is_slowed_and_nobody_else(database_url: str, tmp_path: Any) -> None:
    path = tmp_path / "operator.toml"
    path.write_text("[limits]\nmessages_a_minute = 5\n")
    home = house(database_url, IBLAGH_OPERATOR=str(path))
    doors = client(home)
    loud, calm = Telegrammer(doors), Telegrammer(doors, id=712345002)
    answers = [loud.says("hello") for _ in range(8)]
    assert "wait a minute" in answers[-1] and "wait a minute" not in answers[4]
    assert "wait a minute" not in calm.says("hello")
    home.engine.dispose()


def test_above_the_rate_telegram_keeps_the_update(database_url: str) -> None:
    home = house(database_url, TELEGRAM_RATE="1")
    citizen = Telegrammer(client(home))
    answers = [citizen.knock(citizen.update("hello")) for _ in range(5)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 503 and int(answers[-1].headers["Retry-After"]) >= 1
    home.engine.dispose()


def test_a_database_away_is_503_for_telegram_and_a_sentence_for_whatsapp() -> None:
    home = house("postgresql://nobody@127.0.0.1:9/none")
    doors = client(home)
    citizen, other = Telegrammer(doors), Whatsapper(doors)
    answer = citizen.knock(citizen.update("hello"))
    assert answer.status_code == 503 and "Retry-After" in answer.headers
    assert "دقيقة" in other.says("سلام")
    assert doors.get("/healthz").status_code == 200
    assert doors.get("/readyz").status_code == 503


def test_groups_that_are_not_ours_are_left_without_a_word(doors: FlaskClient) -> None:
    citizen = Telegrammer(doors)
    update = citizen.update("hello")
    update["message"]["chat"] = {"id": -100777, "type": "supergroup", "title": "x"}
    answer = citizen.knock(update).get_json()
    assert answer == {"method": "leaveChat", "chat_id": -100777}


def test_only_post_comes_in(doors: FlaskClient) -> None:
    assert doors.get("/telegram").status_code == 405
    assert doors.get("/nothing").status_code == 404


def test_every_answer_tells_browsers_to_keep_and_run_nothing(doors: FlaskClient) -> None:
    for method, path in (("GET", "/healthz"), ("GET", "/telegram"), ("POST", "/telegram"), ("POST", "/nowhere")):
        answer = doors.open(path, method=method)
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "nowhere" not in answer.text, "an error page repeats nothing"
