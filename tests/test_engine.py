"""What the engine promises, whatever a citizen sends."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from bot.ledger import Ledger
from bot.talk import answer
from bot.wording import from_json, to_json, words
from conversations import engine, memory
from conversations.codes import read_reference, reference
from conversations.labels import pressable
from conversations.model import Contact, Media, Message, Place, Session, Step, Turn
from conversations.script import ASIDES, COMMANDS, RIGHTS, SCRIPT
from conversations.steps import FOLLOWING
from conversations.texts import Text
from conversations.words import WORDS
from tests.conversing import Talk, given

GIVEN = given()
SAID = st.one_of(
    st.text(max_size=200),
    st.sampled_from([str(choice.label) for choice in pressable()]),
    st.sampled_from([word.strip() for cells in WORDS.values() for cell in cells.values() for word in cell.split(",")]),
    st.sampled_from(
        [
            "1",
            "2",
            "٣",
            "10",
            "https://example.org/a",
            "t.me/x/1",
            "/start",
            "/start ref_x",
            "IB-0000-0000-012",
            "\x00\ud800",
        ]
    ),
    st.integers(0, 6000).map(lambda n: "x " * n),
)
MESSAGES = st.builds(
    Message,
    text=SAID,
    choice=st.sampled_from(["", "", "", *(choice.key for choice in pressable()), "nonsense"]),
    links=st.lists(st.sampled_from(["https://example.org/b", "javascript:alert(1)", "\ud800", ""]), max_size=2).map(
        tuple
    ),
    contact=st.sampled_from([None, Contact("+212612345678"), Contact("\ud800", "\x00")]),
    place=st.sampled_from([None, Place(33.5, -7.6)]),
    media=st.sampled_from([(), (Media("photo", "h", 1, "image/jpeg"),), (Media("unknown", ""),)]),
    number=st.sampled_from(["", "1", "2", "3", "x"]),
    edited=st.booleans(),
    language=st.sampled_from(["", "ar", "fr-FR", "zh-hans", "\ud800"]),
    country=st.sampled_from(["", "MA", "FR", "XX"]),
)


def refused(turn: Turn) -> bool:
    return not turn.unsaid and turn.say.lines[0].text.name.startswith("REFUSE")


@settings(max_examples=150, deadline=None)
@for_all(st.lists(MESSAGES, max_size=12))
def test_every_message_gets_an_answer_and_every_session_survives_json(said: list[Message]) -> None:
    session: Session | None = None
    ledger = Ledger()
    for message in said:
        turn = answer(session, message, GIVEN, ledger)
        shown = words(turn.say)
        assert (shown.text.strip() or (turn.unsaid and message.edited)) and from_json(to_json(shown)) == shown
        assert turn.session is None or memory.recall(memory.remember(turn.session)) == turn.session
        assert shown.text.encode().decode() == shown.text
        assert not refused(turn) or session is None or message.media or turn.session == session
        session = turn.session


@settings(max_examples=100, deadline=None)
@for_all(st.lists(MESSAGES, max_size=8))
def test_the_same_in_is_the_same_out(said: list[Message]) -> None:
    session: Session | None = None
    for message in said:
        turn = engine.advance(session, message, GIVEN)
        assert engine.advance(session, message, GIVEN) == turn
        session = turn.session


@settings(max_examples=100, deadline=None)
@for_all(st.lists(MESSAGES, max_size=10))
def test_nothing_is_filed_but_by_send_and_then_nothing_is_left(said: list[Message]) -> None:
    session: Session | None = None
    for message in said:
        turn = engine.advance(session, message, GIVEN)
        if turn.files:
            assert session is not None and session.step in (Step.ENOUGH, Step.REVIEW)
            told = turn.files.draft
            assert (told.links or told.answer(Step.SEEN)) and told.category
            left = turn.session
            assert left is not None and (left.step, left.reference, left.secret, left.before) == (
                Step.SENT,
                "",
                "",
                None,
            )
            assert left.draft == Session(Step.SENT, "", "", "").draft
        session = turn.session


def test_every_step_is_asked_and_every_sentence_is_said_somewhere() -> None:
    assert {*SCRIPT, *ASIDES} == set(Step)


ENOUGH = ["https://example.org/a", "continue", "scam"]
DETAILS = [*ENOUGH, "victim", "skip", "skip", "skip"]
BLACKMAIL = ["https://example.org/a", "continue", "sextortion", "victim", "skip"]
KNOWN = [*DETAILS, "done", "confidential", "send"]
OPENED = [*KNOWN, "status", "mine", "1"]
PATHS = {
    Step.START: ["hello"], Step.LINK: ["hello", "continue"], Step.SEEN: ["hello", "continue", "no_link"],
    Step.CATEGORY: ["https://example.org/a", "continue"], Step.ENOUGH: ENOUGH,
    Step.DANGER: ["https://example.org/a", "continue", "violence", "witness"],
    Step.ACCOUNT: [*ENOUGH, "victim"], Step.LOSS: [*ENOUGH, "victim", "skip"], Step.PLACE: [*ENOUGH, "victim", "skip", "skip"],
    Step.PROVINCE: [*ENOUGH, "victim", "skip", "skip", "6"], Step.ONGOING: BLACKMAIL, Step.MINOR: [*BLACKMAIL, "yes"],
    Step.DETAILS: DETAILS, Step.IDENTITY: [*DETAILS, "done"], Step.NAME: [*DETAILS, "done", "identified"],
    Step.CONTACT: [*DETAILS, "done", "identified", "Amina"], Step.REVIEW: [*DETAILS, "done", "anonymous"],
    Step.LANGUAGE: ["hello", "language"], Step.COPYING: ["hello", "continue", "copying"], Step.STATUS: ["hello", "status"],
    Step.SENT: [*ENOUGH, "send"], Step.MINE: [*KNOWN, "status", "mine"], Step.CODE: ["hello", "status", "code"],
    Step.FOLLOW: OPENED, Step.ADDING: [*OPENED, "add"], Step.ANSWERING: [*OPENED, "answer"], Step.CHANGING: [*OPENED, "edit_identity"],
    Step.CALLED: [*OPENED, "edit_identity", "identified"], Step.REACHED: [*OPENED, "edit_identity", "identified", "Amina"],
    Step.HELD: [*OPENED, "mydata"], Step.CORRECTING: [*OPENED, "/correct"], Step.OBJECTING: [*OPENED, "/object"], Step.DELETING: [*OPENED, "delete"],
}  # fmt: skip


def at(step: Step) -> Session:
    """A session at a step, with all that leads there."""
    spoken = Talk()
    for said in PATHS[step]:
        spoken.say(said)
        for known in spoken.ledger.reports:
            spoken.ledger.asks(known, "details")
    assert spoken.session and spoken.session.step is step
    return spoken.session


def test_every_command_works_at_every_step_by_key_label_and_word() -> None:
    for step in Step:
        session = at(step)
        for command in (*COMMANDS, *RIGHTS):
            for message in (Message(choice=command.key), Message(text=command.label), Message(text=f"/{command.key}")):
                turn = engine.advance(session, message, GIVEN)
                assert not refused(turn), (step, message)
                beside = command in RIGHTS and step in FOLLOWING  # another thing is done with the report that is open
                if command.key not in ("stop", "restart", "erase") and turn.session and not beside:
                    assert turn.session.draft == session.draft


def test_help_privacy_and_language_lose_nothing() -> None:
    for step in Step:
        session = at(step)
        for key in ("help", "privacy"):
            assert engine.advance(session, Message(choice=key), GIVEN).session == session
        if step not in (Step.STATUS, Step.LANGUAGE, Step.COPYING):
            asked = engine.advance(session, Message(choice="language"), GIVEN).session
            french = engine.advance(asked, Message(choice="fr"), GIVEN).session
            assert french and replace(french, locale=session.locale, before=session.before) == session


def test_every_choice_can_be_pressed_named_and_numbered() -> None:
    for step in Step:
        session = at(step)
        say = engine.advance(session, Message(choice="help"), GIVEN).say
        for number, choice in enumerate(say.choices, start=1):
            if choice.asks:
                continue
            by_key = engine.advance(session, Message(choice=choice.key), GIVEN)
            assert engine.advance(session, Message(text=choice.label), GIVEN) == by_key
            if not say.open:
                assert engine.advance(session, Message(text=str(number)), GIVEN) == by_key


def test_a_reference_reads_back_however_it_is_typed() -> None:
    for bits in (0, 1, 31, 2**49, 2**50 - 1, 123456789012345):
        code = reference(bits)
        for typed in (
            code,
            code.lower(),
            code.replace("-", ""),
            code.replace("0", "O"),
            code.replace("1", "l"),
            f" {code} ",
        ):
            assert read_reference(typed) == code
        assert read_reference(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == code


@for_all(st.integers(0, 2**50 - 1), st.integers(3, 15), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_symbol_is_always_noticed(bits: int, place: int, symbol: str) -> None:
    code = reference(bits)
    typed = code[:place] + symbol + code[place + 1 :]
    assert code[place] == "-" or typed == code or read_reference(typed) == ""


def test_the_fast_path_takes_four_messages() -> None:
    spoken = Talk()
    turns = [spoken.say(said) for said in ("https://example.org/a", "continue", "scam", "send")]
    assert turns[-1].files and turns[-1].say.lines[0].text is Text.RECEIVED
