"""The seal of a file: what comes out is what went in, or nothing; and twenty megabytes pass in a few pieces of memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.exhibits import Exhibit
from storage.opening import Desk
from storage.sealed import ForAnotherKey, Key, Unopened
from storage.stream import PIECE, SEALED_PIECE
from tests.storage_samples import MADE, VAULT

KEY = Key(bytes(range(32)))
REFERENCE = "IB-AAAA-BBBB-CCC"
MEGABYTE = 1 << 20


def seal(content: bytes, exhibit: Exhibit | None = None) -> bytes:
    return b"".join((exhibit or Exhibit(KEY, REFERENCE, 1)).seal_file([content]))


def unseal(sealed: bytes, exhibit: Exhibit | None = None) -> bytes:
    return b"".join((exhibit or Exhibit(KEY, REFERENCE, 1)).open_file(io.BytesIO(sealed)))


@given(st.lists(st.binary(max_size=300), max_size=20), st.integers(0, 3))
def test_what_goes_in_comes_out_in_whatever_pieces_it_came(pieces: list[bytes], stretch: int) -> None:
    content = [piece * (1000 * stretch + 1) for piece in pieces]
    sealed = b"".join(Exhibit(KEY, REFERENCE, 1).seal_file(content))
    assert unseal(sealed) == b"".join(content)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1])
def test_sizes_around_a_piece(size: int) -> None:
    content = b"x" * size
    sealed = seal(content)
    assert unseal(sealed) == content
    assert len(sealed) == 1 + SEALED_PIECE * max(1, -(-size // PIECE))


def parts(sealed: bytes) -> list[bytes]:
    return [sealed[at : at + SEALED_PIECE] for at in range(1, len(sealed), SEALED_PIECE)]


def damaged() -> Iterator[tuple[str, bytes]]:
    sealed = seal(bytes(3 * PIECE))
    head, (first, second, third) = sealed[:1], parts(sealed)
    yield "cut after a piece", head + first + second
    yield "cut in a piece", sealed[:-1]
    yield "nothing but the format", head
    yield "nothing", b""
    yield "another format", b"\xfa" + sealed[1:]
    yield "a piece twice", head + first + first + second + third
    yield "two pieces changed about", head + second + first + third
    yield "a piece left out", head + first + third
    yield "something behind", sealed + third
    yield "one bit", sealed[:70_000] + bytes([sealed[70_000] ^ 1]) + sealed[70_001:]


@pytest.mark.parametrize(("what", "sealed"), list(damaged()), ids=[what for what, _ in damaged()])
def test_a_file_that_was_changed_does_not_open(what: str, sealed: bytes) -> None:
    with pytest.raises(Unopened):
        unseal(sealed)


@pytest.mark.parametrize(
    "other",
    [Exhibit(KEY, REFERENCE, 2), Exhibit(KEY, "IB-AAAA-BBBB-CCD", 1), Exhibit(Key(bytes(32)), REFERENCE, 1)],
    ids=["number", "reference", "key"],
)
def test_a_file_opens_only_in_its_own_place(other: Exhibit) -> None:
    ours = Exhibit(KEY, REFERENCE, 1)
    with pytest.raises(Unopened):
        unseal(seal(b"content"), other)
    with pytest.raises(Unopened):
        other.open_facts(ours.seal_facts(b"facts"))
    assert ours.open_facts(ours.seal_facts(b"facts")) == b"facts"


def test_facts_are_no_file_and_a_file_no_facts() -> None:
    exhibit = Exhibit(KEY, REFERENCE, 1)
    with pytest.raises(Unopened):
        unseal(exhibit.seal_facts(b"facts"))
    with pytest.raises(Unopened):
        exhibit.open_facts(seal(b"content"))


def test_equal_files_look_different_and_weigh_alike() -> None:
    first, second = (VAULT.exhibit(REFERENCE, 1, ["general"])[0] for _ in range(2))
    assert seal(b"the same", first) != seal(b"the same", second)
    assert len(seal(b"", first)) == len(seal(bytes(PIECE), second))


def test_the_desk_opens_what_its_queue_gets() -> None:
    exhibit, wraps = VAULT.exhibit(REFERENCE, 3, ["general"])
    sealed = seal(b"content", exhibit)
    assert unseal(sealed, Desk(MADE.desk["general"]).exhibit(REFERENCE, 3, wraps)) == b"content"
    with pytest.raises(ForAnotherKey):
        Desk(MADE.desk["restricted"]).exhibit(REFERENCE, 3, wraps)
    with pytest.raises(Unopened):
        Desk(MADE.desk["general"]).exhibit(REFERENCE, 4, wraps)
    with pytest.raises(ValueError):
        VAULT.exhibit(REFERENCE, 1, ["nobody"])


def test_twenty_megabytes_pass_in_little_memory(tmp_path: Path) -> None:
    place = tmp_path / "sealed"
    tracemalloc.start()
    try:
        with place.open("wb") as file:
            for piece in Exhibit(KEY, REFERENCE, 1).seal_file(bytes(MEGABYTE // 16) for _ in range(20 * 16)):
                file.write(piece)
        with place.open("rb") as file:
            assert sum(map(len, Exhibit(KEY, REFERENCE, 1).open_file(file))) == 20 * MEGABYTE
        assert tracemalloc.get_traced_memory()[1] < 2 * MEGABYTE
    finally:
        tracemalloc.stop()
