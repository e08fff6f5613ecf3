"""Every sentence of the moderators' group that stands on no card: news, the gathered message, digests, answers to commands."""

from __future__ import annotations

from enum import StrEnum

from conversations.texts import N_


class GroupText(StrEnum):
    # news of an incident, as a reply to its card
    RISEN = N_("Incident {number} is more severe now: {severity}")
    MANY = N_("Incident {number} has passed {count} reports.")
    UNCLAIMED = N_("Nobody has taken incident {number} yet: {severity}")
    UNCLAIMED_MANY = N_("Nobody has taken {count} severe incidents yet. The gravest: {numbers}")
    ELSEWHERE = N_("This incident is worked in another group.")
    # the one message in which many new incidents are gathered
    WAVE = N_("Many new cases: {total}. Still without a card of their own: {waiting}")
    WAVE_KINDS = N_("Kinds: {kinds}")
    WAVE_GRAVEST = N_("The gravest: {numbers}")
    WAVE_HOW = N_("Each gets its card in turn. To see one now: /find NUMBER")
    WAVE_OVER = N_("Many new cases: {total}. Each has its card now.")
