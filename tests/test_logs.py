"""What stands in a log line, and what never does."""

from __future__ import annotations

import contextvars
import json
import logging
import subprocess
import sys
from typing import Any

from bot import logs


def line(level: int, text: str, *args: object, fault: BaseException | None = None) -> dict[str, Any]:
    info = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord("bot.somewhere", level, __file__, 1, text, args, info)
    found: dict[str, Any] = json.loads(logs.Lines().format(record))
    return found


def test_a_line_is_one_object() -> None:
    found = contextvars.Context().run(line, logging.WARNING, "incident %d:\nnot shown", 101)
    assert found["text"] == "incident 101:\nnot shown" and found["level"] == "WARNING" and found["time"].endswith("Z")
    assert set(found) == {"time", "level", "from", "text"}


def test_the_lines_of_one_delivery_share_a_name_and_those_of_another_do_not() -> None:
    def delivery() -> list[str]:
        logs.about()
        return [line(logging.INFO, "read")["about"], line(logging.INFO, "answered")["about"]]

    first, second = contextvars.copy_context().run(delivery), contextvars.copy_context().run(delivery)
    assert first[0] == first[1] != second[0] == second[1] and len(first[0]) == 8


def test_of_an_exception_the_classes_and_places_are_kept_and_no_word() -> None:
    try:
        try:
            raise KeyError("what Amina said")
        except KeyError as inner:
            raise RuntimeError("and her number 0612345678") from inner
    except RuntimeError as fault:
        found = line(logging.ERROR, "our fault", fault=fault)
    assert "RuntimeError tests/test_logs.py:" in found["trace"] and "< KeyError tests/test_logs.py:" in found["trace"]
    assert "Amina" not in str(found) and "0612" not in str(found)


def test_no_token_leaves() -> None:
    assert "AAAAAAAA" not in str(line(logging.INFO, "GET /bot123456:AAAAAAAAAAAAAAAAAAAAAAAA/getMe"))


def test_libraries_are_silent_at_debug_and_the_process_writes_objects_alone() -> None:
    program = (
        "import logging; from bot import logs; logs.begin('DEBUG')\n"
        "for name in ('httpx', 'telegram.Bot', 'twilio.http', 'procrastinate.worker', 'sqlalchemy.engine', 'alembic'):\n"
        "    logging.getLogger(name).debug('what Amina said'); logging.getLogger(name).info('what Amina said')\n"
        "logging.getLogger('bot.doors').debug('ours')\n"
        "logging.getLogger('charset_normalizer').debug('what Amina said')\n"
        "try: 1 / 0\nexcept ZeroDivisionError: logging.getLogger('x').exception('what Amina said')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    said = [json.loads(one) for one in done.stderr.splitlines()]
    assert [one["text"] for one in said] == ["ours", "<string>:7"] and "ZeroDivisionError" in said[1]["trace"]


def test_libraries_that_are_set_to_debug_all_the_same_are_as_silent() -> None:
    program = (
        "import logging, sys, threading, warnings; from bot import logs\n"
        "own = logging.getLogger('granian.access'); own.addHandler(logging.StreamHandler()); own.propagate = False\n"
        "logs.begin('DEBUG')\n"
        "for name in (*logs.TALKATIVE, 'granian.access', 'never.heard.of'):\n"
        "    logging.getLogger(name).setLevel(logging.DEBUG); logging.getLogger(name).debug('what Amina said')\n"
        "    logging.getLogger(name).info('what %s said', 'Amina')\n"
        "logging.getLogger('httpx').warning('what Amina said')\n"
        "warnings.warn('what Amina said')\n"
        "threading.Thread(target=lambda: int('what Amina said')).start()\n"
        "raise RuntimeError('what Amina said')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    said = [json.loads(one) for one in done.stderr.splitlines()]
    assert done.returncode == 1 and "Amina" not in done.stderr + done.stdout
    assert [one["from"] for one in said[:2]] == ["httpx", "py.warnings"]
    assert sorted(one["trace"].split()[0] for one in said[2:]) == ["RuntimeError", "ValueError"]
