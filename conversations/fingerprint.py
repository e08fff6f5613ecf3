"""What recognises copies: reports whose fingerprints are equal speak of one thing, and become one incident."""

from __future__ import annotations

from conversations.links import find_links, fingerprint_input, kind
from conversations.model import Draft, Link, Step
from conversations.shapes import SITE


def fingerprint(draft: Draft) -> str:
    """
    The first link that names something, else the account that was named together with its platform; "" for neither.

    The front page of a platform names nothing: half a country could report it.

    >>> fingerprint(Draft(links=find_links("https://m.facebook.com/ https://youtu.be/dQw4w9WgXcQ")))
    'https://www.youtube.com/watch?v=dQw4w9WgXcQ'
    >>> fingerprint(Draft(answers=((Step.ACCOUNT, "insta: ali_1"),)))
    'https://www.instagram.com/ali_1'
    """
    named = draft.links or find_links(draft.answer(Step.ACCOUNT))
    return next((fingerprint_input(link) for link in named if _tells_apart(link)), "")


def _tells_apart(link: Link) -> bool:
    return link.platform == "web" or kind(link) != SITE
