"""Every sentence the bot can say, once, in English."""

from __future__ import annotations

from enum import StrEnum


def N_(sentence: str) -> str:
    """Mark a sentence for extraction; the words are found by its locale when it is said."""
    return sentence


class Text(StrEnum):
    WELCOME = N_("Welcome.")
