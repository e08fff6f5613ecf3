"""
The page on which the desk reads reports: one file, nothing loaded, nothing to press that leads anywhere.

A reported address is shown defanged; its exact form can be unfolded and copied, and is never a link.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.desk_custody import section
from bot.desk_style import STYLE, filters
from bot.desk_words import defanged, exact, label, moment, name, without_addresses, words

FACTS = ("incident", "state", "received_at", "channel", "locale", "disclosure")
NAMED = ("state", "channel", "locale", "disclosure")  # facts whose value is a key of ours
HEADING = ("reference", "category", "severity", "why")
SEVERITIES = {"0": "normal", "1": "high", "2": "critical"}
CLOSED = {
    "another key": "Sealed to another key of the desk: with this one, these facts are all that can be read.",
    "changed or damaged": "Does not open: changed or damaged after it was sealed. Keep the parcels file, and say so.",
}
NOT_OPENED = {"another key": "for another key", "changed or damaged": "changed or damaged"}
EMPTY: tuple[Any, ...] = ("", None, [], {})
# Of the content, what has its own place on the page; "format" is for programs.
PLACED = ("format", "links", "details", "locale", "notice", "received")
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")

Report = Mapping[str, Any]


def page(reports: Iterable[Report]) -> str:
    """The whole page as text; it encodes to UTF-8 whatever the reports hold."""
    shown = list(reports)
    categories = list(dict.fromkeys(map(_category, shown)))
    style = STYLE + filters(len(categories))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    articles = "\n".join(_article(report, categories) for report in shown)
    return f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>Reports at the desk</title>
<style>{style}</style>
</head>
<body>
<header class="top">
<h1>Reports at the desk</h1>
<p class="sum">{_sum(shown)}</p>
<p class="care">Told in confidence. Addresses are written so that nothing opens them; what they lead to may be illegal
even to look at. Keep this file off the network, and delete it when the work is done.</p>
{_chips(shown, categories)}
</header>
<main>
{articles or '<p class="none">There is no report in this file.</p>'}
</main>
</body>
</html>
"""


def _category(report: Report) -> str:
    return str(report.get("category", ""))


def _sum(reports: list[Report]) -> str:
    """How many there are, and how many say no more than their facts."""
    closed = [report.get("why") for report in reports if not report.get("opened")]
    said = [f"{len(reports)} {'report' if len(reports) == 1 else 'reports'}"]
    said += [f"{closed.count(why)} {text}" for why, text in NOT_OPENED.items() if closed.count(why)]
    return " · ".join(said)


def _chips(reports: list[Report], categories: list[str]) -> str:
    """A choice of category that needs no script: radio buttons, and one rule of style for each."""
    if len(categories) < 2:
        return ""
    counts = [sum(_category(report) == category for report in reports) for category in categories]
    rows = [("all", "All", len(reports))]
    rows += [(str(at), name(category), counts[at]) for at, category in enumerate(categories)]
    chips = "".join(
        f'<input type="radio" name="category" id="c-{id}"{" checked" if id == "all" else ""}>'
        f'<label for="c-{id}">{text} <span>{count}</span></label>'
        for id, text, count in rows
    )
    return f'<fieldset class="chips"><legend>Show</legend>{chips}</fieldset>'


def _article(report: Report, categories: list[str]) -> str:
    told = _told(report) if report.get("opened") else CLOSED.get(str(report.get("why")), "Not opened.")
    return f"""<article class="k-{categories.index(_category(report))}">
<aside>
<h2><bdi dir="ltr">{exact(str(report.get("reference", "")))}</bdi></h2>
<p class="kind">{name(_category(report))} {_severity(str(report.get("severity", "")))}</p>
<dl>{_facts(_exact(report))}</dl>
</aside>
<div class="told">
{told if report.get("opened") else f'<p class="closed">{told}</p>'}
{section(report.get("custody"))}
</div>
</article>"""


def _severity(said: str) -> str:
    said = SEVERITIES.get(said, said)
    kind = said if said in SEVERITIES.values() else "normal"
    return f'<span class="severity {kind}">{name(said)}</span>' if said else ""


def _facts(report: Report) -> str:
    others = (key for key, value in report.items() if not isinstance(value, dict | list | bool))
    keys = [key for key in FACTS if key in report]
    keys += [key for key in others if key not in {*FACTS, *HEADING}]
    return "".join(f"<div><dt>{label(key)}</dt><dd>{_fact(key, report[key])}</dd></div>" for key in keys)


