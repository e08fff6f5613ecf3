"""How large a sealed value is, and with which key it is sealed."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import sentence
from conversations.texts import Text
from storage.sealed import KEY_BYTES
from storage.sealing import IN_A_ROW, SMALL_FLOOR, derived, padded, shrunk, unpadded

spoken = st.text(st.characters(exclude_categories=()), max_size=3000).map(
    lambda it: it.encode("utf-8", "surrogatepass")
)


@given(st.binary(max_size=3000) | spoken)
def test_what_was_made_smaller_comes_back_as_it_was(plain: bytes) -> None:
    assert unpadded(shrunk(plain)) == unpadded(padded(plain, SMALL_FLOOR)) == plain


def test_a_long_screen_in_arabic_stays_in_its_row() -> None:
    screen = "\n\n".join(sentence("ar", text) for text in Text)[:1024].encode()  # none is longer
    assert len(screen) > IN_A_ROW
    assert len(shrunk(screen)) == IN_A_ROW


@given(st.binary(min_size=KEY_BYTES, max_size=KEY_BYTES), st.binary(max_size=200))
def test_a_place_gets_the_key_that_hkdf_gives_it(key: bytes, context: bytes) -> None:
    assert derived(key, context) == HKDFExpand(SHA256(), KEY_BYTES, context).derive(key)
