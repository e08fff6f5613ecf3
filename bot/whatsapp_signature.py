"""Twilio's signature over a form: HMAC-SHA1 of the address that it called and of the form's names and values (platform.md C3)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.exchange import Pairs


class Signatures:
    """
    What Twilio signed with any of these tokens.

    Nearly every request is signed for just the address that Twilio was given: that is reckoned here. What does not fit,
    Twilio's own library decides, slower: it also tries the address with its port and without.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = [token.encode() for token in tokens]
        self._validators = [RequestValidator(token) for token in tokens]

    def holds(self, address: str, form: Pairs, signature: str) -> bool:
        said, given = _signed(address, form), signature.encode()
        if any(
            hmac.compare_digest(base64.b64encode(hmac.digest(token, said, "sha1")), given) for token in self._tokens
        ):
            return True
        return any(validator.validate(address, MultiDict(form), signature) for validator in self._validators)


def _signed(address: str, form: Pairs) -> bytes:
    """Names in their order, the values of one name in theirs; a value that comes twice counts once."""
    return (address + "".join(map("".join, sorted(set(form))))).encode()
