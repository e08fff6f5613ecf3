"""The page of results: every kept result as it was printed, in docs/bench.md between two marks, and the plot beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.bench_results import RESULTS, Target, lines
from benchmarks.bench_script import CHANNELS

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- results: written by make bench -->", "<!-- end of results -->"
SHOWN = ("turns", "idle", "half", "start", "two", "due", "full")
ABOUT = ("part", "what", "targets", "failed", "share", "seconds", "commit", "at", "machine")
COLOURS = {"web": "#4477aa", "worker": "#ccbb44", "postgresql": "#66ccee"}
LEFT, WIDE, ROW = 150, 420, 34


def write() -> None:
    """Bring page and plot up to what is kept."""
    found = [json.loads(path.read_text()) for part in SHOWN if (path := RESULTS / f"{part}.json").exists()]
    page = DOCS / "bench.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    text = "\n".join(line for one in found for line in _part(one))
    page.write_text(f"{before}{BEGIN}\n```text\n{text}\n```\n{END}{after}", encoding="utf-8")
    for one in found:
        if one["part"] == "turns":
            (DOCS / "bench.svg").write_text(plot(one["channels"]), encoding="utf-8")


def _part(one: Mapping[str, Any]) -> list[str]:
    machine = one["machine"]
    where = f"{machine['cores']} cores of {machine['processor']}, {machine['system']}, Python {machine['python']}"
    return [
        f"{one['part']}: {one['what']}",
        f"  {one['at']}, commit {one['commit']}, {one['seconds']:g} s, share {one['share']:g} of the whole length",
        f"  {where}, PostgreSQL {machine['postgresql']['server_version']}, load before {machine['load_before']:g}",
        *lines({name: value for name, value in one.items() if name not in ABOUT}, "  "),
        *(Target(**target).line() for target in one["targets"]),
        "",
    ]


def plot(channels: Mapping[str, Any]) -> str:
    """Turns a second and processor time a turn, of the doors and of the floor: a drawing that any browser shows."""
    rows = [
        (name, told[kind], told[rates])
        for channel in CHANNELS
        for told in (channels[channel],)
        for name, kind, rates in ((f"floor, {channel}", "floor", "floor_rates"), (channel, "turns", "rates"))
    ]
    fastest = max(rate for _, _, rates in rows for rate in rates)
    most = max(sum(one["cpu_ms"][part] for part in COLOURS) for _, one, _ in rows)
    second = (len(rows) + 2) * ROW
    drawn = [
        _words(0, 16, "Turns a second: median, and each round"),
        _words(0, second + 16, "Milliseconds of processor a turn"),
    ]
    for at, (name, one, rates) in enumerate(rows, start=1):
        drawn += _rate(at * ROW, name, one["a_second"], rates, WIDE / fastest)
        drawn += _spent(second + at * ROW, name, one["cpu_ms"], WIDE / most)
    legend = second + (len(rows) + 1) * ROW
    for at, (part, colour) in enumerate(COLOURS.items()):
        drawn += [_bar(LEFT + 140 * at, legend, 22, colour), _words(LEFT + 140 * at + 30, legend + 16, part)]
    high = second + (len(rows) + 2) * ROW
    style = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -10 {LEFT + WIDE + 110} {high}" {style}>'
    return "\n".join([head, '<rect x="-10" y="-10" width="100%" height="100%" fill="#ffffff"/>', *drawn, "</svg>\n"])


def _rate(y: int, name: str, rate: float, rates: Sequence[float], unit: float) -> list[str]:
    dots = [f'<circle cx="{LEFT + one * unit:.1f}" cy="{y + 11}" r="3" fill="#222222"/>' for one in rates]
    return [
        _words(0, y + 16, name),
        _bar(LEFT, y, rate * unit, "#bbbbbb"),
        *dots,
        _words(LEFT + WIDE + 10, y + 16, f"{rate:.0f}"),
    ]


def _spent(y: int, name: str, cpu: Mapping[str, float], unit: float) -> list[str]:
    drawn, x = [_words(0, y + 16, name)], float(LEFT)
    for part, colour in COLOURS.items():
        drawn.append(_bar(x, y, cpu[part] * unit, colour))
        x += cpu[part] * unit
    return [*drawn, _words(LEFT + WIDE + 10, y + 16, f"{sum(cpu[part] for part in COLOURS):.2f}")]


def _bar(x: float, y: int, wide: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="22" fill="{colour}"/>'


def _words(x: int, y: int, words: str) -> str:
    return f'<text x="{x}" y="{y}" fill="#222222">{words}</text>'
