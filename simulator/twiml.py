"""What Twilio makes of a webhook's answer: messages to send, or an entry in its debugger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

LONGEST_BODY = 1600
MOST_MESSAGES = 10
LARGEST_ANSWER = 64 * 1024


class Said(NamedTuple):
    """One message of an answer."""

    body: str
    media: tuple[str, ...] = ()


@dataclass
class Answer:
    """What is sent, and what Twilio complains of. `failed` when the answer as a whole is of no use."""

    messages: list[Said] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    failed: bool = False


def follow(content: bytes, content_type: str) -> Answer:
    """Read TwiML as Twilio does: too large, not XML, too long, too many each has its error."""
    if not content.strip():
        return Answer()
    if len(content) > LARGEST_ANSWER:
        return Answer(errors=[11750], failed=True)
    if content_type.partition(";")[0].strip() not in ("text/xml", "application/xml"):
        return Answer(errors=[12300], failed=True)
    try:
        root = _root(content)
    except expat.ExpatError:
        return Answer(errors=[12100], failed=True)
    if root.tag != "Response":
        return Answer(errors=[12100], failed=True)
    return _messages(root)


def _root(content: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise expat.ExpatError("no document type belongs into TwiML")
    builder = ElementTree.TreeBuilder()
    reader = expat.ParserCreate()
    reader.StartElementHandler, reader.EndElementHandler = builder.start, builder.end
    reader.CharacterDataHandler = builder.data
    reader.Parse(content, True)
    return builder.close()


def _messages(root: ElementTree.Element) -> Answer:
    answer = Answer()
    for verb in root:
        if verb.tag != "Message" or set(verb.attrib) - {"to", "from", "action", "method", "statusCallback"}:
            answer.errors.append(12200)
        elif len(answer.messages) == MOST_MESSAGES:
            answer.errors.append(14109)
            break
        else:
            _add(answer, verb)
    return answer


def _add(answer: Answer, verb: ElementTree.Element) -> None:
    body = "".join(part.text or "" for part in verb if part.tag == "Body") or (verb.text or "").strip()
    media = tuple((part.text or "").strip() for part in verb if part.tag == "Media")
    if len(body) > LONGEST_BODY or not (body.strip() or media):
        answer.errors.append(14103)
    else:
        answer.messages.append(Said(body, media))
