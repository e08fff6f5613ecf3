"""What is sealed opens only where and with what it was sealed; pseudonyms find and do not tell."""

from __future__ import annotations

import ast
import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import keys
from storage.opening import Desk
from storage.sealed import ForAnotherKey, Key, Pseudonym, Sealed, Unopened
from storage.vault import DeskKey, Vault, sealed_by

ROOT = Path(__file__).parent.parent
NEW, OLD, NAMES, OLDER_NAMES = (os.urandom(32) for _ in range(4))
SET = keys.generate()
DESK = keys.parse_desk_keys(SET.environment["IBLAGH_DESK_PUBLIC_KEYS"])
GENERAL, RESTRICTED = Desk(SET.desk["general"]), Desk(SET.desk["restricted"])
BEFORE = Vault([("old", OLD)], [(1, OLDER_NAMES)], DESK)
AFTER = Vault([("new", NEW), ("old", OLD)], [(2, NAMES), (1, OLDER_NAMES)], DESK)
VAULT = AFTER

words = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates and NUL among them
rows = st.binary(max_size=32)


def flips(value: bytes, every: int = 7) -> list[bytes]:
    """The value with one bit changed: in every byte of the first 64, then in each seventh."""
    at = [*range(min(64, len(value))), *range(64, len(value), every)]
    return [value[:i] + bytes([value[i] ^ (1 << i % 8)]) + value[i + 1 :] for i in at]


@given(words, rows, st.binary(max_size=3000))
def test_a_sealed_value_opens_where_it_was_sealed(room: str, row: bytes, plain: bytes) -> None:
    assert VAULT.open(room, row, VAULT.seal(room, row, plain)) == plain


@given(st.tuples(words, rows), st.tuples(words, rows))
def test_it_opens_nowhere_else(here: tuple[str, bytes], there: tuple[str, bytes]) -> None:
    sealed = VAULT.seal(*here, b"said")
    if here != there:
        with pytest.raises(Unopened):
            VAULT.open(*there, sealed)


def test_moving_a_byte_between_room_and_row_opens_nothing() -> None:
    with pytest.raises(Unopened):
        VAULT.open("session", b"s1", VAULT.seal("sessions", b"1", b"said"))


@pytest.mark.parametrize("plain", [b"", b"said", b"x" * 900])
def test_no_changed_bit_opens(plain: bytes) -> None:
    for changed in flips(VAULT.seal("sessions", b"1", plain)):
        with pytest.raises(Unopened):
            VAULT.open("sessions", b"1", changed)


@given(st.binary(max_size=400))
def test_foreign_bytes_do_not_open(foreign: bytes) -> None:
    with pytest.raises(Unopened):
        VAULT.open("sessions", b"1", foreign)
    with pytest.raises(Unopened):
        VAULT.open_kept("1", "2", foreign)


def test_no_cut_value_opens() -> None:
    sealed = VAULT.seal("sessions", b"1", b"said")
    for size in range(len(sealed)):
        with pytest.raises(Unopened):
            VAULT.open("sessions", b"1", sealed[:size])


def test_sealing_the_same_twice_looks_different_and_says_no_more_than_the_key() -> None:
    one, two = VAULT.seal("sessions", b"1", b"said"), VAULT.seal("sessions", b"1", b"said")
    assert one != two
    assert one[:5] == two[:5] == bytes([0xF8, 3]) + b"new"
    assert len(one) == len(two)


@given(st.integers(0, 252), st.integers(0, 252))
def test_short_values_weigh_the_same(one: int, two: int) -> None:
    assert len(VAULT.seal("ways", b"1", b"x" * one)) == len(VAULT.seal("ways", b"1", b"x" * two))


def test_a_state_key_is_rotated() -> None:
    sealed = BEFORE.seal("sessions", b"1", b"said before")
    assert AFTER.open("sessions", b"1", sealed) == b"said before"
    assert sealed_by(sealed) == "old"
    assert sealed_by(AFTER.seal("sessions", b"1", b"said after")) == "new"
    with pytest.raises(Unopened):
        BEFORE.open("sessions", b"1", AFTER.seal("sessions", b"1", b"said after"))


def test_a_key_under_another_keys_name_opens_nothing() -> None:
    impostor = Vault([("new", os.urandom(32))], [(1, NAMES)], DESK)
    with pytest.raises(Unopened):
        impostor.open("sessions", b"1", AFTER.seal("sessions", b"1", b"said"))


