"""A PostgreSQL of an operator's own: on TCP, moved to another port, stopped at once, on a disk of whatever size."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psycopg

from benchmarks.processes import free_port, until
from storage.cluster import Cluster, Server

PATIENCE = 60.0
ROLE, NAME = "postgres", "iblagh"


class OwnServer:
    """One data folder and the server on it. A context manager: it stops with the block."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        self.cluster, self.port = Cluster.under(folder), free_port()
        self._server: Server | None = None

    def __enter__(self) -> OwnServer:
        self.cluster.make(time.sleep)
        self.start()
        with psycopg.connect(self.address("postgres"), autocommit=True) as link:
            link.execute(f"CREATE DATABASE {NAME}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def address(self, database: str = NAME, port: int = 0) -> str:
        """Where a database of this server answers, or would at another port."""
        return f"postgresql://{ROLE}@127.0.0.1:{port or self.port}/{database}"

    def start(self, port: int = 0, **settings: str) -> None:
        """Start it, at the same port or at another."""
        self.port = port or self.port
        on_tcp = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        self._server = self.cluster.serve(Path(), **on_tcp, **settings)
        until(self.answers, PATIENCE, "the database's server")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: in order, or as a pulled plug does (SIGQUIT)."""
        if self._server:
            self._server.process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self._server.process.wait(10)
            self._server.stop()
            self._server = None

    def answers(self) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self.address("postgres"), connect_timeout=2) as link:
            return link.execute("SELECT 1").fetchone() == (1,)
        return False


def may_mount() -> bool:
    """Whether this user may mount a file system of its own, which tests of a full disk need."""
    return os.geteuid() == 0 and Path("/bin/mount").exists() and Path("/proc/mounts").exists()
