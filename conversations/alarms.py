"""
Words of danger in free text: they bring help at once and never hold up the report (domain.md 3, 17).
"""

from __future__ import annotations


def alarm(said: str) -> str:
    """The strongest of "danger", "suicide", "blackmail", "money" that the words tell of, or ""."""
    return ""