@given(words, words, st.binary(max_size=600))
def test_a_kept_answer_opens_for_the_repeat(delivery: str, address: str, answer: bytes) -> None:
    kept = VAULT.seal_kept(delivery, address, answer)
    assert VAULT.open_kept(delivery, address, kept) == answer
    with pytest.raises(Unopened):
        VAULT.open_kept(delivery, address + "0", kept)
    with pytest.raises(Unopened):
        VAULT.open_kept(address + "1", delivery, kept)


def test_a_kept_answer_is_no_row() -> None:
    with pytest.raises(Unopened):
        VAULT.open("1", b"2", VAULT.seal_kept("1", "2", b"said"))


@given(st.tuples(words, words, words), st.tuples(words, words, words))
def test_a_pseudonym_finds_one_person(one: tuple[str, str, str], two: tuple[str, str, str]) -> None:
    assert (VAULT.pseudonyms(*one)[0] == VAULT.pseudonyms(*two)[0]) == (one == two)


def test_pseudonyms_are_rotated() -> None:
    newest, older = AFTER.pseudonyms("telegram", "id", "7")
    assert (newest[0], older[0], len(newest)) == (2, 1, 33)
    assert BEFORE.pseudonyms("telegram", "id", "7") == (older,)
    assert AFTER.marks("telegram", "9") == (AFTER.mark("telegram", "9"), BEFORE.mark("telegram", "9"))


def test_one_name_gives_unlike_pseudonyms_for_unlike_purposes() -> None:
    same = {VAULT.mark("a", "b"), VAULT.secret_mark("a", "b"), VAULT.pseudonyms("a", "b", "")[0]}
    assert len(same) == 3


def test_a_secret_code_is_known_again_after_a_rotation() -> None:
    stored = BEFORE.secret_mark("IB-1", "code")
    assert AFTER.is_secret("IB-1", "code", stored)
    assert not AFTER.is_secret("IB-1", "cod", stored)
    assert not AFTER.is_secret("IB-2", "code", stored)


PARTS = {"content": "رابط".encode() * 30, "identity": b"{}"}


@given(words, st.dictionaries(words, st.binary(max_size=5000), max_size=3))
def test_the_desk_opens_a_parcel(reference: str, parts: dict[str, bytes]) -> None:
    parcel = VAULT.parcel(reference, ["general"], parts)
    assert GENERAL.open(reference, parcel.parts, parcel.wraps) == parts


def test_a_bare_link_and_a_page_weigh_the_same() -> None:
    parcel = VAULT.parcel("IB-1", ["general"], {"content": b"x", "identity": b"x" * 4000})
    assert len({len(part) for part in parcel.parts.values()}) == 1


def test_a_restricted_report_is_not_opened_by_the_general_key() -> None:
    parcel = VAULT.parcel("IB-1", ["restricted"], PARTS)
    assert RESTRICTED.open("IB-1", parcel.parts, parcel.wraps) == PARTS
    with pytest.raises(ForAnotherKey):
        GENERAL.open("IB-1", parcel.parts, parcel.wraps)
    renamed = [wrap._replace(desk_key=DESK[0].id) for wrap in parcel.wraps]
    with pytest.raises(Unopened):
        GENERAL.open("IB-1", parcel.parts, renamed)


def test_both_queues_open_a_parcel_for_both_each_by_its_own_wrap() -> None:
    parcel = VAULT.parcel("IB-1", ["general", "restricted"], PARTS)
    assert [wrap.desk_key for wrap in parcel.wraps] == [key.id for key in DESK]  # recovery's too
    for desk in (GENERAL, RESTRICTED, Desk(SET.desk["general"] + SET.desk["restricted"])):
        assert desk.open("IB-1", parcel.parts, parcel.wraps) == PARTS


def test_a_desk_key_is_rotated() -> None:
    later = keys.generate()
    both = (*keys.parse_desk_keys(later.environment["IBLAGH_DESK_PUBLIC_KEYS"]), *DESK)
    vault = Vault([("new", NEW)], [(1, NAMES)], both)
    parcel = vault.parcel("IB-1", ["general"], PARTS)
    assert len(parcel.wraps) == 4  # the old and the new, of the queue and of recovery
    assert Desk(later.desk["general"]).open("IB-1", parcel.parts, parcel.wraps) == PARTS
    assert GENERAL.open("IB-1", parcel.parts, parcel.wraps) == PARTS


