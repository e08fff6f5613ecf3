"""
What the bot says of a citizen's rights over what they sent, once, in English, beside `texts.py` and by its rules.

Each screen tells what is held in plain words and never what was written. Nothing here says what a report is about.
"""

from __future__ import annotations

from conversations.texts import N_, Sentence


class RightsText(Sentence):
    """A sentence, found in the citizen's language like those of `Text`."""

    # My data: what is held because somebody writes here.
    HOLDING = N_("What we hold because you write here, and until when (UTC):")
    HOLDING_DRAFT = N_("Your unfinished conversation, encrypted: {until}, or until you stop.")
    HOLDING_SENT = N_("That something was sent, and your language: {until}.")
    HOLDING_NAME = N_("A code made from your number or account, which finds these again: as long as one of them.")
    HOLDING_WRITTEN = N_("The numbers of your messages here, so that we can delete them: {until}.")
    HOLDING_WAY = N_("The way to write to you here: as long as a report of yours needs it.")
    HOLDING_MARKS = N_("Marks that your messages came, without words: 30 days at most.")
    HOLDING_TRIES = N_("How often a secret code did not fit: one to two hours.")
    HOLDING_BACKUPS = N_("Backups hold only that code, the way to you and the marks: {backup_days} days longer.")
    HOLDING_REPORTS = N_("And what belongs to a report: choose one. An anonymous one opens with its secret code.")
    HOLDING_LATER = N_("What belongs to a report we tell you when you are not writing another.")

    # My data: what is held of one report.
    HELD = N_("Report {reference}: what we hold, until {until}.")
    HELD_OPEN = N_("Report {reference}: what we hold, as long as the case requires.")
    HELD_CLEAR = N_("Readable: state, kind, channel, app, language, identity choice, hour.")
    HELD_SEALED = N_("Sealed, for the desk alone: your words, links and answers.")
    HELD_NAME = N_("Sealed: your name and contact.")
    HELD_FILES = N_("Sealed files: {count}")
    HELD_ADDED = N_("Sealed additions: {count}")
    HELD_WAY = N_("The way to write to you here.")
    HELD_CODE = N_("A mark of your secret code, not the code.")
    HELD_NEWS = N_("News and questions for you: {count}")
    HELD_LINK = N_("For moderators, if you sent a link: cut and disabled, {days} days at most.")
    HELD_LOG = N_("A log of what was done, without your words. Backups: {backup_days} days longer.")
    HELD_REFERRED = N_("It was passed on: whoever received it keeps their own copy.")
    HELD_ASKED = N_(
        "The words themselves are sealed, so we have asked a person at the desk for them. Answer by {until}, through {contact}."
    )
    ASK_HELD = N_("What would you like to do?")

    # Correcting and objecting.
    ASK_CORRECTING = N_("Write what is wrong in your report and what is right. It is sealed for the desk.")
    CORRECTED = N_("Your correction was added. A person at the desk deals with it by {until}.")
    ASK_OBJECTING = N_("Write what you object to, and why. It is sealed for the desk.")
    OBJECTED = N_("Your objection was added. A person at the desk decides on it by {until}.")

    # Erasing a report.
    ASK_DELETING = N_(
        "Erase report {reference} for good? Words, files and keys are destroyed, and nobody can bring them back."
    )
    DELETING_MEANS = N_(
        "It is gone from our system tonight, from our backups in {backup_days} days. Afterwards its reference is "
        "answered as if it had never existed. What the desk has read before cannot be taken back."
    )
    ASK_ERASING = N_("Shall we erase it?")
    ERASED = N_(
        "Report {reference} is erased: gone from our system tonight, from our backups in {backup_days} days. Its "
        "reference is answered from now on as if it had never existed."
    )
    ASK_DELETING_HELD = N_(
        "Report {reference} was passed on, so the law makes us keep it: your words, files and, if you gave it, your name stay "
        "sealed until the case is over."
    )
    DELETING_HELD_MEANS = N_(
        "We can erase what leads from it to you here: the way to write to you, news and questions. Then you can no longer "
        "open it; its reference still tells its state. Shall we?"
    )
    ERASED_HELD = N_(
        "Done. Nothing here leads from report {reference} to you any more, and we no longer write to you about it. The rest "
        "stays sealed until the case is over."
    )
    HELD_ANONYMOUS = N_(
        "Report {reference} was passed on, so the law makes us keep it sealed until the case is over. It is anonymous: "
        "nothing in it leads to you here."
    )

    # Erasing the conversation itself.
    CHAT_TELEGRAM = N_(
        "Unfinished things are forgotten. The bot now deletes what you wrote here in the last 48 hours, back to your last "
        '"stop". It cannot delete its own answers.'
    )
    CHAT_TELEGRAM_REST = N_(
        "For all the rest:\n1. In the list of chats, press and hold this chat, then Delete.\n"
        "2. If you are asked, delete it for the bot too."
    )
    CHAT_WHATSAPP = N_(
        "Unfinished things are forgotten. We have the copies of this conversation deleted that our provider Twilio keeps."
    )
    CHAT_WHATSAPP_REST = N_(
        "WhatsApp lets only you delete the chat on your phone:\n1. In the list of chats, press and hold this chat.\n"
        "2. Press Delete chat."
    )
    CHAT_REPORTS = N_("What you have sent stays with us. First keep its reference and code in a safe place.")

    # What is offered where.
    HELP_ERASE = N_('"Delete chat" deletes this conversation as far as we can.')

    # What is pressed: at most 20 characters.
    MY_DATA = N_("My data")
    CORRECT = N_("Correct it")
    OBJECT = N_("Object")
    DELETE = N_("Delete the report")
    ERASE_CHAT = N_("Delete this chat")
    ERASE_YES = N_("Yes, erase")
    ERASE_NO = N_("No, keep it")
