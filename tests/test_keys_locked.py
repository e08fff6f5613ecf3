"""The desk's private keys: locked with a passphrase, never where web and worker run, and one that recovers all."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import desk_key, settings
from bot.cli import main
from bot.commands.desk_keys import _queue
from storage import keys, passphrase
from storage.opening import Desk
from storage.parcels import SealedReport
from storage.sealing import joined, seal
from storage.vault import Vault

SET = keys.generate()
WORDS = "correct horse بطارية"
LOCKED = keys.locked(SET.desk["general"], WORDS)
PUBLIC = SET.environment["IBLAGH_DESK_PUBLIC_KEYS"]
VAULT = Vault(
    keys.parse_state_keys(SET.environment["IBLAGH_STATE_KEY"]),
    keys.parse_pseudonym_keys(SET.environment["IBLAGH_PSEUDONYM_KEY"]),
    keys.parse_desk_keys(PUBLIC),
)


def iblagh(*words: str, **environ: str) -> Result:
    return CliRunner().invoke(main, list(words), env={"IBLAGH_STATE_KEY": "", "IBLAGH_STATE_KEY_FILE": "", **environ})


def test_every_report_opens_with_its_queues_key_and_with_recovery() -> None:
    for queue, other in (("general", "restricted"), ("restricted", "general")):
        parcel = VAULT.parcel("IB-1", [queue], {"content": b"said"})
        for key in (queue, "recovery"):
            assert Desk(SET.desk[key]).open("IB-1", parcel.parts, parcel.wraps) == {"content": b"said"}
        assert Desk(SET.desk[other]) is not None and len(parcel.wraps) == 2


def test_a_locked_key_opens_with_its_passphrase_alone() -> None:
    parcel = VAULT.parcel("IB-1", ["general"], {"content": b"said"})
    assert Desk(LOCKED, WORDS).open("IB-1", parcel.parts, parcel.wraps) == {"content": b"said"}
    assert SET.desk["general"].split()[2][:20] not in LOCKED
    with pytest.raises(keys.NeedsPassphrase, match="line 1: the key is locked"):
        Desk(LOCKED)
    with pytest.raises(ValueError, match="this passphrase does not open the key"):
        Desk(LOCKED, WORDS + " ")
    with pytest.raises(ValueError, match="does not open"):
        Desk(LOCKED.replace("general", "restricted"), WORDS)
    assert keys.locked(SET.desk["general"], WORDS) != LOCKED, "the same key is locked anew each time"
    assert keys.is_locked(LOCKED) and not keys.is_locked(LOCKED + SET.desk["restricted"]) and not keys.is_locked("")
    with pytest.raises(ValueError, match="empty"):
        keys.locked(SET.desk["general"], "")


def test_the_command_locks_what_it_writes(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text(WORDS + "\n", encoding="utf-8")
    made = iblagh("keys", "--into", str(tmp_path), IBLAGH_DESK_PASSPHRASE_FILE=str(words))
    assert made.exit_code == 0 and "no passphrase" not in made.stderr
    files = sorted(tmp_path.glob("desk-*.key"))
    assert [path.name.split("-")[1] for path in files] == ["general", "recovery", "restricted"]
    assert all(keys.is_locked(path.read_text()) for path in files)
    found = desk_key.opened(files[0], {"IBLAGH_DESK_PASSPHRASE_FILE": str(words)})
    assert isinstance(found, Desk)
    with pytest.raises(ValueError, match="name a file with its passphrase in IBLAGH_DESK_PASSPHRASE_FILE"):
        desk_key.opened(files[0], {})
    assert "iblagh-desk-key" not in made.stdout and WORDS not in made.output


def test_without_a_passphrase_the_command_says_so(tmp_path: Path) -> None:
    made = iblagh("keys", "--into", str(tmp_path))
    assert made.exit_code == 0 and "locked by no passphrase" in made.stderr
    (path,) = tmp_path.glob("desk-general-*")
    locked = iblagh("desk", "lock", str(path), IBLAGH_DESK_PASSPHRASE=WORDS)
    assert locked.exit_code == 0 and keys.is_locked(path.read_text())
    assert path.stat().st_mode & 0o777 == 0o600
    other = iblagh("desk", "lock", str(path), IBLAGH_DESK_PASSPHRASE="another")
    assert other.exit_code != 0 and "does not open" in other.stderr and keys.is_locked(path.read_text())


@pytest.mark.parametrize("kept", [SET.desk["general"], SET.desk["recovery"].split()[2], LOCKED])
def test_a_private_key_is_refused_where_the_service_runs(tmp_path: Path, kept: str) -> None:
    path = tmp_path / "file"
    path.write_text(kept)
    for wrong in ({"IBLAGH_BACKUP_OF_KEY": kept}, {"IBLAGH_DESK_KEY_FILE": str(path)}):
        if kept is LOCKED and "IBLAGH_DESK_KEY_FILE" in wrong:
            continue  # of a locked key alone nobody reads anything, and its word tells it in a value
        assert len(desk_key.not_here(wrong)) == 1
        with pytest.raises(settings.Refused) as refused:
            settings.read({**SET.environment, **wrong})
        said = str(refused.value)
        assert f"{next(iter(wrong))} holds what opens reports" in said and kept.split()[-1][:12] not in said
    assert desk_key.not_here({"SOME_NOTE": SET.desk["general"]}), "under whatever name"


def test_what_the_service_needs_is_no_private_key(tmp_path: Path) -> None:
    path = tmp_path / "public"
    path.write_text(PUBLIC)
    assert not desk_key.not_here({**SET.environment, "IBLAGH_DESK_PUBLIC_KEYS_FILE": str(path), "PATH": "/usr/bin"})
    assert desk_key.not_here({"IBLAGH_DESK_PASSPHRASE": WORDS})


def test_an_installation_without_recovery_goes_on() -> None:
    two = ",".join(entry for entry in PUBLIC.split(",") if not entry.startswith("recovery"))
    vault = Vault([("a", bytes(32))], [(1, b"\1" * 32)], keys.parse_desk_keys(two))
    assert len(vault.parcel("IB-1", ["general"], {"content": b"x"}).wraps) == 1
    assert json.dumps(sorted(vault.desk_keys.values())) == '["general", "restricted"]'


def test_a_passphrase_is_its_letters_however_they_were_typed() -> None:
    composed, parted = "clé bonne", "cle\N{COMBINING ACUTE ACCENT} bonne"
    assert keys.parse_desk_file(keys.locked(SET.desk["general"], parted), composed)[0][0] == "general"
    salt = bytes(passphrase.SALT_BYTES)  # and one that was locked as it was typed, by an earlier version
    typed = passphrase._stretched(parted, salt)
    sealed = seal(typed, joined("iblagh desk key 1", "general"), passphrase.HEADER, b"key", 64)
    assert passphrase.unlock(salt + sealed, "general", parted) == b"key"


def test_a_key_file_and_a_passphrase_are_read_as_an_editor_saved_them(tmp_path: Path) -> None:
    ending = "\r\n"
    path, words = tmp_path / "desk.key", tmp_path / "words"
    path.write_bytes(BOM_UTF8 + (LOCKED + SET.desk["restricted"]).replace("\n", ending).encode())
    words.write_bytes(BOM_UTF8 + WORDS.encode() + ending.encode())
    found = desk_key.opened(path, {"IBLAGH_DESK_PASSPHRASE_FILE": str(words)})
    assert sorted(found.keys.values()) == ["general", "restricted"]
    (tmp_path / ".desk.key.locked").write_text("of a try that died")
    done = iblagh("desk", "lock", str(path), IBLAGH_DESK_PASSPHRASE_FILE=str(words))
    assert done.exit_code == 0 and keys.is_locked(path.read_text()), "one was locked already, the other is now"
    assert sorted(Desk(path.read_text(), WORDS).keys.values()) == ["general", "restricted"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["desk.key", "words"]


def test_what_became_the_few_s_is_not_given_to_the_many_again() -> None:
    """Whoever has both keys in one file gives a report of a child's abuse to the restricted desk, whoever read it first."""
    both = Desk(SET.desk["general"] + SET.desk["recovery"])
    parcel = VAULT.parcel("IB-1", ["general"], {"content": b"said"})
    queues = [
        _queue(SealedReport("IB-1", {"category": category}, dict(parcel.parts), list(parcel.wraps)), both)
        for category in ("child_abuse", "scam", "of a later version")
    ]
    assert queues == ["restricted", "general", "general"]