def test_a_parcel_opens_under_its_own_reference_and_part_only() -> None:
    parcel = VAULT.parcel("IB-1", ["general"], PARTS)
    other = VAULT.parcel("IB-1", ["general"], PARTS)
    swapped = {"content": parcel.parts["identity"], "identity": parcel.parts["content"]}
    for reference, parts, wraps in [
        ("IB-2", parcel.parts, parcel.wraps),
        ("IB-1", swapped, parcel.wraps),
        ("IB-1", parcel.parts, other.wraps),
    ]:
        with pytest.raises(Unopened):
            GENERAL.open(reference, parts, wraps)


def test_no_changed_bit_of_a_parcel_opens() -> None:
    parcel = VAULT.parcel("IB-1", ["general"], {"content": b"said"})
    for changed in flips(parcel.parts["content"], every=41):
        with pytest.raises(Unopened):
            GENERAL.open("IB-1", {"content": changed}, parcel.wraps)
    for changed in flips(parcel.wraps[0].wrapped, every=13):
        with pytest.raises(Unopened):
            GENERAL.open("IB-1", parcel.parts, [parcel.wraps[0]._replace(wrapped=bytes.__new__(Sealed, changed))])


@pytest.mark.parametrize("queues", [[], ["nobody"], ["general", "nobody"]])
def test_a_report_nobody_could_read_is_not_sealed(queues: list[str]) -> None:
    with pytest.raises(ValueError, match="no desk key reads"):
        VAULT.parcel("IB-1", queues, PARTS)


STATE, FINDING = [("a", NEW)], [(1, NAMES)]


@pytest.mark.parametrize(
    ("state", "pseudonym", "desk"),
    [
        ([], FINDING, DESK),
        (STATE, [], DESK),
        (STATE, FINDING, ()),
        ([("a", NEW[:31])], FINDING, DESK),
        (STATE, [(1, NAMES + b"x")], DESK),
        ([("a", NEW), ("a", OLD)], FINDING, DESK),
        ([("a", NEW), ("b", NEW)], FINDING, DESK),
        (STATE, [(1, NAMES), (1, OLD)], DESK),
        (STATE, [(1, NEW)], DESK),
        (STATE, [(0, NAMES)], DESK),
        (STATE, [(256, NAMES)], DESK),
        ([("A", NEW)], FINDING, DESK),
        ([("a" * 17, NEW)], FINDING, DESK),
        (STATE, FINDING, (*DESK, DESK[0]._replace(queue="restricted"))),
        (STATE, FINDING, (DeskKey("general", bytes(1216)),)),
        (STATE, FINDING, (DeskKey("general", b"short"),)),
    ],
)
def test_a_vault_refuses_keys_that_do_not_fit(
    state: list[tuple[str, bytes]], pseudonym: list[tuple[int, bytes]], desk: tuple[DeskKey, ...]
) -> None:
    with pytest.raises(ValueError) as refused:
        Vault(state, pseudonym, desk)
    assert not any(quoted(key, refused.value) for _, key in (*state, *pseudonym))


def quoted(key: bytes, problem: BaseException) -> bool:
    return any(form in str(problem) for form in (key.hex(), repr(bytes(key)), base64.b64encode(key).decode()[:20]))


def test_nothing_secret_shows_itself() -> None:
    shown = f"{Key(NEW)} {Key(NEW)!r} {(Key(NEW),)} {VAULT!r} {SET!r} {GENERAL!r} {VAULT.mark('a', 'b')!r}"
    assert repr(NEW)[2:12] not in shown
    assert SET.desk["general"].split()[2][:12] not in shown


@pytest.mark.parametrize("clear", [b"", b"in clear", "بلاغ".encode(), "ⵜⴰⵎⴰⵣⵉⵖⵜ".encode()])
def test_words_in_clear_are_never_taken_for_sealed_ones(clear: bytes) -> None:
    with pytest.raises(ValueError):
        Sealed(clear)
    with pytest.raises(ValueError):
        Pseudonym(clear)


def test_only_the_vaults_room_imports_cryptography() -> None:
    rooms = [
        ROOT / "webhook_app.py",
        *(path for room in ("bot", "conversations", "storage") for path in (ROOT / room).rglob("*.py")),
    ]
    importers = {
        path.relative_to(ROOT).as_posix() for path in rooms if path.exists() and "cryptography" in imported(path)
    }
    assert importers == {f"storage/{name}.py" for name in ("hybrid", "passphrase", "sealing", "stream")}


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {
        name.split(".")[0] for name in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    }
