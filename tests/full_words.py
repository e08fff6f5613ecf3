"""
Conversations that pass every screen, for people who read a language and no program.

A line is what the citizen does: words are typed, `{…}` is as in `bot/talk.py`, `#` begins a new conversation.
"""

from __future__ import annotations

from conversations import codes

UNKNOWN = codes.reference(7**9)
COPYING = tuple(
    line
    for app in ("facebook", "instagram", "tiktok", "youtube", "x", "telegram", "whatsapp", "snapchat", "web")
    for line in ("{press copying}", f"{{press {app}}}")
)
BACK = "{press back}"

RIGHT_CODE, WRONG_CODE = "IB-0000-0000-012 SC-0000-0000-0012", "IB-0000-0000-012 SC-0000-0000-0024"

SAID = (
    "# The first screen, and what works at any step",
    "<greeting>", "{press privacy}", "{press more}", "{press help}", "{press language}", "{press <locale>}", BACK, "…?", "{sticker}",
    "{press gone}", "{press status}", "IB-1111-1111-111", UNKNOWN, "{press continue}",
    "# The link",
    "<greeting>", "{press continue}", "…?", "@name", "https://example.com/" + "a" * 2100, *COPYING,
    "https://bit.ly/3abc", BACK, "https://www.tiktok.com/@name", BACK,
    "https://example.com/1 https://example.com/2", "…?",
    "# The kinds of content, and what is refused",
    "<greeting>", "{press continue}", "https://example.com/1", "{photo picture}", "{press child_abuse}", "{photo picture}", BACK,
    "{press sextortion}", "{photo picture}", "{press victim}", BACK, BACK, "{press terrorism}", BACK, "{press defamation}", BACK,
    "{press violence}", "{press later}", "{press forget}", "{press victim}", "{press yes}",
    "# A scam, from beginning to end, with a name",
    "<money>", "{press continue}", "https://example.com/shop", "{press scam}", "{press victim}", "RIB 0123", "2000 DH",
    "zzzz", "Sidi", "{press 6}", "{press settat}", "", "<story>", "w" * 4001, "{voice words}",
    "{press done}", "{press identified}", "1", "AB123456", "{card +212600000001}", "Amina Alaoui", "…?", "0612345678", "{press edit_place}",
    "{press abroad}", "{edit 3} https://example.com/other", "{press send}", "{edit 3} https://example.com/other",
    "<story>", "{press status}", "<reference>", "{press another}", "{press stop}", "{press stop}",
    "# Blackmail without a link, and nobody knows who wrote",
    "<blackmail>", "{press continue}", "{press no_link}", "?", "Free Fire, name123", "{press sextortion}", "{press victim}",
    "{press yes}", "{press no}", "{place 52 13}", "{press abroad}", "{press done}", "{press anonymous}", "{press edit_details}",
    "<long>", "{press done}", "{press anonymous}", "…?", "{press send}",
    "# A fake account, confidentially, and begun again",
    "<suicide>", "{press continue}", "https://example.com/1", "{press impersonation}", "{press victim}", "@name",
    "{press skip}", "<story>", "{press done}", "{press confidential}", "{press restart}", "{press stop}", "{press stop}",
    "# Danger",
    "<greeting>", "{press continue}", "https://example.com/1 https://example.com/2", "<danger>", "{press other}", "{press witness}", "{press skip}",
    "{press done}", "{press confidential}", "{press send}",
    "# Following a report: by its secret code, then as one who can be reached",
    "https://example.com/1", "{press continue}", "{press scam}", "{press status}", "{press code}", "{press send}",
    "{press status}", "{press mine}", "{press code}", "…?", "IB-0000-0000-012", WRONG_CODE, RIGHT_CODE,
    "{press add}", "<story>", "! loses IB-0000-0000-012 2", "{press done}", "! loses IB-0000-0000-012 0", "! asks IB-0000-0000-012 details", "{press add}", "{press done}", "{press answer}", "<story>", "! asks IB-0000-0000-012 when", "{press add}", "{press done}",
    "! asks IB-0000-0000-012 account", "{press add}", "{press done}", "! asks IB-0000-0000-012 screenshot", "{press add}", "{press done}",
    "{press edit_identity}", "{press confidential}", "{press notify}", "{press quiet}", "{press edit_identity}", "{press anonymous}",
    "{press edit_identity}", "{press confidential}", "{press edit_identity}", "! moves IB-0000-0000-012 referred", "{press identified}",
    "! moves IB-0000-0000-012 analysis", "{press add}", "{press done}", "! moves IB-0000-0000-012 referred", "{press add}", "{press done}",
    "! moves IB-0000-0000-012 closed lawful", "{press add}", "{press done}", "! moves IB-0000-0000-012 closed insufficient", "{press add}", "{press done}",
    "! moves IB-0000-0000-012 closed private_dispute", "{press add}", "{press done}", "! moves IB-0000-0000-012 closed acted", "{press add}", "{press done}",
    "{press status}", "{press mine}", "1", "{press done}", "{press status}", "{press code}", *[WRONG_CODE] * 5,
    "# What citizens have a right to: their report, before it was passed on and after",
    "https://example.com/1", "{press continue}", "{press mydata}", "{press delete}", "{press scam}", "{press victim}", *["{press skip}"] * 3, "{press done}",
    "{press identified}", "Amina Alaoui", "0612345678", "{press send}", "{press status}", "{press mine}", "1", "{press mydata}",
    "{press correct}", "<story>", "{press object}", "<story>", "{press delete}", "{press erase_no}",
    "! moves IB-0000-0000-012 referred", "{press mydata}", "{press delete}", "{press erase_yes}", "{press mydata}", "{press done}",
    "# The same of an anonymous report, which is erased, and the chat with it",
    "https://example.com/1", "{press continue}", "{press scam}", "{press send}", "{press mydata}", "{press code}", RIGHT_CODE,
    "{press delete}", "{press help}", "{press erase_yes}", "{press erase}",
)  # fmt: skip
