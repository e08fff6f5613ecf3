"""
The floor of the benchmark: the least that a durable turn could be, on our own server, pool and settings.

A bare Flask route that in one transaction reads one row under lock, writes two rows of the sizes that a turn writes, and
answers a constant body. It knows no channel, conversation, key or queue. The sizes come by the environment.
"""

from __future__ import annotations

import json
import os
import random
import sys

from flask import Flask, Response
from sqlalchemy import text

from bot.house import database
from storage import db

PEOPLE = 10_000  # so many that two at a time are rarely the same
TABLES = """
    CREATE TABLE floor_sessions (person int PRIMARY KEY, sealed bytea NOT NULL);
    CREATE TABLE floor_deliveries (mark bytea PRIMARY KEY, kept bytea NOT NULL);
    INSERT INTO floor_sessions SELECT person, '' FROM generate_series(0, 9999) AS person;
"""
DROP = "DROP TABLE IF EXISTS floor_sessions, floor_deliveries"
READ = text("SELECT sealed FROM floor_sessions WHERE person = :person FOR UPDATE")
SESSION = text("UPDATE floor_sessions SET sealed = :sealed WHERE person = :person")
DELIVERY = text("INSERT INTO floor_deliveries (mark, kept) VALUES (:mark, :kept)")


def create_floor() -> Flask:
    """The application, on the database of the environment; `FLOOR_SIZES`: of an answer, and of each turn's two rows."""
    app, engine = Flask(__name__), db.connect(database())
    sizes, random_bytes = json.loads(os.environ["FLOOR_SIZES"]), os.urandom(1 << 16)

    @app.post("/floor/<channel>")
    def turn(channel: str) -> Response:
        answer, rows = sizes[channel]
        session, kept = (random_bytes[:size] for size in random.choice(rows))
        person = random.randrange(PEOPLE)
        with db.begin(engine) as tx:
            tx.execute(READ, {"person": person}).one()
            tx.execute(SESSION, {"person": person, "sealed": session})
            tx.execute(DELIVERY, {"mark": os.urandom(33), "kept": kept})
        return Response("x" * answer, mimetype="application/json")

    app.add_url_rule("/readyz", view_func=lambda: "ready\n", endpoint="ready")
    return app


if __name__ == "__main__":
    from bot.serve import serve

    serve("benchmarks.floor:create_floor", "127.0.0.1", int(sys.argv[1]), int(sys.argv[2]))
