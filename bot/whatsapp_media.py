"""
Where a citizen's file lies at Twilio: an address that came through a webhook, taken apart before anything is sent to it.

Our account and token go with every request, so no address is used as it came: it must be ours in every part, and is then
built anew (platform.md C9).
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.channel import SendFailed

HOST = "https://api.twilio.com"
SID = "[0-9A-Za-z]{32}"


class Medium(NamedTuple):
    """One file of one message, by Twilio's ids."""

    account: str
    message: str
    media: str

    def address(self, api_base: str) -> str:
        """Where it is fetched: at Twilio, or at the address given in its place."""
        path = f"/2010-04-01/Accounts/{self.account}/Messages/{self.message}/Media/{self.media}"
        return (api_base.rstrip("/") or HOST) + path


def medium(handle: str, account: str, api_base: str = "") -> Medium:
    """The file that an address names. Raises `SendFailed("not-ours")`, which is final, on any other address."""
    try:
        parts = urlsplit(handle)
    except ValueError:
        raise SendFailed("not-ours", retry=False) from None
    base = urlsplit(api_base)
    ours = parts.scheme + "://" + parts.netloc in (HOST, f"{base.scheme}://{base.netloc}")
    path = parts.path.removeprefix(base.path.rstrip("/")) if parts.netloc == base.netloc else parts.path
    found = re.fullmatch(
        rf"/2010-04-01/Accounts/{re.escape(account)}/Messages/((?:SM|MM){SID})/Media/(ME{SID})", path, re.ASCII
    )
    if not ours or not found or parts.query or parts.fragment:
        raise SendFailed("not-ours", retry=False)
    return Medium(account, found[1], found[2])
