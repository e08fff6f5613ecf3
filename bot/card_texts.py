"""Every sentence of the moderators' group, once, in English."""

from __future__ import annotations

from enum import StrEnum

from conversations.texts import N_


class CardText(StrEnum):
    # the card
    HEAD = N_("Incident {number} · {severity}")
    CRITICAL = N_("● critical")
    HIGH = N_("◐ high")
    NORMAL = N_("○ normal")
    CATEGORY = N_("Category: {category}")
    CHANNEL = N_("Channel: {channel}")
    SPOKEN = N_("Language: {language}")
    DISCLOSURE = N_("Reporter: {disclosure}")
    ANONYMOUS = N_("anonymous")
    CONFIDENTIAL = N_("confidential, reachable through the bot")
    IDENTIFIED = N_("identified, known to the desk")
    REPORTS = N_("Reports: {count}")
    PLATFORM = N_("Platform: {platform}")
    LINK = N_("Link, made unclickable; do not open it here: {link}")
    WAITING = N_("State: waiting to be taken")
    TAKEN = N_("State: taken by {name}")
    CLOSED = N_("State: closed")
    # the button
    TAKE = N_("Take")
    # what a press is told
    YOURS = N_("Incident {number} is yours.")
    TAKEN_ALREADY = N_("Incident {number} is already taken by {name}.")
    NOT_LISTED = N_("You are not on the list of moderators. Ask the operator to add you.")
    NOT_RESTRICTED = N_("This incident is for moderators of the restricted queue.")
    GONE = N_("This button no longer means anything. Look at the newest card.")
