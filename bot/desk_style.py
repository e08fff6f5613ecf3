"""How the desk's page looks: wide, narrow, dark, printed, in both directions. One text, so that its digest can vouch for it."""

from __future__ import annotations

STYLE = """
:root {
  --paper: #f4f3f0; --card: #fff; --ink: #1c1d21; --soft: #5d606a; --line: #dddbd5; --fill: #f1efea;
  --calm: #2f6f9f; --high: #9a5b00; --critical: #b3261e; --trust: #2b6650; --trust-fill: #eef5f1;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
  --text: system-ui, "Segoe UI", "Noto Sans", "Noto Sans Arabic", "Noto Sans Tifinagh", "Geeza Pro", Tahoma, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141518; --card: #1d1f23; --ink: #ecebe7; --soft: #a2a5ae; --line: #34363d; --fill: #26282d;
    --calm: #8fb1d1; --high: #e0a64b; --critical: #ff8a80; --trust: #86c9ad; --trust-fill: #1d2b26;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--text); }
.top, main { max-width: 70rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
.top { padding-block: clamp(1.5rem, 5vw, 3rem) 1.25rem; }
main { padding-block-end: 4rem; display: grid; gap: 1.25rem; }
h1 { margin: 0; font-size: clamp(1.6rem, 4vw, 2.1rem); line-height: 1.2; letter-spacing: -.015em; font-weight: 650; }
.sum { margin: .35rem 0 0; color: var(--soft); font-variant-numeric: tabular-nums; }
.care { max-width: 44rem; margin: .9rem 0 0; text-wrap: pretty; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.5rem 0 0; padding: 0; border: 0; }
.chips legend, .chips input { position: absolute; opacity: 0; pointer-events: none; }
.chips label { padding: .4rem .85rem; min-height: 2.25rem; border: 1px solid var(--line); border-radius: 2rem;
  background: var(--card); cursor: pointer; font-size: .9rem; }
.chips span { color: var(--soft); margin-inline-start: .25rem; font-variant-numeric: tabular-nums; }
.chips input:checked + label { background: var(--ink); border-color: var(--ink); color: var(--card); }
.chips input:checked + label span { color: inherit; opacity: .7; }
.chips input:focus-visible + label { outline: 3px solid var(--calm); outline-offset: 2px; }
article { display: grid; grid-template-columns: 18.75rem minmax(0, 1fr); overflow: hidden;
  background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
aside { padding: 1.4rem 1.5rem 1.5rem; background: var(--fill); border-inline-end: 1px solid var(--line); }
h2 { margin: 0; font: 500 .95rem/1.4 var(--mono); color: var(--soft); }
.kind { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .6rem; margin: .25rem 0 1.1rem;
  font-size: 1.2rem; font-weight: 650; line-height: 1.3; }
.severity { padding: .05rem .55rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .78rem; font-weight: 600; }
.severity.normal { color: var(--soft); border-color: var(--line); }
.severity.high { color: var(--high); }
.severity.critical { background: var(--critical); border-color: var(--critical); color: var(--card); }
dl, dd, ul { margin: 0; }
ul { padding-inline-start: 1.2rem; }
dd { overflow-wrap: anywhere; }
dt { color: var(--soft); font-size: .86rem; }
aside dl { display: grid; gap: .3rem; }
aside dl > div { display: grid; grid-template-columns: 7.2rem minmax(0, 1fr); align-items: baseline; }
time { white-space: nowrap; }
aside dd { font-size: .92rem; font-variant-numeric: tabular-nums; }
.told { padding: 1.5rem clamp(1rem, 3vw, 2rem) 1.75rem; min-width: 0; display: grid; gap: 1.6rem; align-content: start; }
section { min-width: 0; }
h3 { margin: 0 0 .45rem; color: var(--soft); font-size: .86rem; font-weight: 600; }
.said { width: fit-content; max-width: 100%; white-space: pre-wrap; overflow-wrap: anywhere; text-align: start;
  unicode-bidi: plaintext; }
section > .said, section > details > .said { width: auto; max-width: 44rem; font-size: 1.06rem; line-height: 1.65; }
section:lang(ar) .said { font-size: 1.18rem; line-height: 1.95; }
.links { list-style: none; margin: 0; padding: 0; display: grid; gap: .9rem; }
.address { display: block; font: .95rem/1.5 var(--mono); overflow-wrap: anywhere; text-align: left; }
.tag { display: inline-block; margin: .35rem .4rem 0 0; padding: .05rem .55rem; border-radius: 1rem; background: var(--fill);
  border: 1px solid var(--line); font-size: .82rem; }
details { margin-block-start: .35rem; font-size: .88rem; }
summary { width: fit-content; color: var(--soft); cursor: pointer; padding-block: .15rem; }
summary:focus-visible { outline: 3px solid var(--calm); outline-offset: 2px; border-radius: .2rem; }
details dl, details .said { margin-block-start: .4rem; padding: .8rem 1rem; background: var(--fill); border-radius: .4rem; }
details dd + dt { margin-block-start: .6rem; }
code { display: block; font: .88rem/1.5 var(--mono); overflow-wrap: anywhere; text-align: left; user-select: all; }
.table { display: grid; gap: .45rem; }
.table > div { display: grid; grid-template-columns: minmax(7rem, 11rem) minmax(0, 1fr); gap: .25rem 1rem; align-items: baseline; }
.identity { padding: 1rem 1.15rem 1.1rem; background: var(--trust-fill); border-radius: .45rem; }
.identity h3 { color: var(--trust); }
.custody table { margin-block-start: .5rem; border-collapse: collapse; display: block; overflow-x: auto; font-variant-numeric: tabular-nums; }
.custody th, .custody td { padding: .2rem .8rem .2rem 0; text-align: start; vertical-align: baseline; white-space: nowrap; }
.custody th { color: var(--soft); font-weight: 600; }
.custody code { display: inline; user-select: auto; }
.custody details p { margin: .5rem 0 0; }
.custody .broken { color: var(--critical); font-weight: 600; }
.notice { margin: 0; color: var(--soft); font-size: .82rem; }
.closed, .none { margin: 0; color: var(--soft); max-width: 36rem; }
.mark { padding-inline: .2em; margin-inline: .1em; border-radius: .2em; background: var(--critical); color: var(--card);
  font: 600 .72em/1.4 var(--mono); }
.mark::before { content: attr(data-sign); }
@media (max-width: 46rem) {
  article { grid-template-columns: minmax(0, 1fr); }
  aside { padding: 1.1rem 1.15rem; border-inline-end: 0; border-block-end: 1px solid var(--line); }
  .kind { margin-block-end: .8rem; }
  .told { padding: 1.2rem 1.15rem 1.4rem; }
  .table > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #999; --fill: #fff; --trust-fill: #fff; color-scheme: light; }
  body { font-size: 10pt; }
  .chips, summary, details:not([open]) { display: none; }
  .top, main { max-width: none; padding-inline: 0; }
  article { display: block; border-radius: 0; }
  aside { padding: 1rem; border-inline-end: 0; border-block-end: 1px solid var(--line); }
  aside dl { grid-template-columns: 1fr 1fr; column-gap: 2rem; }
  aside, section { break-inside: avoid; }
  .severity.critical { background: none; color: var(--critical); }
}
"""


def filters(categories: int) -> str:
    """One rule for each category: while its button is down, the others are not shown."""
    rules = (f"body:has(#c-{at}:checked) article:not(.k-{at}) {{ display: none; }}\n" for at in range(categories))
    return "".join(rules)
