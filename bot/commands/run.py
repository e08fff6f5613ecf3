"""Running: database, migrate, web, worker, poll, reconcile, talk. Each command brings in only what it runs."""

from __future__ import annotations

import os
import sys

import click

from bot import logs, settings
from bot.house import House, database, open_house


@click.command("database")
def own_database() -> None:
    """Own the embedded PostgreSQL under IBLAGH_VAR until told to stop; prints its address when it answers."""
    from storage.embedded import run

    sys.exit(run(settings.one("IBLAGH_VAR")))


@click.command()
def migrate() -> None:
    """Bring the database's schema to this version. The only command that changes it."""
    from storage.migrate import upgrade

    upgrade(database())
    click.echo("the schema is up to date", err=True)


@click.command()
@click.option("--host", help="Address to bind to (HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port (PORT).")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes (WEB_WORKERS); more share TELEGRAM_RATE.")
def web(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the doors: /telegram, /whatsapp, /healthz, /readyz, /metrics."""
    _tell_children(HOST=host, PORT=port, WEB_WORKERS=workers)
    house = ready()
    from bot.serve import serve

    given = house.settings
    serve("webhook_app:create_app", given.host, given.port, given.web_workers, given.log_level)


@click.command()
@click.option(
    "--metrics-port", type=click.IntRange(1, 65535), help="Tell the worker's numbers there, as /metrics (HOST)."
)
def worker(metrics_port: int | None) -> None:
    """Run jobs until told to stop: cards, notices, forgetting."""
    house = ready()
    from bot.worker import run

    if metrics_port:
        from bot.numbers import tell

        tell(house.settings.host, metrics_port)
    run(house)


@click.command()
@click.option("--take-over", is_flag=True, help="Drop a webhook that is set, then poll.")
def poll(take_over: bool) -> None:
    """Fetch Telegram's updates by long polling, for a machine without a public address."""
    house = ready()
    from bot.poll import poll

    poll(house, take_over=take_over)


@click.command()
@click.option("--hours", type=click.IntRange(1, 40), default=24, show_default=True, help="How far back to look.")
def reconcile(hours: int) -> None:
    """Answer what Twilio received while we were away; what was answered before is left alone."""
    house = ready()
    from bot.reconcile import reconcile

    done = reconcile(house, hours)
    click.echo(f"answered {done.answered}, failed {done.failed}, known before {done.known}", err=True)
    sys.exit(1 if done.failed else 0)


@click.command()
def talk() -> None:
    """Talk to the bot in this terminal; offers to save the conversation as a transcript."""
    from bot.talk import main

    main()


def ready() -> House:
    """A house that may serve: settings and keys in order, the database there and its schema this version's."""
    house = open_house()
    logs.begin(house.settings.log_level)
    _ = house.vault
    from storage.schema import compatible

    compatible(house.engine)
    house.engine.dispose()  # a forked child must not inherit a connection
    return house


def _tell_children(**given: object) -> None:
    """Options become the environment, which web processes read anew."""
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})


COMMANDS = (own_database, migrate, web, worker, poll, reconcile, talk)
