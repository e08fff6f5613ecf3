"""Which Telegram groups are ours: those configured, and what they became when they moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator


class OurGroups(Collection[str]):
    """
    The ids of our groups. Only an id that is not configured is looked up, so that a citizen's message costs nothing.

    The look-up is never kept: a group that has just moved must not be taken for a stranger's and left.
    """

    def __init__(self, configured: Collection[str], is_named: Callable[[str], bool]) -> None:
        self._configured, self._is_named = frozenset(configured), is_named

    def __contains__(self, chat: object) -> bool:
        return isinstance(chat, str) and (chat in self._configured or (bool(chat) and self._is_named(chat)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._configured)

    def __len__(self) -> int:
        return len(self._configured)
