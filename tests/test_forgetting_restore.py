"""What a restore refuses, and what is left of a backup that was cut, has expired, or was killed while it was made."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from bot import backups
from bot.cli import main
from bot.house import House
from bot.settings import Refused
from storage import backup
from storage.backup import NotWhole, Reader
from storage.db import begin
from storage.tables import incidents
from storage.tables import reports as rows
from tests import doors, forks
from tests.backup_house import at_the_desk, elsewhere, erase, file, house, restore, saved, with_file

__all__ = ["elsewhere", "house"]  # fixtures


def test_a_cut_or_changed_backup_restores_nothing(house: House, elsewhere: House, tmp_path: Path) -> None:
    file(house, 1)
    whole = saved(house, tmp_path / "day.backup").read_bytes()
    plain = gzip.decompress(whole)
    lines = plain.splitlines(keepends=True)
    bad = (
        whole[: len(whole) // 2],
        whole[:-12],
        gzip.compress(plain.replace(b"\ten\t", b"\tfr\t", 1)),
        gzip.compress(b"".join(lines[:-1])),
        gzip.compress(b'{"file":"something"}\n'),
        b"no backup at all",
    )
    for at, content in enumerate(bad):
        path = tmp_path / f"bad-{at}"
        path.write_bytes(content)
        with pytest.raises(Refused):
            restore(elsewhere, path, [])
        with begin(elsewhere.engine) as tx:
            assert tx.execute(select(rows)).all() == [] and tx.execute(select(incidents)).all() == []


def test_a_database_that_holds_something_is_left_as_it_is(house: House, tmp_path: Path) -> None:
    name = file(house, 1)
    path = saved(house, tmp_path / "day.backup")
    with pytest.raises(Refused, match="not empty"):
        restore(house, path, [])
    assert at_the_desk(house) == {name: "story 1"}


def test_an_expired_backup_is_restored_only_if_that_is_meant(house: House, elsewhere: House, tmp_path: Path) -> None:
    file(house, 1)
    path = tmp_path / "old.backup"
    with path.open("wb") as out:
        backup.write(house.engine, out, datetime.now(UTC) - timedelta(days=31), 30)
    with pytest.raises(Refused, match="expired on"):
        restore(elsewhere, path, [])
    assert restore(elsewhere, path, [], expired=True).rows


def test_expired_backups_are_removed_and_nothing_else(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    young, old = saved(house, folder / "young"), folder / "old"
    with old.open("wb") as out:
        backup.write(house.engine, out, datetime.now(UTC) - timedelta(days=31), 30)
    backups.beside(old).put(uuid4(), [b"sealed"])
    (folder / "notes.txt").write_text("not ours")
    cut = folder / "cut.part"  # killed while its files were copied
    shutil.copy(old, cut)
    backups.beside(folder / "cut").put(uuid4(), [b"sealed"])
    assert backups.prune(folder, datetime.now(UTC)) == [cut, old]
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt", young.name]


def test_another_revision_is_told_in_one_line(house: House, elsewhere: House, tmp_path: Path) -> None:
    path = saved(house, tmp_path / "day.backup")
    plain = gzip.decompress(path.read_bytes())
    ours = json.loads(plain.splitlines()[0])["revision"]
    path.write_bytes(gzip.compress(plain.replace(f'"{ours}"'.encode(), b'"0003"', 1)))
    with pytest.raises(Refused, match=r"of revision 0003 .* restore it with that version"):
        restore(elsewhere, path, [])


def iblagh(house: House, *words: str) -> Result:
    given = {**doors.ENVIRONMENT, "DATABASE_URL": house.url, "EVIDENCE_URL": str(house.shelf.folder)}
    return CliRunner().invoke(main, words, env=given)


def test_the_commands(house: House, elsewhere: House, tmp_path: Path) -> None:
    name, path, graves = file(house, 1), tmp_path / "day.backup", tmp_path / "stones"
    shelved = with_file(house, name)
    assert iblagh(house, "backup", "-o", str(path), "--prune").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert iblagh(house, "backup", "-o", str(path)).exit_code == 1  # never replaced
    with begin(house.engine) as tx:
        tx.execute(update(rows).values(state="analysis"))
    assert iblagh(house, "tombstones", "export", "-o", str(graves)).exit_code == 0
    refused = iblagh(elsewhere, "restore", str(path))
    assert refused.exit_code == 1 and "--without-tombstones" in refused.output
    done = iblagh(elsewhere, "restore", str(path), "--tombstones", str(graves))
    assert done.exit_code == 0, done.output
    assert at_the_desk(elsewhere) == {name: "story 1"} and elsewhere.shelf.names() == {shelved.hex}
    erase(house, name)
    out = iblagh(house, "tombstones", "export")
    graves.write_text("".join(line for line in out.stdout.splitlines(keepends=True)))
    assert iblagh(elsewhere, "tombstones", "import", str(graves)).exit_code == 0
    assert at_the_desk(elsewhere) == {}
    assert iblagh(elsewhere, "shelf", "adopt").exit_code == 0
    graves.write_text("nothing of ours")
    assert iblagh(elsewhere, "tombstones", "import", str(graves)).exit_code == 1


def test_a_backup_that_is_killed_leaves_no_file_of_that_name(house: House, tmp_path: Path) -> None:
    for number in range(5):
        file(house, number)
    path = tmp_path / "day.backup"
    said = (
        "import os, sys; from pathlib import Path; from bot import backups; from storage import backup; from storage.db import connect;"
        "backup._Writer.line = lambda self, value, line=backup._Writer.line:"
        " os.kill(os.getpid(), 9) if value.get('table') == 'reports' else line(self, value);"
        "backups.back_up(connect(sys.argv[1]), None, Path(sys.argv[2]), 30)"
    )
    killed = forks.run(house.url, str(path), environ=os.environ, script=said)
    assert killed.returncode == -9 and not path.exists() and path.with_name("day.backup.part").exists()
    with path.with_name("day.backup.part").open("rb") as part, pytest.raises(NotWhole):
        Reader(part)
    name = with_file(house, file(house, 6))
    left = backups.beside(path).folder / f"{name.hex}.part"  # as one that was killed while it copied files leaves it
    left.parent.mkdir()
    left.write_bytes(b"half of it")
    saved(house, path)
    assert path.exists() and not path.with_name("day.backup.part").exists()
    assert backups.beside(path).names() == {name.hex}
