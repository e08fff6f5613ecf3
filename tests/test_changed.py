"""A frozen value with some fields otherwise is what the standard library would make of it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.about import About, Addition
from conversations.changed import changed
from conversations.model import Before, Draft, Message, Say, Session, Step, Turn

SESSION = Session(Step.LINK, "fr", "IB-1", "SC-1")
VALUES: tuple[Any, ...] = (
    SESSION, Draft(), Message(), Turn(SESSION, Say("ar", ())), Say("ar", ()), About("IB-1", "received", "scam", "anonymous"),
    Addition("IB-1"), Before("1", Step.LINK, Draft(), frozenset(), ()),
)  # fmt: skip


@given(st.data())
def test_it_is_what_the_standard_library_makes_of_it(data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(VALUES))
    names = data.draw(st.sets(st.sampled_from([field.name for field in fields(value)])))
    others = {name: data.draw(st.text(max_size=3)) for name in names}
    before = repr(value)
    new = changed(changed(value), **others)
    assert new == replace(value, **others) and hash(new) == hash(replace(value, **others))
    assert repr(new) == repr(replace(value, **others)) and repr(value) == before


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_field_that_is_not_there_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError):
        changed(value, no_such_field=1)
    with pytest.raises(FrozenInstanceError):
        changed(value).locale = "en"
