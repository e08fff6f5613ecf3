"""
What a provider's request brings and what goes back on it, as plain values: all of HTTP that a channel needs.

A framework's request and response cost as much as reading the message itself (docs/adr/0013-cpu-per-turn.md).
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from http import HTTPStatus
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from werkzeug.wsgi import get_content_length

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FORM = "application/x-www-form-urlencoded"
HTML, JSON, XML = "text/html; charset=utf-8", "application/json", "text/xml; charset=utf-8"
LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
AS_WRITTEN = "iblagh.as_written"

Pairs = Sequence[tuple[str, str]]


class TooLarge(Exception):
    """A body longer than we read: 413."""


class Delivered:
    """A provider's request. Its body is read when it is first asked for, so that nothing of a forged one is."""

    __slots__ = ("_body", "_environ", "_form", "_most", "began", "length")

    def __init__(self, environ: WSGIEnvironment, most_bytes: int) -> None:
        self.began = perf_counter()
        self.length = get_content_length(environ)  # None where it does not say
        self._environ, self._most = environ, most_bytes
        self._body: bytes | None = None
        self._form: Pairs | None = None

    def header(self, name: str) -> str | None:
        found: str | None = self._environ.get("HTTP_" + name.upper().replace("-", "_"))
        return found

    @property
    def path(self) -> str:
        """As it was asked for, with what follows a question mark."""
        path, query = self._environ["PATH_INFO"].lstrip("/"), self._query
        return f"/{path}?{query}" if query else f"/{path}"

    @property
    def body(self) -> bytes:
        """Raises `TooLarge`."""
        if self._body is None:
            self._body = self._read(self.length or 0)
        return self._body

    @property
    def form(self) -> Pairs:
        """The names and values of a form in their order; none of what came as anything else. Raises `TooLarge`."""
        if self._form is None:
            kind = self._environ.get("CONTENT_TYPE", "").partition(";")[0]
            self._form = pairs(self.body) if kind.strip().lower() == FORM else ()
        return self._form

    def asked(self, name: str) -> str:
        """A value behind the question mark, "" where there is none."""
        return first(pairs(self._query.encode("latin-1"))).get(name, "")

    @property
    def _query(self) -> str:
        query: str = self._environ.get("QUERY_STRING", "")
        return query

    def _read(self, length: int) -> bytes:
        if length > self._most:
            raise TooLarge
        stream = self._environ["wsgi.input"]
        body: bytes = stream.read(length)
        while len(body) < length and (more := stream.read(length - len(body))):
            body += more
        return body


class Reply(NamedTuple):
    """What goes back on a provider's request."""

    status: int = 200
    body: bytes = b""
    kind: str = HTML
    headers: tuple[tuple[str, str], ...] = ()


def pairs(body: bytes) -> Pairs:
    """
    A form, or what stands behind a question mark, taken apart; nothing where it is no UTF-8.

    >>> pairs(b"Body=%D8%B3+a&Blank=&Body=%FF")
    [('Body', 'س a'), ('Blank', ''), ('Body', '%FF')]
    """
    try:
        whole = body.decode()
    except UnicodeDecodeError:
        return []
    return [_pair(written) for written in whole.split("&") if written]


def first(form: Pairs) -> dict[str, str]:
    """By name; of a name that comes twice the first."""
    return dict(reversed(form))


def _pair(written: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    if "%" not in written and "+" not in written:
        return name, value
    return unquote(name.replace("+", " "), errors=AS_WRITTEN), unquote(value.replace("+", " "), errors=AS_WRITTEN)


def _as_written(fault: UnicodeError) -> tuple[str, int]:
    """What is no UTF-8 stays as it was written: no byte that somebody signed is lost."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return quote(fault.object[fault.start : fault.end], safe=""), fault.end


codecs.register_error(AS_WRITTEN, _as_written)
