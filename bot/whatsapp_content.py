"""Content templates by Twilio's REST client: making one, and its approval by WhatsApp."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UTILITY = "UTILITY"  # about something that the citizen asked for; anything else may be held back as advertising


def create_content(
    client: Any, friendly: str, types: Mapping[str, Any], variables: Mapping[str, str], language: str
) -> str:
    """Make a template; its ContentSid."""
    from twilio.rest.content.v1.content import ContentList

    asked = {"friendly_name": friendly, "language": language, "variables": variables, "types": ContentList.Types(types)}
    return str(client.content.v1.contents.create(ContentList.ContentCreateRequest(asked)).sid)


def approval(client: Any, content: str) -> str:
    """The state of its approval, "" where Twilio says none."""
    found = client.content.v1.contents(content).approval_fetch().fetch().whatsapp or {}
    return str(found.get("status") or "")


def ask_approval(client: Any, content: str, name: str) -> None:
    """Submit it; `name` is what WhatsApp calls it from now on."""
    from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

    asked = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": UTILITY})
    client.content.v1.contents(content).approval_create.create(asked)
