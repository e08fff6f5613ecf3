"""Alembic's door: it runs on the connection that `storage.migrate` holds, and on no other."""

from alembic import context

from storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
