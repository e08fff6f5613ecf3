"""The parcels file: what is written is read again, whole or not at all, and shows nothing that was said."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import keys, parcels
from storage.custody_chain import BEGINNING, Chain, Entry, written
from storage.parcels import NotWhole, SealedReport
from storage.vault import Vault

ENVIRONMENT = keys.generate().environment
VAULT = Vault(
    keys.parse_state_keys(ENVIRONMENT["IBLAGH_STATE_KEY"]),
    keys.parse_pseudonym_keys(ENVIRONMENT["IBLAGH_PSEUDONYM_KEY"]),
    keys.parse_desk_keys(ENVIRONMENT["IBLAGH_DESK_PUBLIC_KEYS"]),
)
AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
NAME = "فاطمة الزهراء بنعلي"


def sealed(reference: str, queue: str, category: str) -> SealedReport:
    content = {"links": [{"received": "https://www.example.org/"}]}
    parts = {"content": content, "identity": {"name": NAME, "contact": "+212612345678"}}
    parcel = VAULT.parcel(reference, [queue], {name: json.dumps(part).encode() for name, part in parts.items()})
    return SealedReport(reference, {"incident": 101, "category": category}, dict(parcel.parts), list(parcel.wraps))


REPORTS = [
    sealed("IB-1", "general", "hate"),
    sealed("IB-2", "general", "scam"),
    sealed("IB-3", "restricted", "child_abuse"),
]


def whole() -> bytes:
    stream = io.BytesIO()
    assert parcels.write(stream, REPORTS) == len(REPORTS)
    return stream.getvalue()


WHOLE = whole()
names = st.text(max_size=20)


@given(st.lists(st.tuples(names, st.dictionaries(names, st.none() | st.integers() | names, max_size=3)), max_size=4))
def test_what_is_written_is_read(said: list[tuple[str, dict[str, parcels.Fact]]]) -> None:
    reports = [SealedReport(ref, facts, REPORTS[0].parts, REPORTS[0].wraps) for ref, facts in said]
    stream = io.BytesIO()
    parcels.write(stream, reports)
    stream.seek(0)
    assert list(parcels.read(stream)) == reports


def test_a_parcels_file_shows_facts_and_nothing_said() -> None:
    assert b"IB-1" in WHOLE
    assert b"child_abuse" in WHOLE
    for said in (b"example", NAME.encode(), json.dumps(NAME)[1:-1].encode(), b"612345678"):
        assert said not in WHOLE


@pytest.mark.parametrize("kept", [0, 1, 40, 5000, len(WHOLE) - 60, len(WHOLE) - 3])
def test_a_cut_file_gives_no_report(kept: int) -> None:
    with pytest.raises(NotWhole) as refused:
        parcels.read(io.BytesIO(WHOLE[:kept]))
    assert "\n" not in str(refused.value)


def test_a_file_that_lost_gained_or_changed_a_line_gives_no_report() -> None:
    header, one, two, *rest = WHOLE.splitlines(keepends=True)
    for lines in (
        [header, one, *rest],
        [header, one, two, two, *rest],
        [header, two, one, *rest],
        [header, one, two, *rest[:-1]],
    ):
        with pytest.raises(NotWhole, match="cut or damaged"):
            parcels.read(io.BytesIO(b"".join(lines)))
    with pytest.raises(NotWhole, match="cut or damaged"):
        parcels.read(io.BytesIO(WHOLE.replace(b"hate", b"scam")))
    with pytest.raises(NotWhole, match="cut or damaged"):
        parcels.read(io.BytesIO(WHOLE + b"\n"))


@pytest.mark.parametrize(
    ("foreign", "says"),
    [
        (b"", "not a parcels file"),
        (b"\x89PNG\r\n\x1a\n", "not a parcels file"),
        (b"[1]\n", "not a parcels file"),
        (b"[" * 100_000, "not a parcels file"),
        (b'{"file":"iblagh-parcels","format":3}\n', "format that this version does not know"),
    ],
)
def test_a_foreign_file_is_named_as_such(foreign: bytes, says: str) -> None:
    with pytest.raises(NotWhole, match=says):
        parcels.read(io.BytesIO(foreign))


def test_a_report_in_another_shape_is_refused_in_one_line() -> None:
    stream = io.BytesIO()
    odd = SealedReport("IB-1", {}, {"content": b"x"}, [])
    parcels.write(stream, [odd])
    changed = stream.getvalue().splitlines()[0] + b"\n" + b'{"reference": "IB-1"}\n'
    trailer = json.dumps({"reports": 1, "chains": 0, "sha256": hashlib.sha256(changed).hexdigest()}).encode()
    with pytest.raises(NotWhole, match="report 1 of this parcels file"):
        list(parcels.read(io.BytesIO(changed + trailer)))


def chain(number: int, length: int) -> Chain:
    entries, last = list[Entry](), BEGINNING
    for position in range(1, length + 1):
        entries.append(written(number, position, AT, "", "received", b"", "content", last))
        last = entries[-1].hash
    return Chain(number, length, last, entries)


def test_chains_travel_behind_the_reports_in_as_many_lines_as_they_need() -> None:
    log = [chain(101, 3), chain(102, parcels.ENTRIES_A_LINE), chain(103, parcels.ENTRIES_A_LINE + 1), chain(104, 0)]
    stream = io.BytesIO()
    parcels.write(stream, REPORTS, log)
    assert len(stream.getvalue().splitlines()) == 1 + len(REPORTS) + 5 + 1
    stream.seek(0)
    places = dict(parcels.chains(stream))
    assert list(places.values()) == log
    assert [parcels.chain_at(stream, place) for place in reversed(places)] == log[::-1]
    stream.seek(0)
    assert list(parcels.read(stream)) == REPORTS


def test_a_file_of_before_the_log_is_still_read() -> None:
    lines = WHOLE.splitlines(keepends=True)[:-1]
    before = b"".join(lines).replace(b'"format":2', b'"format":1')
    whole = before + json.dumps({"reports": 3, "sha256": hashlib.sha256(before).hexdigest()}).encode()
    assert list(parcels.read(io.BytesIO(whole))) == REPORTS
    assert list(parcels.chains(io.BytesIO(whole))) == []
