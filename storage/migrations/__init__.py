"""The schema, one revision a change."""
