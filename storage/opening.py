"""The desk's side of sealing: private keys open what the vault sealed, away from the database and the internet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.exhibits import Exhibit, exhibit_info
from storage.hybrid import Opener
from storage.keys import parse_desk_file
from storage.sealed import ForAnotherKey, Format, Key, Wrap
from storage.sealing import unseal
from storage.vault import DeskKey, part_context, wrap_info


class Desk:
    """
    The private keys of one key file. Raises ValueError, without quoting it, on a text that is none.

    `keys.NeedsPassphrase`, a ValueError too, if it is locked and no passphrase is given.
    """

    __slots__ = ("_openers", "_queues")

    def __init__(self, text: str, passphrase: str = "") -> None:
        openers = [(queue, Opener(private)) for queue, private in parse_desk_file(text, passphrase)]
        self._openers = {DeskKey(queue, opener.public).id: opener for queue, opener in openers}
        self._queues = {DeskKey(queue, opener.public).id: queue for queue, opener in openers}

    def open(self, reference: str, parts: Mapping[str, bytes], wraps: Sequence[Wrap]) -> dict[str, bytes]:
        """
        Every part in clear, or nothing.

        Raises `ForAnotherKey` if none of the wraps is to one of these keys, another `Unopened` if anything was changed.
        """
        key = self._unwrapped(wraps, wrap_info(reference))
        header = bytes([Format.PART])
        return {name: unseal(key, part_context(reference, name), header, sealed) for name, sealed in parts.items()}

    def exhibit(self, reference: str, number: int, wraps: Sequence[Wrap]) -> Exhibit:
        """The seal of a report's file. Raises like `open`, for what was wrapped; the file is not looked at yet."""
        return Exhibit(self._unwrapped(wraps, exhibit_info(reference, number)), reference, number)

    def unwrap(self, wrap: Wrap, info: bytes) -> Key:
        """One wrapped key. Raises `ForAnotherKey` or another `Unopened`."""
        return self._unwrapped([wrap], info)

    @property
    def keys(self) -> dict[str, str]:
        """The ids of the private keys, each with its queue."""
        return dict(self._queues)

    def _unwrapped(self, wraps: Sequence[Wrap], info: bytes) -> Key:
        ours = [wrap for wrap in wraps if wrap.desk_key in self._openers]
        if not ours:
            raise ForAnotherKey("sealed to other desk keys")
        return self._openers[ours[0].desk_key].unwrap(ours[0].wrapped, info)