def _exact(report: Report) -> Report:
    """The report, its time as the seal holds it: in clear there is only the hour."""
    content = report.get("content")
    received = content.get("received") if isinstance(content, dict) else None
    return {**report, "received_at": received} if isinstance(received, str) else report


def _fact(key: str, value: Any) -> str:
    if key == "received_at":
        return moment(str(value))
    return f"<bdi>{name(str(value)) if key in NAMED else words(value)}</bdi>"


def _told(report: Report) -> str:
    """The content, then every other part under its name; the notice last."""
    parts: dict[str, Any] = {key: value for key, value in report.items() if isinstance(value, dict | list)}
    parts.pop("custody", None)
    content: Report = parts.pop("content") if isinstance(parts.get("content"), dict) else {}
    sections = _content(content, report, str(content.get("locale") or report.get("locale", "")))
    sections += [_section(key, value) for key, value in parts.items()]
    if content.get("notice"):
        sections.append(f'<p class="notice">Notice accepted: <bdi dir="ltr">{words(content["notice"])}</bdi></p>')
    return "\n".join(sections) or '<p class="closed">Nothing was told besides these facts.</p>'


def _content(content: Report, facts: Report, locale: str) -> list[str]:
    """The addresses, the words, then the answers and whatever else was told that the facts do not say."""
    links, details = content.get("links"), content.get("details")
    sections = []
    if isinstance(links, list) and links:
        sections.append(f'<section><h3>Reported</h3><ol class="links">{"".join(map(_link, links))}</ol></section>')
    if details:
        lang = f' lang="{locale.replace("_", "-")}"' if LOCALE.fullmatch(locale) else ""
        sections.append(f'<section{lang}><h3 lang="en">In their words</h3>{_value(details)}</section>')
    others = {key: value for key, value in content.items() if key not in PLACED and value not in EMPTY}
    return sections + [_section(key, value) for key, value in others.items() if facts.get(key) != value]


def _link(link: Any) -> str:
    known = link if isinstance(link, dict) else {"received": link}
    received, canonical = str(known.get("received") or ""), str(known.get("canonical") or "")
    forms = [("As received", received), ("Canonical, to recognise copies", canonical)]
    rows = "".join(f'<dt>{said}</dt><dd><code dir="ltr">{exact(form)}</code></dd>' for said, form in forms if form)
    tags = [name(str(known.get("platform") or "")), words(f"@{known['account']}") if known.get("account") else ""]
    marks = "".join(f'<bdi class="tag">{tag}</bdi>' for tag in tags if tag and tag != "Web")
    others = {key: value for key, value in known.items() if key not in ("received", "canonical", "platform", "account")}
    return (
        f'<li><bdi class="address" dir="ltr">{exact(defanged(received))}</bdi>{marks}'
        f"<details><summary>Exact form</summary><dl>{rows}</dl>{_value(others) if others else ''}</details></li>"
    )


def _section(key: str, value: Any) -> str:
    if key == "identity":
        return f'<section class="identity"><h3>Identity, for the desk alone</h3>{_value(value)}</section>'
    return f"<section><h3>{label(key)}</h3>{_value(value)}</section>"


def _value(value: Any) -> str:
    """Anything a part may hold, however it nests; what is empty is left out."""
    pairs = list(value.items()) if isinstance(value, dict) else _pairs(value)
    if pairs:
        rows = (
            f"<div><dt>{label(key)}</dt><dd>{_value(inner)}</dd></div>"
            for key, inner in pairs
            if inner not in EMPTY and key != "format"
        )
        return f'<dl class="table">{"".join(rows)}</dl>'
    if isinstance(value, dict | list):
        return f"<ul>{''.join(f'<li>{_value(inner)}</li>' for inner in value)}</ul>"
    return _said(str(value))


def _pairs(value: Any) -> list[tuple[str, Any]]:
    """Answers may come as a list of (question, answer): read as a table."""
    rows = value if isinstance(value, list) else []
    paired = all(isinstance(row, list) and len(row) == 2 and isinstance(row[0], str) for row in rows)
    return [(row[0], row[1]) for row in rows] if paired else []


def _said(text: str) -> str:
    """A person's words in their own direction; where an address stood in them, the exact words can be unfolded."""
    safe = without_addresses(text)
    shown = f'<div class="said" dir="auto">{words(safe)}</div>'
    if safe == text:
        return shown
    return f'{shown}<details><summary>Exact words</summary><div class="said" dir="auto">{words(text)}</div></details>'
