"""The `iblagh` command. Data on stdout, words on stderr; an operator's mistake is one line, our own bug a traceback."""

from __future__ import annotations

import os
import sys

import click

from bot.commands import backups, custody, desk, desk_keys, look, moderators, requests, rotate, run, setup, templates
from bot.mistakes import explain


class Told(click.ClickException):
    """A mistake put into words for the operator."""

    def show(self, file: object = None) -> None:
        for line in self.message.splitlines():
            click.echo(f"iblagh: {line}", err=True)


class Iblagh(click.Group):
    """Every command behind one door, so that none shows a traceback for what the operator can put right."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read our output has enough
            ctx.exit(1)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as trouble:
            words = explain(trouble)
            if words is None:
                raise
            raise Told(words) from trouble


@click.group(cls=Iblagh, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="iblagh", prog_name="iblagh")
def main() -> None:
    """Iblagh: reports of illegal content by chat."""


for command in (
    *run.COMMANDS,
    *setup.COMMANDS,
    *moderators.COMMANDS,
    *templates.COMMANDS,
    *look.COMMANDS,
    *requests.COMMANDS,
    *backups.COMMANDS,
    *custody.COMMANDS,
    *desk.COMMANDS,
    *desk_keys.COMMANDS,
    *rotate.COMMANDS,
):
    main.add_command(command)


if __name__ == "__main__":
    main(prog_name="iblagh")
