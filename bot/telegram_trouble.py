"""What goes wrong when we call Telegram, in our own words."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.channel import SendFailed

REFUSED = (  # how a 400 begins, and what it means to us
    ("message is not modified", "unchanged"),
    ("message to edit not found", "message-gone"),
    ("message to delete not found", "message-gone"),
    ("message can't be edited", "message-gone"),
    ("message_id_invalid", "message-gone"),
    ("message can't be deleted", "too-old"),
    ("chat not found", "chat-not-found"),
    ("file is too big", "too-large"),
    ("wrong file_id", "no-such-file"),  # "… or the file is temporarily unavailable"
    ("invalid file_id", "no-such-file"),
)


def failure(trouble: TelegramError) -> SendFailed:
    """
    The library's exception as ours; its text, which may quote a server or an address, stays behind.

    A 400 is a NetworkError to the library, so it is looked for before that (platform.md B3). A message that timed out
    may have arrived: Telegram has no key by which it would know a second one.
    """
    match trouble:
        case RetryAfter():
            return SendFailed("slow-down", retry=True, after=_seconds(trouble.retry_after))
        case ChatMigrated():
            return SendFailed("moved", retry=False, moved_to=str(trouble.new_chat_id))
        case Forbidden():
            return SendFailed("blocked", retry=False)
        case InvalidToken():
            return SendFailed("token", retry=False)
        case Conflict():
            return SendFailed("conflict", retry=False)
        case BadRequest():
            return SendFailed(_refusal(trouble.message.lower()), retry=False)
        case TimedOut():
            return SendFailed("timeout", retry=True)
    return SendFailed("network", retry=True)


def _refusal(message: str) -> str:
    return next((code for begins, code in REFUSED if message.startswith(begins)), "refused")


def _seconds(wait: int | timedelta) -> float:
    """An int, or a timedelta where the environment says PTB_TIMEDELTA."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
