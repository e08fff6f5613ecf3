"""
The reporting script, top to bottom as the citizen meets it. Read this first.

A row is a question. A row whose condition does not hold for the draft is passed over. After an answer comes the first row not
yet answered, unless the choice itself leads elsewhere (`goes`). The diagram in the README is drawn from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from conversations import answers, follow_screens, rights_screens, screens, territory
from conversations.categories import CATEGORIES, asks
from conversations.categories import CHOICES as CATEGORY_CHOICES
from conversations.model import Choice, Draft, Given, Line, Message, Refusal, Session, Step
from conversations.rights_texts import RightsText
from conversations.texts import Sentence, Text

Reader = Callable[[Message, Draft], Draft | Refusal]
Screen = Callable[[Session, Given], tuple[Line, ...]]


class Condition(NamedTuple):
    """
    When a row applies; the name stands on the diagram's arrow.

    `on` is the step it depends on: answered anew, that one has this row asked anew.
    """

    name: str
    holds: Callable[[Draft], bool]
    on: Step | None = None


def asked_by_category(step: Step) -> Condition:
    """A question of some kinds of content only."""
    names = " ".join(row.key for row in CATEGORIES.values() if step in row.asks)
    return Condition(names, lambda draft: asks(draft, step), Step.CATEGORY)


ALWAYS = Condition("", lambda draft: True)
NO_LINK = Condition("no link", lambda draft: not draft.links, Step.LINK)
BY_REGION = Condition("region", lambda draft: draft.answer(Step.PLACE) in territory.REGIONS, Step.PLACE)
IDENTIFIED = Condition("with name", lambda draft: draft.disclosure == "identified", Step.IDENTITY)


@dataclass(frozen=True, slots=True)
class Question:
    """
    One row: what is asked, how an answer is read, where it is kept.

    With `reads` the question is open: digits are content and choices are pressed or named, unless it is `numbered` all the
    same. `keeps` is where a choice is kept: a field of the draft, or a name among its answers. `gathers`: answers add up
    until a choice is made. `again` is the short form after help or a refusal. `alarms`: choices that tell of danger.
    `unless`: choices that this citizen has no use for. `decides`: choices that say whether silence sends the report, while the question stays; the one in force is not offered.
    """

    ask: Screen
    keeps: str = ""
    reads: Reader | None = None
    choices: tuple[Choice, ...] = ()
    offers: Callable[[Session], tuple[Choice, ...]] | None = None
    goes: Mapping[str, Step] = field(default_factory=dict)
    when: Condition = ALWAYS
    gathers: bool = False
    numbered: bool = False
    again: Sentence | None = None
    placeholder: Sentence | None = None
    alarms: Mapping[str, str] = field(default_factory=dict)
    decides: Mapping[str, bool] = field(default_factory=dict)
    unless: Callable[[Session], Collection[str]] = lambda session: ()

    @property
    def open(self) -> bool:
        """Whether digits are content here."""
        return self.reads is not None and not self.numbered

    def pressable(self, session: Session) -> tuple[Choice, ...]:
        """The choices as this citizen meets them: some depend on an earlier answer, and on the language."""
        offered = (*self.offers(session), *self.choices) if self.offers else self.choices
        if unless := self.unless(session):
            offered = tuple([choice for choice in offered if choice.key not in unless])
        if not self.decides:
            return offered
        return tuple([choice for choice in offered if self.decides.get(choice.key) is not session.unfinished])


LANGUAGES = tuple(
    Choice(key, label)
    for key, label in (
        ("ar", Text.ARABIC), ("zgh", Text.TAMAZIGHT), ("fr", Text.FRENCH), ("en", Text.ENGLISH), ("es", Text.SPANISH),
    )
)  # fmt: skip
PLATFORMS = tuple(Choice(key, label) for key, (label, _) in screens.COPYING.items())
SKIP, YES, NO = Choice("skip", Text.SKIP), Choice("yes", Text.YES), Choice("no", Text.NO)
DONE, NOTIFY = Choice("done", Text.DONE), Choice("notify", Text.NOTIFY)
DISCLOSURES = tuple(Choice(key, label) for key, label in screens.DISCLOSURES.items())
EDITS = {
    "edit_link": Step.LINK, "edit_category": Step.CATEGORY, "edit_details": Step.DETAILS, "edit_place": Step.PLACE, "edit_identity": Step.IDENTITY,
}  # fmt: skip

# fmt: off
SCRIPT: Mapping[Step, Question] = MappingProxyType({
    Step.START:    Question(screens.welcome, reads=answers.read_links, choices=(Choice("continue", Text.CONTINUE), *LANGUAGES), numbered=True, again=Text.ASK_START),
    Step.LINK:     Question(screens.link, reads=answers.read_links, choices=(Choice("no_link", Text.NO_LINK), Choice("copying", Text.HOW_TO_COPY)), goes={"copying": Step.COPYING}, placeholder=Text.PLACE_LINK),
    Step.SEEN:     Question(screens.seen, reads=answers.read_seen, when=NO_LINK),
    Step.CATEGORY: Question(screens.category, keeps="category", choices=CATEGORY_CHOICES, again=Text.ASK_CATEGORY),
    Step.ENOUGH:   Question(screens.enough, keeps="role", choices=(Choice("send", Text.SEND_NOW), Choice("victim", Text.VICTIM), Choice("witness", Text.WITNESS), Choice("later", Text.SEND_IF_SILENT), Choice("forget", Text.FORGET_IF_SILENT)),
                            goes={"send": Step.SENT}, again=Text.ASK_ENOUGH, decides={"later": True, "forget": False}),
    Step.DANGER:   Question(screens.danger, keeps="danger", choices=(YES, NO, SKIP), when=asked_by_category(Step.DANGER), alarms={"yes": "danger"}),
    Step.ACCOUNT:  Question(screens.account, reads=answers.read_words(Step.ACCOUNT), choices=(SKIP,), when=asked_by_category(Step.ACCOUNT), placeholder=Text.PLACE_ANSWER),
    Step.LOSS:     Question(screens.loss, reads=answers.read_words(Step.LOSS), choices=(SKIP,), when=asked_by_category(Step.LOSS), placeholder=Text.PLACE_ANSWER),
    Step.ONGOING:  Question(screens.ongoing, keeps="ongoing", choices=(YES, NO, SKIP), when=asked_by_category(Step.ONGOING)),
    Step.MINOR:    Question(screens.minor, keeps="minor", choices=(YES, NO, SKIP), when=asked_by_category(Step.MINOR)),
    Step.PLACE:    Question(screens.place, keeps="place", reads=answers.read_place, offers=screens.regions, choices=(Choice("abroad", Text.ABROAD), SKIP, Choice("share", Text.SHARE_PLACE, asks="location")), numbered=True, placeholder=Text.PLACE_PLACE),
    Step.PROVINCE: Question(screens.province, keeps="place", reads=answers.read_place, offers=screens.provinces, choices=(SKIP,), when=BY_REGION, numbered=True, placeholder=Text.PLACE_PLACE),
    Step.DETAILS:  Question(screens.details, reads=answers.read_details, offers=screens.finishing, gathers=True, again=Text.DETAILS_NOTED, placeholder=Text.PLACE_DETAILS),
    Step.IDENTITY: Question(screens.identity, keeps="disclosure", choices=DISCLOSURES, again=Text.ASK_IDENTITY),
    Step.NAME:     Question(screens.name, reads=answers.read_name, when=IDENTIFIED),
    Step.CONTACT:  Question(screens.contact, reads=answers.read_contact, choices=(Choice("share", Text.SHARE_CONTACT, asks="contact"),), when=IDENTIFIED),
    Step.REVIEW:   Question(screens.review, choices=(Choice("send", Text.SEND), Choice("edit_link", Text.EDIT_LINK), Choice("edit_category", Text.EDIT_CATEGORY), Choice("edit_details", Text.EDIT_DETAILS), Choice("edit_place", Text.EDIT_PLACE), Choice("edit_identity", Text.EDIT_IDENTITY)),
                            goes={"send": Step.SENT, **EDITS}, again=Text.ASK_SENDING),
})

# Beside the path: reached by a command from any step, or after sending; they lead back to where the citizen was.
ASIDES: Mapping[Step, Question] = MappingProxyType({
    Step.LANGUAGE: Question(screens.language, choices=LANGUAGES),
    Step.COPYING:  Question(screens.copying, choices=PLATFORMS),
    Step.STATUS:   Question(screens.reference, reads=answers.read_reference, choices=(Choice("mine", Text.MY_REPORTS), Choice("code", Text.HAVE_CODE)), numbered=True, placeholder=Text.PLACE_REFERENCE),
    Step.SENT:     Question(screens.after, choices=(Choice("another", Text.ANOTHER), Choice("status", Text.STATUS), NOTIFY), again=Text.ASK_AFTER, unless=follow_screens.idle),
    # Following a report that was sent.
    Step.MINE:      Question(follow_screens.mine, offers=rights_screens.offered),
    Step.CODE:      Question(follow_screens.code, reads=answers.read_details, placeholder=Text.PLACE_CODE),
    Step.FOLLOW:    Question(follow_screens.follow, choices=(Choice("answer", Text.ANSWER), Choice("add", Text.ADD), Choice("edit_identity", Text.EDIT_IDENTITY), NOTIFY, Choice("quiet", Text.QUIET), rights_screens.RIGHTS[0], DONE), unless=follow_screens.useless, again=Text.ASK_FOLLOW),
    Step.ADDING:    Question(follow_screens.adding, reads=answers.read_details, choices=(DONE,), again=Text.DETAILS_NOTED, placeholder=Text.PLACE_DETAILS),
    Step.ANSWERING: Question(follow_screens.answering, reads=answers.read_details, placeholder=Text.PLACE_YOURS),
    Step.CHANGING:  Question(follow_screens.changing, choices=DISCLOSURES, unless=follow_screens.disclosed, again=Text.ASK_IDENTITY),
    Step.CALLED:    Question(screens.name, reads=answers.read_name),
    Step.REACHED:   Question(screens.contact, reads=answers.read_contact, choices=(Choice("share", Text.SHARE_CONTACT, asks="contact"),)),
    # What a citizen has a right to.
    Step.HELD:       Question(rights_screens.held, choices=(*rights_screens.RIGHTS[1:], DONE)),
    Step.CORRECTING: Question(rights_screens.correcting, reads=answers.read_details, placeholder=Text.PLACE_YOURS),
    Step.OBJECTING:  Question(rights_screens.objecting, reads=answers.read_details, placeholder=Text.PLACE_YOURS),
    Step.DELETING:   Question(rights_screens.deleting, choices=rights_screens.DECIDING, again=RightsText.ASK_ERASING),
})
# fmt: on

# What works at any step, by command, button or word. The first three stand on every keyboard, all on the help screen; what
# concerns a citizen's rights stands on the screen of privacy.
COMMANDS = (
    Choice("back", Text.BACK), Choice("help", Text.HELP), Choice("stop", Text.STOP),
    Choice("language", Text.LANGUAGE), Choice("privacy", Text.PRIVACY), Choice("status", Text.STATUS), Choice("restart", Text.RESTART),
    rights_screens.ERASE,
)  # fmt: skip
RIGHTS = rights_screens.RIGHTS
_QUESTIONS = {**SCRIPT, **ASIDES}


def question(step: Step) -> Question:
    """The row of a step."""
    return _QUESTIONS[step]


def following(draft: Draft, answered: Collection[Step]) -> Step:
    """The first question that applies and has no answer yet; the review is never answered, so there always is one."""
    return next(step for step, row in SCRIPT.items() if step not in answered and row.when.holds(draft))
