"""What a test in another process can order: faults, lost and repeated deliveries, the clock, and a look at it all."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from simulator.faults import Fault
from simulator.standins import Standins

Json = dict[str, Any]


def doors(standins: Standins) -> Blueprint:
    """
    POST `/control/clock` {speed, forward}, `/control/<provider>/refuse` {error, method, times, retry_after, after, code},
    `/control/<provider>/delivery` {repeat, lose, hold, release; for twilio also patience, late_errors}; GET `/control/<provider>` shows calls and attempts.
    """
    routes = Blueprint("control", __name__, url_prefix="/control")

    @routes.post("/clock")
    def clock() -> Json:
        asked = request.get_json()
        standins.clock.change(float(asked.get("speed", 0)), float(asked.get("forward", 0)))
        return {"now": standins.clock.now()}

    @routes.post("/<provider>/refuse")
    def refuse(provider: str) -> Json:
        fault = Fault(**request.get_json())
        (standins.telegram if provider == "telegram" else standins.twilio).faults.order(fault)
        return asdict(fault)

    _deliveries(routes, standins)
    _looks(routes, standins)
    return routes


def _deliveries(routes: Blueprint, standins: Standins) -> None:
    @routes.post("/telegram/delivery")
    def telegram_delivery() -> Json:
        asked, delivery = request.get_json(), standins.telegram.delivery
        delivery.troubles.repeat += int(asked.get("repeat", 0))
        delivery.troubles.lose += int(asked.get("lose", 0))
        delivery.troubles.held |= {asked["hold"]} if "hold" in asked else set()
        if asked.get("release"):
            delivery.troubles.held.clear()
        delivery.look()
        return {"pending": delivery.pending()}

    @routes.post("/twilio/delivery")
    def twilio_delivery() -> Json:
        asked, delivery = request.get_json(), standins.twilio.delivery
        for name in ("repeat", "lose", "hold"):
            setattr(delivery.troubles, name, getattr(delivery.troubles, name) + int(asked.get(name, 0)))
        delivery.patience = float(asked.get("patience", delivery.patience))
        standins.twilio.late_errors = bool(asked.get("late_errors", standins.twilio.late_errors))
        if asked.get("release"):
            delivery.troubles.hold = 0
            delivery.release()
        return {"patience": delivery.patience}


def _looks(routes: Blueprint, standins: Standins) -> None:
    @routes.get("/telegram")
    def telegram() -> Json:
        delivery = standins.telegram.delivery
        return {"calls": standins.telegram.calls, "attempts": delivery.attempts, "pending": delivery.pending()}

    @routes.get("/twilio")
    def twilio() -> Json:
        found = standins.twilio
        return {"calls": found.calls, "attempts": found.delivery.attempts, "debugger": found.messages.debugger}
