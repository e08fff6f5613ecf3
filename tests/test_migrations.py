"""Every revision goes up and down with the data that was there, and the newest is exactly our tables."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Engine, text

from storage import migrate
from storage.db import Busy, Rejected, begin, connect, plain
from storage.migrate import downgrade, upgrade
from storage.schema import Incompatible, compatible, current, head
from storage.tables import metadata
from tests import forks
from tests.migration_samples import CHECKED, LOADED

ROOT = Path(__file__).parent.parent
REVISIONS = [r.revision for r in ScriptDirectory(str(ROOT / "storage" / "migrations")).walk_revisions()][::-1]

# What the catalogue knows of everything in our schema but the queue's and the migrations' own.
CATALOGUE = """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable,
       column_default, is_identity, identity_generation, identity_start)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT 'index', tablename || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'type', typname, typtype::text FROM pg_type WHERE typnamespace = 'public'::regnamespace
AND typtype IN ('e', 'c') AND typname NOT IN (SELECT tablename FROM pg_tables)
UNION ALL
SELECT 'sequence', sequencename, '' FROM pg_sequences WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2
"""


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    made = connect(empty_database_url)
    yield made
    made.dispose()


def catalogue(engine: Engine) -> list[tuple[str, str, str]]:
    with begin(engine) as tx:
        rows = [(str(kind), str(name), str(what)) for kind, name, what in tx.exec_driver_sql(CATALOGUE)]
    return [row for row in rows if "alembic_version" not in row[1]]


def is_ours(row: tuple[str, str, str]) -> bool:
    return "procrastinate" not in row[1] + row[2]


def test_the_newest_revision_is_exactly_our_tables(empty: Engine, empty_database_url: str, engine: Engine) -> None:
    with begin(empty) as tx:
        metadata.create_all(tx)
    migrated = [row for row in catalogue(engine) if is_ours(row)]
    assert migrated == catalogue(empty)
    assert {row[0] for row in migrated} == {"column", "index", "constraint", "sequence", "function", "trigger"}


def test_alembic_finds_no_difference_either(engine: Engine) -> None:
    def include(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return not (name or "").startswith("procrastinate_")

    with begin(engine) as tx:
        options = {"include_object": include, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(tx, opts=options), metadata) == []


def test_the_queue_is_as_its_package_makes_it(empty: Engine, engine: Engine) -> None:
    with begin(empty) as tx:
        driver = tx.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.execute(SchemaManager.get_schema())
    queue = [row for row in catalogue(engine) if not is_ours(row)]
    assert queue == catalogue(empty) and len(queue) > 40


def test_a_queue_with_another_schema_is_refused(
    empty: Engine, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = SchemaManager.get_schema() + "\n-- changed"
    monkeypatch.setattr(SchemaManager, "get_schema", staticmethod(lambda: changed))
    with pytest.raises(Exception, match="not the one in requirements"):
        upgrade(empty_database_url)
    assert current(empty) is None and catalogue(empty) == []


def test_up_and_down_leave_nothing(empty: Engine, empty_database_url: str) -> None:
    for _ in range(2):
        upgrade(empty_database_url)
        assert current(empty) == head() == REVISIONS[-1]
        downgrade(empty_database_url, "base")
        assert current(empty) is None and catalogue(empty) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_keeps_the_data_it_finds(revision: str, empty: Engine, empty_database_url: str) -> None:
    """A revision without an entry in both tables fails here: its author says what it must not lose."""
    before = REVISIONS[REVISIONS.index(revision) - 1] if revision != REVISIONS[0] else None
    if before:
        upgrade(empty_database_url, before)
    with begin(empty) as tx:
        for statement in LOADED[revision]:
            tx.execute(text(statement), {"one": UUID(int=1)})
    upgrade(empty_database_url, revision)
    check(empty, revision)
    if before:
        downgrade(empty_database_url, before)
        check(empty, revision)
        upgrade(empty_database_url)


def check(engine: Engine, revision: str) -> None:
    with begin(engine) as tx:
        assert [(said, tx.execute(text(said)).scalar()) for said, _ in CHECKED[revision]] == list(CHECKED[revision])


def test_two_who_migrate_at_once_both_succeed(empty: Engine, empty_database_url: str) -> None:
    said = "import sys; from storage.migrate import upgrade; upgrade(sys.argv[1])"
    both = [forks.start(empty_database_url, environ=os.environ, script=said) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    compatible(empty)


def test_the_second_waits_for_the_first(empty: Engine, empty_database_url: str) -> None:
    done: list[float] = []

    def second() -> None:
        upgrade(empty_database_url)
        done.append(time.monotonic())

    with begin(empty) as tx:
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": migrate.LOCK})
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(2.5)  # longer than everybody else's lock_timeout
        assert not done
    thread.join(30)
    assert done and current(empty) == head()


def test_a_migration_that_fails_halfway_leaves_nothing(empty: Engine, empty_database_url: str) -> None:
    with begin(empty) as tx:
        tx.execute(text("CREATE TABLE reports (in_the_way int)"))
    with pytest.raises(Rejected, match="42P07"):
        upgrade(empty_database_url)
    assert [row[1] for row in catalogue(empty)] == ["reports.in_the_way"]


def test_tables_in_use_are_not_waited_for_long(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "WAIT_FOR_TABLES", "200ms")
    with begin(engine) as tx:
        tx.execute(text("SELECT count(*) FROM reports"))
        with pytest.raises(Busy):
            downgrade(database_url, "base")
    assert current(engine) == head()


def test_whoever_starts_on_another_schema_is_told_what_to_do(empty: Engine, empty_database_url: str) -> None:
    with pytest.raises(Incompatible, match=r"no schema yet: run `iblagh migrate`"):
        compatible(empty)
    upgrade(empty_database_url, "0001")
    with pytest.raises(Incompatible, match=r"at revision 0001 and .* needs .*: run `iblagh migrate`"):
        compatible(empty)
    upgrade(empty_database_url)
    compatible(empty)
    with begin(empty) as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Incompatible, match=r"9999, which this program does not know"):
        compatible(empty)


def test_a_migration_is_quiet(empty_database_url: str) -> None:
    said = "import logging, sys; logging.basicConfig(level=logging.INFO); from storage.migrate import upgrade; upgrade(sys.argv[1])"
    done = forks.run(empty_database_url, environ=os.environ, script=said)
    assert done.returncode == 0 and done.stdout == "" and plain(empty_database_url) not in done.stderr


def test_revisions_are_one_line_without_branches() -> None:
    files = sorted(path.name for path in (ROOT / "storage" / "migrations" / "versions").glob("r*.py"))
    assert [re.sub(r"r(\d{4})_.*", r"\1", name) for name in files] == REVISIONS
