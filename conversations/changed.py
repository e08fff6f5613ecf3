"""
How a frozen value becomes another: the same, with some of its fields otherwise.

`dataclasses.replace` calls the constructor with every field by name; a turn makes half a dozen new values out of old ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace as changed  # so that every field's type is checked where it is changed
else:

    def changed(value: Any, /, **fields: Any) -> Any:
        """
        A frozen dataclass with these fields otherwise. Raises TypeError for a field that it has not.

        Not for a class with slots, nor for one that checks its fields when it is made: nothing is called here.
        """
        held = value.__dict__ | fields
        if len(held) != len(value.__dict__):
            raise TypeError(f"{value.__class__.__name__} has no such field")
        new = object.__new__(value.__class__)
        object.__setattr__(new, "__dict__", held)
        return new


__all__ = ["changed"]
