"""A conversation begun by an earlier version goes on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from conversations import engine, memory
from conversations.model import Message, Step
from tests.conversing import given

SHIPPED = {
    (path.stem, step): json.dumps(kept).encode()
    for path in sorted((Path(__file__).parent / "sessions").glob("*.json"))
    for step, kept in json.loads(path.read_text(encoding="utf-8")).items()
}


@pytest.mark.parametrize(("shape", "step"), SHIPPED)
def test_a_session_that_was_kept_goes_on(shape: str, step: str) -> None:
    session = memory.recall(SHIPPED[shape, step])
    assert session is not None and session.step == step
    assert memory.recall(memory.remember(session)) == session
    assert not session.unfinished
    turn = engine.advance(session, Message(choice="help"), given())
    assert turn.session == session and turn.say.lines


def test_there_are_samples_of_every_step_that_ever_shipped() -> None:
    assert {step for _, step in SHIPPED} <= set(Step)
    assert len(SHIPPED) >= 21


@pytest.mark.parametrize("odd", [b"", b"{}", b"[]", b'{"shape":0}', b'{"shape":1,"step":"gone"}', b"\xff"])
def test_what_cannot_be_read_begins_anew(odd: bytes) -> None:
    assert memory.recall(odd) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(st.characters()) | st.sampled_from(Step),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@for_all(JSON)
def test_what_is_packed_is_the_json_that_earlier_versions_wrote(kept: object) -> None:
    written = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    assert memory.packed(kept) == written
    if not any(len(digits) > 18 for digits in re.findall(rb"\d+", written)):  # nothing that is kept counts so far
        assert memory.unpacked(written) == json.loads(written)
