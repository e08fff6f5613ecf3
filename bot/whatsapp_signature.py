"""Twilio's signature over a form: HMAC-SHA1 of the address that it called and of the form's names and values (platform.md C3)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict


class Signatures:
    """
    What Twilio signed with any of these tokens.

    Nearly every request is signed for just the address that Twilio was given: that is reckoned here. What does not fit,
    Twilio's own library decides, slower: it also tries the address with its port and without.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = [token.encode() for token in tokens]
        self._validators = [RequestValidator(token) for token in tokens]

    def holds(self, address: str, form: MultiDict[str, str], signature: str) -> bool:
        said, given = _signed(address, form), signature.encode()
        if any(
            hmac.compare_digest(base64.b64encode(hmac.digest(token, said, "sha1")), given) for token in self._tokens
        ):
            return True
        return any(validator.validate(address, form, signature) for validator in self._validators)


def _signed(address: str, form: MultiDict[str, str]) -> bytes:
    named = sorted((name, sorted(set(values))) for name, values in form.lists())
    return (address + "".join(name + value for name, values in named for value in values)).encode()
