"""
The kinds of columns there are, and what each of them refuses.

A `fresh` row was written since the last blurring, which rewrites it so that nothing in the database's own files joins
a report to a person (docs/adr/0005-unlinking.md).
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Index, LargeBinary, MetaData, text, true
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from storage.sealed import Pseudonym, Sealed


class SealedColumn(TypeDecorator[bytes]):
    """Bytes sealed by the vault. Anything else raises TypeError before it reaches the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError("only what the vault sealed may be stored here")
        return value


class PseudonymColumn(TypeDecorator[bytes]):
    """A versioned HMAC made by the vault. Anything else raises TypeError before it reaches the database."""

    impl = LargeBinary(33)
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, Pseudonym):
            raise TypeError("only a pseudonym may be stored here")
        return value


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

MOMENT = DateTime(timezone=True)


def fresh(table: str, *key: str) -> tuple[Column[bool], Index]:
    """
    The column that blurring looks for and clears, and the index that finds it.

    The index also keeps PostgreSQL from rewriting the row within its page (HOT), where the old order would show.
    """
    column = Column("fresh", Boolean, nullable=False, server_default=true())
    return column, Index(f"ix_{table}_fresh", *key, postgresql_where=text("fresh"))
