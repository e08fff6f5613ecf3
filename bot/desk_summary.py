"""
The one-page summary of an export, French on the left and Arabic on the right, for the screen and for paper.

Everything a report says is hostile here too: no address is a link, nothing is loaded, no script runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.desk_summary_words import (
    ACTS,
    CARE,
    COLUMNS,
    DISCLOSURES,
    FACTS,
    HEADS,
    MORE,
    NONE,
    SEVERITIES,
    STATES,
    TITLE,
    VERIFY,
    WHOLE,
    Pair,
)
from bot.desk_words import defanged, exact, moment, name, words
from bot.wording import sentence
from conversations.categories import CATEGORIES
from storage.custody_chain import Chain

# So many rows fit on one page beside the rest.
MOST_REPORTS, MOST_FILES, MOST_ENTRIES = 7, 5, 12
LONGEST_ADDRESS = 60
SHORT = 8  # hex digits of an actor: enough to tell some apart
STYLE = """
@page { size: A4; margin: 12mm; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem clamp(1rem, 3vw, 2rem) 3rem; background: #fff; color: #16181d;
  font: .92rem/1.45 "Noto Sans", "Segoe UI", "Noto Sans Arabic", "Noto Naskh Arabic", "Geeza Pro", Tahoma, sans-serif; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; align-items: baseline; }
