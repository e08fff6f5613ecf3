"""The process that `forks.py` forks from: it has read our code, and has opened, started and cached nothing."""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import NamedTuple, TypedDict

NUMBER = struct.Struct("i")
LONGEST = 1 << 17  # bytes of a request: an environment, and words
READ = (
    "bot.cli", "bot.doctor", "bot.poll", "bot.reconcile", "bot.templates", "bot.worker", "cryptography.hazmat.primitives.hpke",
    "bot.serve", "psycopg_pool", "sqlalchemy.dialects.postgresql.psycopg", "storage.migrate", "storage.vault", "telegram",
    "twilio.rest", "webhook_app",
)  # fmt: skip


class Asks(TypedDict):
    """A request; beside it come three files: for stdout, for stderr, and where its number and its status are told."""

    words: tuple[str, ...]
    environ: dict[str, str]
    script: str  # instead of a command
    session: bool  # of its own


class Child(NamedTuple):
    pid: int
    told: int  # the pipe on which whoever asked for it hears its number and its exit status


def serve(line: socket.socket) -> Asks:
    """Fork for every request, and tell how each ends. Returns in the forked process; ends when nobody asks any more."""
    children: dict[int, Child] = {}  # by a pipe that closes when they end
    while True:
        for ready in select.select([line.fileno(), *children], [], [])[0]:
            if ready != line.fileno():
                _tell(ready, children.pop(ready))
                continue
            asked, files, _, _ = socket.recv_fds(line, LONGEST, 3)
            if not asked:
                for child in children.values():
                    os.kill(child.pid, signal.SIGKILL)
                sys.exit()
            out, error, told = files
            lives, life = os.pipe()
            pid = os.fork()
            if not pid:
                asks: Asks = json.loads(asked)
                if asks["session"]:
                    os.setsid()
                _wear(out, error, (line.fileno(), told, lives, *children, *(child.told for child in children.values())))
                return asks
            os.write(told, NUMBER.pack(pid))
            for file in (out, error, life):
                os.close(file)
            children[lives] = Child(pid, told)


def _tell(lives: int, child: Child) -> None:
    status = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
    with suppress(BrokenPipeError):  # nobody waited for it
        os.write(child.told, NUMBER.pack(status))
    os.close(child.told)
    os.close(lives)


def _wear(out: int, error: int, others: tuple[int, ...]) -> None:
    os.dup2(out, 1)
    os.dup2(error, 2)
    for file in (out, error, *others):
        os.close(file)


def become(asked: Asks) -> None:
    """Be the command, or the script."""
    os.environ.clear()
    os.environ.update(asked["environ"])
    if asked["script"]:
        sys.argv = ["-c", *asked["words"]]
        exec(compile(asked["script"], "<script>", "exec"), {"__name__": "__main__"})
        return
    from bot.cli import main

    sys.argv = ["iblagh", *asked["words"]]
    main(prog_name="iblagh")


def leave(status: list[int]) -> None:
    """The last thing that a program does here: taking every module apart would take longer than most of them."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status[0])


if __name__ == "__main__":
    ended = [1]
    atexit.register(leave, ended)  # the first to be registered is the last to be called
    for name in READ:
        importlib.import_module(name)
    gc.freeze()  # so that collecting does not copy what all of them share
    try:
        become(serve(socket.socket(fileno=int(sys.argv[1]))))
        ended[0] = 0
    except SystemExit as said:
        ended[0] = said.code if isinstance(said.code, int) else int(said.code is not None)
        raise
