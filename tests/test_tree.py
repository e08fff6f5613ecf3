"""The project's shape: short files and functions, plain names, and a README that tells the truth."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot import settings
from bot.cli import main
from conversations.diagram import mermaid

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "conversations", "storage", "simulator", "benchmarks", "tests")
LONGEST_FILE = 250
LONGEST_TEST = 300  # samples and stories are long
ONE_TABLE = {"conversations/texts.py": 500}  # every sentence stands once, in one place
LONGEST_FUNCTION = 40
TELLS_NOTHING = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc"}
CONVERSATION_MAY_USE = {"ada_url", "orjson", "publicsuffixlist", "phonenumbers", "conversations", "__future__"}
CLOCK_DICE_NETWORK_LOG = {
    "asyncio", "http", "logging", "os", "random", "secrets", "smtplib", "socket", "ssl", "subprocess", "threading",
    "time", "uuid",
}  # fmt: skip


def tracked(pattern: str = "") -> list[Path]:
    """The files that belong to the project; in an unpacked archive, all that are there."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        files = [ROOT / name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = [path for room in ROOMS for path in (ROOT / room).rglob("*")] + list(ROOT.glob("*.*"))
    return [path for path in files if path.is_file() and path.name.endswith(pattern)]


def sources() -> list[Path]:
    return [path for path in tracked(".py") if path.is_relative_to(ROOT)]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at() -> None:
    assert len(sources()) > 20


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    room = LONGEST_TEST if name_of(path).startswith("tests/") else LONGEST_FILE
    assert len(text.splitlines()) <= ONE_TABLE.get(name_of(path), room)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is long"


@pytest.mark.parametrize("path", sources(), ids=name_of)
def test_every_file_says_which_room_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree) or not tree.body


def test_names_tell_something() -> None:
    names = {part for path in sources() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not names & TELLS_NOTHING


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_the_conversation_uses_the_standard_library_and_its_four_parsers() -> None:
    """Import contracts can forbid what they name; this names what is allowed."""
    allowed = (set(sys.stdlib_module_names) | CONVERSATION_MAY_USE) - CLOCK_DICE_NETWORK_LOG
    used = {name.split(".")[0] for path in (ROOT / "conversations").glob("*.py") for name in imports(path)}
    assert used <= allowed


def test_the_doors_know_no_simulator() -> None:
    used = {name.split(".")[0] for name in imports(ROOT / "webhook_app.py")}
    assert "simulator" not in used and "tests" not in used


def test_the_readme_has_the_settings_table() -> None:
    assert settings.table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_todays_diagram() -> None:
    assert mermaid() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_in_the_documents_exist() -> None:
    for document in [path for path in tracked(".md") if path.name != "CHANGELOG.md"]:
        text = document.read_text(encoding="utf-8")
        for words in re.findall(r"iblagh((?: [a-z][a-z|]+)+)", _code(text)):
            assert _exists(words.split()), f"{document.name}: iblagh{words}"
        for target in re.findall(r"make ([a-z]+)", _code(text)):
            assert re.search(rf"^{target}:|PROOFS := .*\b{target}\b", _makefile(), re.MULTILINE), target


def _code(text: str) -> str:
    """What stands in backquotes: prose may say `make` as a verb."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


def _makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def _exists(words: list[str]) -> bool:
    """Whether these words lead to a command; `a|b` are several, and what follows a command are its arguments."""
    command: click.Command | None = main
    for word in words:
        if not isinstance(command, click.Group):
            return True
        found = [command.commands.get(one) for one in word.split("|")]
        if None in found:
            return False
        command = found[0]
    return True


# Spelt in pieces, so that this file does not hold what it forbids.
FOREIGN = re.compile(
    "|".join(["pypi" + r"\.org", "--index" + "-url", "--find" + "-links", "/ro" + "ot/", "/wo" + "rk/"])
)


@pytest.mark.parametrize("path", tracked(), ids=name_of)
def test_no_file_names_a_package_index_or_a_folder_of_one_machine(path: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return  # a picture
    assert not FOREIGN.search(text.replace("--no-emit-index" + "-url", ""))
