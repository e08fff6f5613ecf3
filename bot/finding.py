"""What `iblagh doctor` finds, and what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that was looked at."""

    well: bool
    about: str
    words: str

    @property
    def advice(self) -> str:
        """What to do where it is not well; `words` may already say more."""
        return ADVICE[self.about]


# fmt: off
ADVICE: Mapping[str, str] = MappingProxyType({
    "settings":          "correct the environment of web and worker; the README has the table",
    "keys":              "correct the three key lines; `iblagh keys` makes a new set",
    "channels":          "set the variables of Telegram or of WhatsApp",
    "database":          "start PostgreSQL, correct DATABASE_URL, or run `iblagh migrate`",
    "server":            "change it in postgresql.conf, or with ALTER SYSTEM and a reload; docs/operations.md, PostgreSQL",
    "clock":             "let this machine, and the database's, follow a time server (NTP)",
    "disk":              "make room, or move the folder that is named",
    "jobs":              "look into the worker's log; where all is well but slow, start another `iblagh worker`",
    "worker":            "start `iblagh worker`, or look into its log",
    "parked deliveries": "find `a delivery failed` in the log of `iblagh web`, and report the fault; upgrade or go back",
    "cards":             "put right what the provider's code names, in the group or with the bot; the next change shows the card",
    "notices":           "look into the worker's log for the provider's code",
    "citizens' files":   "look into the worker's log: a provider, a token or a full disk",
    "evidence":          "correct EVIDENCE_URL, mount the folder, or restore it from its backup",
    "missed messages":   "see that the worker runs, and look into its log for Twilio's code",
    "requests":          "`iblagh requests list`, answer at the desk, `iblagh requests done`",
    "moderators":        "`iblagh moderators add`: at least two for each group",
    "desk keys":         "`iblagh desk probe`, `desk check` where the key is, `desk proven`; `iblagh keys` for a recovery key",
    "retention":         "see that the worker runs, and that the folder of EVIDENCE_URL can be written",
    "shredding":         "end the open transaction, or give the role what it lacks; docs/operations.md, Retention",
    "shelf":             "after a restore `iblagh shelf adopt`; else correct EVIDENCE_URL",
    "backup":            "`iblagh backup` each night; docs/operations.md, Backups",
    "Twilio's log":      "look into the worker's log for Twilio's code, and at the account in its console",
    "Telegram":          "see that this machine reaches Telegram, and that TELEGRAM_TOKEN is the bot's",
    "webhook":           "`iblagh webhooks set`; see that PUBLIC_URL is reached from outside, with a valid certificate",
    "moderators' group": "add the bot to the group, let it write there, and set its id in the environment",
    "restricted group":  "add the bot to the group, let it write there, and set its id in the environment",
    "WhatsApp":          "see that this machine reaches Twilio, and that account, token and sender belong together",
    "WhatsApp webhook":  "`iblagh webhooks set`, or what it prints into Twilio's console",
    "WhatsApp templates": "`iblagh templates create`, and its line into the environment of web and worker",
})
# fmt: on
