"""Keys as text: what `iblagh keys` prints is read again, and what does not fit is refused without being quoted."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from typing import Any

import pytest

from storage import keys
from storage.opening import Desk
from storage.vault import Vault

SET = keys.generate()
DESK = keys.parse_desk_keys(SET.environment["IBLAGH_DESK_PUBLIC_KEYS"])
GOOD = base64.urlsafe_b64encode(bytes(range(200, 232))).decode()


def test_a_new_set_of_keys_makes_a_vault() -> None:
    env = keys.generate().environment
    vault = Vault(
        keys.parse_state_keys(env["IBLAGH_STATE_KEY"]),
        keys.parse_pseudonym_keys(env["IBLAGH_PSEUDONYM_KEY"]),
        keys.parse_desk_keys(env["IBLAGH_DESK_PUBLIC_KEYS"]),
    )
    assert vault.open("sessions", b"1", vault.seal("sessions", b"1", b"said")) == b"said"


def test_several_keys_are_read_in_their_order() -> None:
    assert [name for name, _ in keys.parse_state_keys(f"b:{GOOD}\n a:{GOOD.rstrip('=')} ,\n")] == ["b", "a"]
    assert [version for version, _ in keys.parse_pseudonym_keys(f"255:{GOOD},1:{GOOD}")] == [255, 1]


PUBLIC = SET.environment["IBLAGH_DESK_PUBLIC_KEYS"].split(",")[0].removeprefix("general:")
PRIVATE = SET.desk["general"].split()[2]
ZERO_POINT = base64.urlsafe_b64encode(DESK[0].public[:1184] + bytes(32)).decode()


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (keys.parse_state_keys, "", "IBLAGH_STATE_KEY: there is no key"),
        (keys.parse_state_keys, GOOD, "entry 1: expected"),
        (keys.parse_state_keys, f"a:{GOOD},B:{GOOD}", "entry 2: expected"),
        (keys.parse_state_keys, f"a:{GOOD[:40]}", "30 bytes long, not 32"),
        (keys.parse_state_keys, f"a:{GOOD[:-4]}+/==", "not base64url"),
        (keys.parse_state_keys, f"a:{GOOD[:41]}", "not base64url"),
        (keys.parse_state_keys, f"a:{GOOD[:-2]}é", "not base64url"),
        (keys.parse_pseudonym_keys, f"0:{GOOD}", "entry 1: expected"),
        (keys.parse_pseudonym_keys, f"256:{GOOD}", "entry 1: expected"),
        (keys.parse_pseudonym_keys, f"١:{GOOD}", "entry 1: expected"),
        (keys.parse_desk_keys, f"general:{PUBLIC}", "no key for the queue restricted"),
        (keys.parse_desk_keys, f"all:{PUBLIC}", "entry 1: expected"),
        (keys.parse_desk_keys, f"general:{PRIVATE}", "length of a private desk key"),
        (keys.parse_desk_keys, f"general:{GOOD}", "32 bytes long, not 1216"),
        (keys.parse_desk_keys, f"general:{ZERO_POINT}", "entry 1: the key"),
        (Desk, "", "there is no key"),
        (Desk, f"\niblagh-desk-key general {GOOD}", "line 2: the key is 32 bytes long, not 96"),
        (Desk, f"iblagh-desk-key {PRIVATE}", "line 1: expected"),
        (Desk, f"iblagh-desk-key nobody {PRIVATE}", "line 1: expected"),
        (Desk, PUBLIC, "line 1: expected"),
    ],
)
def test_a_key_text_that_does_not_fit_is_refused_without_quoting_it(read: Any, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        read(text)
    seen: BaseException | None = refused.value
    while seen:
        assert not any(part in f"{seen!r}{seen.args}" for part in (GOOD[:12], PUBLIC[:12], PRIVATE[:12]))
        seen = seen.__context__


def test_a_key_file_is_its_owners_alone_and_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "general.key"
    keys.write_desk_file(path, SET.desk["general"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("iblagh-desk-key general ")
    with pytest.raises(FileExistsError):
        keys.write_desk_file(path, SET.desk["restricted"])


def test_comments_in_a_key_file_are_read_over() -> None:
    text = "# kept in the safe\n\n" + SET.desk["general"] + "\n" + SET.desk["restricted"]
    assert [queue for queue, _ in keys.parse_desk_file(text)] == ["general", "restricted"]
