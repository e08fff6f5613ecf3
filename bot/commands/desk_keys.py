"""The desk's keys: locking them, proving them, giving filed reports to new ones."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO, TypeVar

import click

from bot import settings
from bot.commands.desk import KEY, PARCELS, desk
from bot.house import database

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storage.opening import Desk
    from storage.parcels import SealedReport
    from storage.sealed import DeskKey

T = TypeVar("T")
TRIES = 5  # each waits some seconds for whoever is at work on the same reports
FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))


@desk.command()
@FILE
def lock(file: Path) -> None:
    """
    Lock the private keys of FILE with a passphrase, in place.

    It is typed, or comes from the file that IBLAGH_DESK_PASSPHRASE_FILE names.
    """
    from bot.desk_key import given
    from storage.keys import is_locked, locked, parse_desk_file, read_desk_file, write_desk_file

    text = read_desk_file(file)
    with _said():
        passphrase = given(new=True)
        parse_desk_file(text, passphrase)
        if is_locked(text):
            click.echo("this file is locked with that passphrase", err=True)
            return
        draft = file.with_name(f".{file.name}.locked")
        draft.unlink(missing_ok=True)  # of a try that died
        write_desk_file(draft, locked(text, passphrase))
    os.replace(draft, file)
    click.echo(f"{file} is locked: without the passphrase it opens nothing, so keep that too", err=True)


@desk.command()
@click.option("--output", "-o", type=click.File("w"), default="-", help="A file for the desk; by default stdout.")
def probe(output: TextIO) -> None:
    """Seal a fresh word to each desk key, for `desk check`. Runs beside the database."""
    from storage.db import begin, connect
    from storage.probes import as_object, make

    keys: tuple[DeskKey, ...] = settings.one("IBLAGH_DESK_PUBLIC_KEYS")
    with begin(connect(database(), threads=1)) as tx:
        made = make(tx, keys, datetime.now(UTC))
    json.dump([as_object(one) for one in made], output, indent=1)
    output.write("\n")
    click.echo(f"{len(made)} desk keys to be proven", err=True)


@desk.command()
@click.argument("probes", type=click.File("rb"))
@KEY
def check(probes: IO[bytes], key: Path) -> None:
    """Prove that a private key opens what is sealed to it: prints the word for `desk proven`. Runs at the desk."""
    from storage.probes import INFO, from_object, word
    from storage.sealed import ForAnotherKey

    found = _desk(key)
    opened = 0
    with _said():
        for one in map(from_object, _array(probes)):
            try:
                click.echo(word(found.unwrap(one.wrap, INFO)))
            except ForAnotherKey:
                continue
            click.echo(f"the {one.queue} key {one.wrap.desk_key} opens", err=True)
            opened += 1
    if not opened:
        raise click.ClickException("this key is none of those that reports are sealed to")


@desk.command()
@click.argument("words", nargs=-1, required=True)
def proven(words: tuple[str, ...]) -> None:
    """Record the words that `desk check` printed. Runs beside the database; `doctor` asks for it every month."""
    from storage import probes
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        ids = [probes.proven(tx, word, datetime.now(UTC)) for word in words]
    for id in ids:
        click.echo(f"the key {id} is proven" if id else "nobody asked for one of these words", err=True)
    sys.exit(0 if all(ids) else 1)


@desk.command()
@PARCELS
@KEY
@click.option("--to", required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="The new IBLAGH_DESK_PUBLIC_KEYS, as a file.")  # fmt: skip
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="The new file of wraps.")
def rewrap(parcels: Path, key: Path, to: Path, output: Path) -> None:
    """Give the reports of PARCELS to new desk keys: writes what `desk import` takes in. Runs at the desk."""
    from storage import rewrapping
    from storage.keys import parse_desk_keys
    from storage.parcels import read

    found = _desk(key)
    with _said(), parcels.open("rb") as file:
        keys = parse_desk_keys(to.read_text(encoding="ascii", errors="replace").strip())
        made = rewrapping.rewrap(read(file), found, keys, lambda report: _queue(report, found))
        with open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            count = rewrapping.write(out, made)
    click.echo(f"{count.done} things wrapped to new keys; {count.unopened} did not open with this key", err=True)


@desk.command("import")
@click.argument("wraps", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def import_(wraps: Path) -> None:
    """Take in the wraps that `desk rewrap` wrote, in batches; running it again goes on. Runs beside the database."""
    from storage import rewrapping
    from storage.db import connect
    from storage.wraps import AT_ONCE, NotListed, take_in

    listed = {key.id for key in settings.one("IBLAGH_DESK_PUBLIC_KEYS")}
    engine, new, done = connect(database(), threads=1), 0, 0
    with _said(), wraps.open("rb") as file:
        total, lines = rewrapping.read(file)
        for some in _batches(lines, AT_ONCE):
            try:
                new += _patiently(engine, take_in, some, listed, datetime.now(UTC))
            except NotListed:
                raise click.ClickException("these wraps are for a key that IBLAGH_DESK_PUBLIC_KEYS lacks") from None
            done += len(some)
            click.echo(f"{done} of {total}", err=True)
    click.echo(f"{new} new wraps", err=True)


@desk.command()
@click.argument("desk_key")
def retire(desk_key: str) -> None:
    """Let go of every wrap of an old desk key, by its id (`rotate status`). Runs beside the database."""
    from storage.db import begin, connect
    from storage.wraps import only_readers
    from storage.wraps import retire as let_go

    keys = settings.one("IBLAGH_DESK_PUBLIC_KEYS")
    if desk_key in {key.id for key in keys}:
        raise click.ClickException("reports are still sealed to this key: take it out of IBLAGH_DESK_PUBLIC_KEYS first")
    engine = connect(database(), threads=1)
    with begin(engine) as tx:
        alone = only_readers(tx, desk_key, {key.id for key in keys if key.queue != "recovery"})
    if alone:
        raise click.ClickException(f"{alone} things have no other reader yet: `desk rewrap` and `desk import` first")
    gone = 0
    while True:
        some = _patiently(engine, let_go, desk_key)
        if not some:
            break
        gone += some
        click.echo(f"{gone} wraps let go", err=True)


def _patiently(engine: Engine, do: Callable[..., int], *given: object) -> int:
    """Do it in a transaction of its own, anew where somebody else holds what it needs. Raises `Busy` in the end."""
    from storage.db import Busy, begin

    for _ in range(TRIES - 1):
        with suppress(Busy), begin(engine) as tx:
            return do(tx, *given)
    with begin(engine) as tx:
        return do(tx, *given)


def _desk(key: Path) -> Desk:
    from bot.desk import BesideStateKey, refuse_beside_state_key
    from bot.desk_key import opened

    try:
        refuse_beside_state_key(os.environ)
        return opened(key)
    except (BesideStateKey, ValueError) as refused:
        raise click.ClickException(str(refused)) from None


def _queue(report: SealedReport, desk: Desk) -> str:
    """
    Who may read it: the queue of a key that does so already, and for recovery, which reads all, what the facts say.

    Restricted whatever else is said where any wrap of it is, or where the facts say so: nothing moves from the few to the
    many, and what was of another kind when it came is the few's from now on.
    """
    from conversations.categories import CATEGORIES

    queues = {desk.keys[wrap.desk_key] for wrap in report.wraps if wrap.desk_key in desk.keys}
    category = CATEGORIES.get(str(report.facts.get("category")))
    told = category.queue if category else "restricted"
    if "restricted" in queues or (category and told == "restricted"):
        return "restricted"
    return "general" if "general" in queues else told


def _array(file: IO[bytes]) -> list[dict[str, str]]:
    found = json.load(file)
    if not isinstance(found, list):
        raise ValueError("this is no file of probes")
    return found


def _batches(lines: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(lines, size)):
        yield some


@contextmanager
def _said() -> Iterator[None]:
    """What a file does not hold is one line for whoever brought it."""
    from storage.parcels import NotWhole

    try:
        yield
    except (NotWhole, ValueError) as odd:
        raise click.ClickException(str(odd)) from None
    except (KeyError, TypeError):
        raise click.ClickException("this file is not in its format") from None


COMMANDS: tuple[click.Command, ...] = ()  # all of them are `desk`'s
