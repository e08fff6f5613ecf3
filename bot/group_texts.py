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
    # what a command is answered
    HELP = N_("What can be asked here:")
    HELP_QUEUE = N_("what waits to be taken")
    HELP_FIND = N_("the card of an incident: /find NUMBER")
    HELP_STATS = N_("how the work stands")
    HELP_HELP = N_("these lines")
    HELP_MERGE = N_("supervisors: one incident into another: /merge NUMBER INTO")
    HELP_DUPLICATE = N_("supervisors: the same, as a duplicate: /duplicate NUMBER OF")
    HELP_SPLIT = N_("supervisors: take out what was merged: /split NUMBER PART")
    COMMAND = N_("/{name}: {what}")
    QUEUE_EMPTY = N_("Nobody waits.")
    QUEUE_LINE = N_("{sign} {number} · {category} · reports: {count} · since {since} UTC")
    QUEUE_MORE = N_("And {count} more.")
    FOUND = N_("{sign} {number} · {category} · reports: {count}")
    FOUND_COMING = N_("Its card is on its way.")
    NOT_FOUND = N_("There is no incident {number} here.")
    NOT_HERE = N_("In this group only moderators of the restricted queue are answered.")
    WHICH = N_("Please give the number: {example}")
    # how the work stands, on command and every day
    DIGEST = N_("The last 24 hours")
    NEW = N_("New: {incidents} incidents, {reports} reports")
    WAITING = N_("Waiting to be taken: {count}, of them severe: {severe}")
    OLDEST = N_("The oldest has waited since {since} UTC.")
    IN_WORK = N_("In work: {count}")
    MEDIAN = N_("Half were first acted on within {minutes} minutes.")
    NOTICES = N_("News to be sent to reporters: {count}, the last at {until} UTC")
    # merging and splitting
    MERGED = N_("Reports moved: {count}. Look at incident {number}.")
    UNKNOWN = N_("One of these incidents is not here.")
    SAME = N_("That is the same incident twice.")
    CLOSED = N_("One of them is closed: its reporters have been told.")
    MERGED_ALREADY = N_("The reports of one of them are elsewhere already.")
    FURTHER = N_("The first is further than the second: merge the other way round.")
    NOT_A_PART = N_("That was not merged into it.")
    ALL_OF_IT = N_("Nothing would be left.")