.pair > [lang=ar], th [lang=ar], td [lang=ar] { font-size: 1.06em; }
h1 { margin: 0; font-size: 1.55em; line-height: 1.3; }
h2 { margin: 0; font-size: 1.08em; }
header { border-block-end: 2px solid #16181d; padding-block-end: .6rem; }
header p { margin: .3rem 0 0; color: #50545e; }
section { margin-block-start: 1rem; }
section > .pair { border-block-end: 1px solid #c9ccd3; padding-block-end: .15rem; margin-block-end: .3rem; }
dl { margin: 0; display: grid; gap: .12rem; align-content: start; }
dl > div { display: grid; grid-template-columns: minmax(7.5rem, 42%) 1fr; gap: .75rem; }
dt { color: #50545e; }
dd { margin: 0; font-weight: 600; }
.broken { color: #b3261e; }
table { width: 100%; border-collapse: collapse; font-size: .9em; font-variant-numeric: tabular-nums; }
th { padding: .1rem .5rem .1rem 0; text-align: left; font-weight: 600; color: #50545e; vertical-align: bottom; }
td { padding: .14rem .5rem .14rem 0; border-block-start: 1px solid #e6e7ea; vertical-align: baseline; overflow-wrap: anywhere; }
.both { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .75rem; }
th .both { display: block; }
th span { display: block; text-align: left; }
td.fix { white-space: nowrap; overflow-wrap: normal; }
code { font: .82em/1.4 "Noto Sans Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.more { margin: .2rem 0 0; color: #50545e; font-size: .9em; }
.mark { padding-inline: .15em; border: 1px solid #b3261e; color: #b3261e; font: .72em monospace; }
.mark::before { content: attr(data-sign); }
@media screen and (max-width: 44rem) { .pair { grid-template-columns: 1fr; gap: .6rem; } table { display: block; overflow-x: auto; }
  td, th, td code { white-space: nowrap; overflow-wrap: normal; } }
@media print {
  body { padding: 0; max-width: none; font-size: 8pt; line-height: 1.3; }
  td { padding-block: .06rem; }
  section { margin-block-start: .55rem; break-inside: avoid; }
  section p { margin-block: .2rem; }
}
"""

Rows = Sequence[Sequence[str]]


def page(reports: Sequence[Mapping[str, Any]], chain: Chain, whole: bool) -> str:
    """The summary as text. The reports are as `desk open` gives them, in the order in which they are shown."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    files = [(report, file) for report in reports for file in report.get("evidence", [])]
    body = [
        _header(chain.number),
        f"<section>{_pair(lambda at: _facts(at, reports, len(files), chain, whole))}</section>",
        _table("reports", ("reference", "received", "disclosure", "address"), map(_report, reports), MOST_REPORTS),
        _table("exhibits", ("exhibit", "type", "size", "sha256"), (_file(*file) for file in files), MOST_FILES),
        _table("chain", ("number", "when", "act", "detail", "actor"), map(_entry, chain.entries), MOST_ENTRIES),
        f"<section>{_heads('verify')}{_pair(lambda at: f'<p>{VERIFY[at]}</p>')}"
        f'<p><code dir="ltr">{chain.hash}</code></p></section>',
    ]
    return f"""<!doctype html>
<html lang="fr" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>{TITLE.fr.format(number=chain.number)}</title>
<style>{STYLE}</style>
</head>
<body>
{"".join(body)}
</body>
</html>
"""


def _header(number: int) -> str:
    said = _pair(lambda at: f"<h1>{TITLE[at].format(number=f'<bdi>{number}</bdi>')}</h1><p>{CARE[at]}</p>")
    return f"<header>{said}</header>"


def _facts(at: int, reports: Sequence[Mapping[str, Any]], files: int, chain: Chain, whole: bool) -> str:
    """What the first report says of the incident, and counts."""
    first = reports[0]
    times = sorted(_received(report) for report in reports)
    said = {
        "category": _category(at, str(first.get("category", ""))),
        "severity": _said(at, SEVERITIES, first.get("severity")),
        "state": _said(at, STATES, first.get("state")),
        "reports": str(len(reports)),
        "first": _ltr(moment(times[0])),
        "last": _ltr(moment(times[-1])),
        "files": str(files) if files else NONE[at],
        "entries": str(chain.length),
        "chain": f"<span class='{'whole' if whole else 'broken'}'>{WHOLE[whole][at]}</span>",
    }
    return f"<dl>{''.join(f'<div><dt>{FACTS[key][at]}</dt><dd>{value}</dd></div>' for key, value in said.items())}</dl>"


def _report(report: Mapping[str, Any]) -> list[str]:
    content = report.get("content")
    links = content.get("links") if isinstance(content, dict) else None
    address = str(links[0].get("received", "")) if links and isinstance(links[0], dict) else ""
    shown = exact(_cut(defanged(address))) or "–"
    more = f" <b>+{len(links) - 1}</b>" if links and len(links) > 1 else ""
    disclosure = str(report.get("disclosure", ""))
    who = DISCLOSURES.get(disclosure, Pair(name(disclosure), ""))
    cell = _ltr(f"<code>{shown}</code>{more}")
    return [_code(str(report["reference"])), moment(_received(report)), _both(who), cell]


def _file(report: Mapping[str, Any], file: Mapping[str, Any]) -> list[str]:
    digest = str(file.get("sha256", file.get("why", "")))
    number = f"{report['reference']}-{file.get('exhibit', '')}"
    return [_code(number), words(file.get("type", "")), words(file.get("size", "")), _code(digest)]


def _entry(entry: Any) -> list[str]:
    act = ACTS.get(entry.act, Pair(name(entry.act), ""))
    said = [str(entry.position), words(entry.at.replace("T", " ").rstrip("Z")), _both(act)]
    return [*said, words(entry.detail), _code(entry.actor[:SHORT])]


def _table(about: str, columns: Sequence[str], rows: Iterable[Sequence[str]], most: int) -> str:
    """The first rows and the last, where they are too many for the page; nothing where there is none."""
    every = list(rows)
    shown, left = (every, 0) if len(every) <= most else ([*every[: most - 3], *every[-3:]], len(every) - most)
    if not every:
        return ""
    heads = "".join(f"<th>{_both(COLUMNS[key])}</th>" for key in columns)
    body = [f"<tr>{''.join(_cell(at, cell) for at, cell in enumerate(row))}</tr>" for row in shown]
    more = _pair(lambda at: f'<p class="more">{MORE[at].format(count=f"<bdi>{left}</bdi>")}</p>') if left else ""
    return f"<section>{_heads(about)}<table><tr>{heads}</tr>{''.join(body)}</table>{more}</section>"


def _cell(at: int, cell: str) -> str:
    return f'<td class="fix">{cell}</td>' if at < 2 else f"<td>{cell}</td>"


def _heads(about: str) -> str:
    return _pair(lambda at: f"<h2>{HEADS[about][at]}</h2>")


def _pair(said: Callable[[int], str]) -> str:
    """The same twice: French from the left, Arabic from the right."""
    return f'<div class="pair"><div lang="fr" dir="ltr">{said(0)}</div><div lang="ar" dir="rtl">{said(1)}</div></div>'


def _both(pair: Pair) -> str:
    ar = f'<span lang="ar" dir="rtl">{pair.ar}</span>' if pair.ar and pair.ar != pair.fr else ""
    return f'<div class="both"><span>{pair.fr}</span>{ar}</div>'


def _ltr(shown: str) -> str:
    return f'<bdi dir="ltr">{shown}</bdi>'


def _category(at: int, key: str) -> str:
    known = CATEGORIES.get(key)
    return words(sentence(("fr", "ar")[at], known.label)) if known else name(key)


def _said(at: int, known: Mapping[Any, Pair], key: Any) -> str:
    return known[key][at] if isinstance(key, str | int) and key in known else name(str(key))


def _received(report: Mapping[str, Any]) -> str:
    """As the seal holds it; in clear there is only the hour."""
    content = report.get("content")
    exactly = content.get("received") if isinstance(content, dict) else None
    return str(exactly or report.get("received_at", ""))


def _cut(address: str) -> str:
    return address if len(address) <= LONGEST_ADDRESS else f"{address[:LONGEST_ADDRESS]}…"


def _code(text: str) -> str:
    return f'<code dir="ltr">{exact(text)}</code>'
