"""
A real PostgreSQL for every test: one server a run, one migrated template, a fresh copy for each test that asks.

And a browser for tests that look at pages: any Chromium or Chrome, which BROWSER_TESTS=required insists on.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from tests import scratch

if TYPE_CHECKING:
    from simulator.serve import Server as Providers
    from simulator.standins import Standins
    from storage.db import Store, Transaction

# A run starts hundreds of processes and compiles every test's assertions: not each time anew, whatever the environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

TEMPLATE = "iblagh_template"


class Server:
    """The run's PostgreSQL: `TEST_DATABASE_URL` where it is given, else an embedded one under a temporary folder."""

    def __init__(self, url: str = "") -> None:
        self._held = ExitStack()
        self._url = url
        self._template = ""

    @property
    def url(self) -> str:
        """Its address, starting it on first use."""
        if not self._url:
            self._url = os.environ.get("TEST_DATABASE_URL") or self._start()
        return self._url

    @property
    def template(self) -> str:
        """The name of a migrated and empty database, made on first use."""
        if not self._template:
            self._template = f"{TEMPLATE}_{secrets.token_hex(4)}"
            _make(self.url, self._template)
            self._held.callback(_drop, self.url, self._template)
            _migrate(_named(self.url, self._template))
        return self._template

    def adopt(self, url: str, template: str) -> None:
        """Use what the controlling process of a parallel run has started."""
        self._url, self._template = url, template

    def stop(self) -> None:
        self._held.close()

    def _start(self) -> str:
        from storage.embedded import serving

        folder = Path(self._held.enter_context(tempfile.TemporaryDirectory(prefix="iblagh-test-")))
        return self._held.enter_context(serving(folder))


SERVER = Server()
SCRATCH = pytest.StashKey[Path]()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of a run says so when nobody looked at the pages."""
    SERVER.stop()
    if SCRATCH in config.stash:
        scratch.end(config.stash[SCRATCH])
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = (
        [report for report in reporter.stats.get("skipped", ()) if "browser" in report.keywords] if reporter else []
    )
    if skipped and not hasattr(config, "workerinput"):
        print(f"browser tests not run: {len(skipped)}")


def pytest_configure(config: pytest.Config) -> None:
    handed: dict[str, Any] = getattr(config, "workerinput", {})
    if not hasattr(config, "workerinput") and (folder := scratch.begin()):
        config.stash[SCRATCH] = folder
    if "database" in handed:
        SERVER.adopt(handed["database"], handed["template"])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Parallel runs: the controlling process owns the server and hands its address to every worker."""
    node.workerinput["database"], node.workerinput["template"] = SERVER.url, SERVER.template


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder for one test, gone with it: a server's takes 60 MB."""
    with tempfile.TemporaryDirectory(prefix="iblagh-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def fresh_database(server: Server = SERVER) -> Iterator[str]:
    """The address of a migrated, empty database that nobody else sees; dropped at the end."""
    name = f"iblagh_{secrets.token_hex(6)}"
    _make(server.url, name, template=server.template)
    try:
        yield _named(server.url, name)
    finally:
        _drop(server.url, name)


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of the server itself, for tests of migrations and of the embedded server."""
    return SERVER.url


@pytest.fixture
def database_url() -> Iterator[str]:
    """A fresh migrated database for one test."""
    with fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url() -> Iterator[str]:
    """A fresh migrated database that the tests of one file share."""
    with fresh_database() as url:
        yield url


@pytest.fixture
def empty_database_url() -> Iterator[str]:
    """A fresh database with no schema at all."""
    name = f"iblagh_{secrets.token_hex(6)}"
    _make(SERVER.url, name)
    try:
        yield _named(SERVER.url, name)
    finally:
        _drop(SERVER.url, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh migrated database."""
    from storage.db import connect

    made = connect(database_url)
    try:
        yield made
    finally:
        made.dispose()


@pytest.fixture
def forked_towns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes of a town are forked from one that has read our code: see `tests/forks.py`."""
    from benchmarks import processes
    from tests import forks

    monkeypatch.setattr(processes, "launched", forks.launched)
    monkeypatch.setattr(processes, "ended", forks.ended)


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ON_MACOS = tuple(
    f"/Applications/{name}.app/Contents/MacOS/{name}"
    for name in ("Google Chrome", "Chromium", "Google Chrome for Testing")
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium or Chrome: CHROMIUM, or any that is found. Without one, browser tests are not run."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, (*BROWSERS, *ON_MACOS))), "")
    if not found and os.environ.get("BROWSER_TESTS") == "required":
        pytest.fail("BROWSER_TESTS=required, and no Chromium or Chrome is found: name one in CHROMIUM")
    if not found:
        pytest.skip("no Chromium or Chrome is found")
    return found


def _named(url: str, database: str) -> str:
    """The same server, another database; a socket's folder in `?host=` stays."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{database}" + (f"?{parts.query}" if parts.query else "")


def _make(url: str, name: str, template: str = "template0") -> None:
    quick = "" if "TEST_DATABASE_URL" in os.environ or not scratch.in_memory() else " STRATEGY file_copy"
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + quick)
    _run(url, made.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(url: str, name: str) -> None:
    _run(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(url: str, statement: sql.Composed) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)


def _migrate(url: str) -> None:
    from storage.migrate import upgrade

    upgrade(url)


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    """The module's database, emptied for each test."""
    from tests.storage_samples import emptied

    with emptied(module_database_url) as store:
        yield store


@pytest.fixture
def tx(store: Store) -> Iterator[Transaction]:
    """One transaction in it."""
    with store.begin() as transaction:
        yield transaction


@pytest.fixture
def server() -> Iterator[Providers]:
    """Stand-ins for both providers, over HTTP."""
    from simulator.serve import Server as Providers
    from simulator.standins import Standins

    with Providers(Standins()) as server:
        yield server


@pytest.fixture
def world(server: Providers) -> Standins:
    """What they know."""
    return server.standins
