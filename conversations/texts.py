"""
Every sentence the bot can say, once, in English: the English is the key of the catalogues in `locales/`.

Braces are values, filled by name. A citizen reads these on a small phone, often in distress: short sentences, a
ten-year-old's words, no blame. Nothing here speaks as the police or as another service (design.md, promises).
"""

from __future__ import annotations

from enum import StrEnum


def N_(sentence: str) -> str:
    """Mark a sentence for extraction; its words in a language are found when it is said."""
    return sentence


class Sentence(StrEnum):
    """Something that the bot can say: `Text`, and what stands beside it in files of its own."""


class Text(Sentence):
    """A sentence. It is never shown as it stands: `bot/wording.py` finds its words in the citizen's language."""

    # The first screen: under 700 characters with its choices, in every language.
    IN_DANGER = N_("In danger now? Call {police} ({police_mobile} from a mobile) first.")
    WHO_WE_ARE = N_("Here you can report illegal content on the internet to {operator}.")
    NOT_EMERGENCY = N_(
        "This is not an emergency service and nobody reads in real time. Gendarmerie {gendarmerie}, ambulance {ambulance}."
    )
    NOTICE_SHORT = N_(
        "What you send is sealed. Only the desk opens it, for the competent authorities. Your name is never required."
    )
    NOTICE_MORE = N_('Your rights: write "privacy".')
    PLATFORM_KNOWS = N_("Even if you stay anonymous to us, {channel} itself knows who you are.")
    DRAFT_LANGUAGE = N_("This translation is a draft: no native reader has checked it yet.")
    KEPT_FIRST = N_("What you sent is kept. Press Continue and we go on from there.")

    # Help that comes before who we are, when the first words tell of it (domain.md 17).
    HELP_DANGER = N_(
        "If you or someone else is in danger, call {police} now ({police_mobile} from a mobile). Then go on here."
    )
    HELP_BLACKMAIL = N_(
        "Someone is blackmailing you? You are not to blame. Do not pay. Stop answering. Delete nothing."
    )
    HELP_MONEY = N_("Money has just left? Call your bank or operator now and ask them to block it. Then go on here.")
    HELP_SUICIDE = N_(
        "You matter. Please do not stay alone now: call {ambulance}, or someone you trust. We go on here when you want."
    )

    # The questions.
    ASK_START = N_("Press Continue to begin, or choose a language.")
    ASK_LINK = N_("Send the link of the content: copy it and paste it here. Several links are fine.")
    ASK_SEEN = N_(
        "No link is fine too. Write in which app or site it is, the name of the account, and where you saw it."
    )
    ASK_COPYING = N_("In which app is the content?")
    LINK_SHORT = N_(
        "That is a short link. If the app also offers the full link, it helps us more: press Back to change it."
    )
    LINK_PROFILE = N_(
        "That link leads to a whole account. If it is about one post, the link of the post helps us more: press Back to change it."
    )
    ASK_CATEGORY = N_("What kind of content is it?")
    LINK_KEPT = N_("Kept: {link}")
    LINKS_KEPT = N_("Links kept: {count}, the last one {link}")
    ASK_ENOUGH = N_(
        "This is enough for a report. Send it now, anonymously, or add details: did it happen to you, or did you see it?"
    )
    IF_SILENT = N_(
        'If you stop here, nothing is sent. With "Send if I stop" we remind you once after an hour and send it, '
        'anonymously, after 24 hours of silence; "stop" forgets it at once.'
    )
    ASK_DANGER = N_("Is someone in danger now?")
    ASK_ACCOUNT_SCAM = N_("Which account, phone, IBAN or wallet did the money or the messages go to?")
    ASK_ACCOUNT_SEXTORTION = N_(
        "Which account or number threatens, and what does it demand? No pictures, please: words are enough."
    )
    ASK_ACCOUNT_FAKE = N_("Whom does it imitate? The name or link of the real account or service is enough.")
    ASK_LOSS = N_("How much was lost, and when?")
    ASK_ONGOING = N_("Is it still going on?")
    ASK_MINOR = N_("Is the person who is threatened under 18?")
    ASK_PLACE = N_(
        "Where in Morocco does it concern you? Write the first letters of the province or city, or choose a region."
    )
    ASK_PROVINCE = N_("Which prefecture or province?")
    CODES_READY = N_("Your reference will be {reference} and your secret code {secret}.")
    ASK_DETAILS = N_(
        "Tell what happened, in your own words. Several messages are fine. Press Done when you have finished."
    )
    ASK_DETAILS_FILES = N_(
        "You can also send screenshots, documents or voice messages: up to {most}, of {megabytes} MB each."
    )
    FILES_KEPT = N_("Files kept: {count} of {most}. They are fetched and sealed only after sending.")
    FILES_DROPPED = N_(
        "The pictures and files you sent are not kept and are being deleted: for this kind of content the link and words are enough, and nobody should see them."
    )
    DETAILS_KEPT_FIRST = N_("What you wrote at the start is kept; you can add to it.")
    DETAILS_NOTED = N_("Noted. Write more, or press Done.")
    ASK_IDENTITY = N_("Do you want us to know who you are?")
    IDENTITY_MEANS = N_(
        "Anonymous: we keep no link to you; only a secret code lets you follow.\n"
        "Confidential: we can write to you here; the desk does not see who you are.\n"
        "With my name: the desk sees your name and contact."
    )
    ASK_NAME = N_("What is your name?")
    ASK_CONTACT = N_("How can you be reached? Write a phone number or an e-mail address.")
    ASK_REVIEW = N_("Please check before sending:")
    REVIEW_LINK = N_("Link: {link}")
    REVIEW_LINKS = N_("Links: {count}, the last one {link}")
    REVIEW_CATEGORY = N_("Kind: {category}")
    REVIEW_DETAILS = N_("Details: {details}")
    REVIEW_DETAILS_CUT = N_("Details ({count} characters): {details}")
    REVIEW_NO_DETAILS = N_("Details: none")
    REVIEW_SEEN = N_("Seen: {seen}")
    REVIEW_ANSWERS = N_("Further answers: {count}")
    REVIEW_PLACE = N_("Place: {place}")
    REVIEW_FILES = N_("Files: {count}")
    REVIEW_IDENTITY = N_("Identity: {disclosure}")
    REVIEW_NAME = N_("Name: {name}, contact: {contact}")
    REVIEW_REFERENCE = N_("Your reference: {reference}")
    REVIEW_SECRET = N_("Your secret code: {secret}")
    ASK_SENDING = N_("Send it, or change an answer?")
    HONEST = N_("An honest mistake is no offence; a knowingly false report is one.")

    # After sending.
    RECEIVED = N_("Thank you. Your report has been received.")
    RECEIPT_REFERENCE = N_("Reference: {reference}")
    RECEIPT_SECRET = N_("Secret code: {secret}")
    KEEP_SECRET = N_("Keep both. The code cannot be shown again and is your only way back to this report.")
    NEXT_ANONYMOUS = N_(
        "What happens next: the desk examines every report and, where the law is broken, refers it to the competent police "
        'under the public prosecutor. Write "status" and the reference to follow it.'
    )
    NEXT_REACHABLE = N_(
        "What happens next: the desk examines every report and, where the law is broken, refers it to the competent police "
        'under the public prosecutor. We may write to you here. Write "status" and the reference to follow it.'
    )
    NEVER_ASKED = N_('We never ask for money, passwords or codes. To delete this chat, write "delete chat".')
    NOT_ADDED = N_(
        'What you just wrote was not added to a report and is not kept. To add it, press "Status", open the report, then "Add something".'
    )
    SENT_BEFORE = N_("You sent a report in the last 24 hours. We remember only that, for one day, and not what it was.")
    ASK_AFTER = N_("What would you like to do?")

    # What silence means, and what is said into it: a lit-up phone can be in the wrong hands.
    SILENCE_SENDS = N_(
        "If you stop now, we remind you once after an hour and send what you wrote after 24 hours of silence: anonymously, "
        'unless you choose otherwise. "Stop" still forgets it at once.'
    )
    SILENCE_FORGETS = N_("If you stop now, nothing is sent and we do not remind you.")
    UNFINISHED = N_('You have something unfinished here. Write "help" to go on, or "stop" to forget it.')
    SENT_MEANWHILE = N_("You stopped writing for 24 hours, so your report was sent, as you had chosen.")

    # Status by reference: neutral words, nothing else.
    ASK_REFERENCE = N_("Write the reference of the report, for example {example}.")
    STATUS_OF = N_("Report {reference}: {state}")
    STATE_RECEIVED = N_("received, waiting to be examined.")
    STATE_LOOKED_AT = N_("being examined by the desk.")
    STATE_PASSED_ON = N_("passed on to the competent service.")
    STATE_CLOSED = N_("closed: the examination has ended.")
    STATUS_UNKNOWN = N_("No report has this reference. Please check it and write it again.")

    # Following a report: opened by its own reporter or by its secret code.
    FINISH_FIRST = N_("You are writing a report now. Send it or stop it first; then you can open an earlier one.")
    NOTHING_MINE = N_("No report of yours can be opened here. An anonymous report opens with its secret code.")
    MINE_LINE = N_("{reference}, {hour} UTC: {state}")
    ASK_MINE = N_("Which report?")
    ASK_CODE = N_("Write the reference and the secret code of the report, for example {example} {secret}.")
    ASK_SECRET = N_("Now write the secret code, for example {secret}.")
    REFUSE_CODE = N_(
        "I could not read a reference and a secret code in that: a letter or digit seems wrong. They look like {example} and {secret}."
    )
    CODE_WRONG = N_("No report opens with this reference and code. Please check both.")
    CODE_TOO_MANY = N_("That was too many tries. Please wait an hour or two, then try again.")
    OUTCOME_LAWFUL = N_("Outcome: the desk found nothing in it that breaks the law.")
    OUTCOME_INSUFFICIENT = N_("Outcome: there was not enough to go on. You may report it again with more details.")
    OUTCOME_PRIVATE = N_("Outcome: this is a dispute between persons, which a court can decide.")
    OUTCOME_ACTED = N_("Outcome: the competent service has acted. Thank you.")
    OUTCOME_REMOVED = N_("Outcome: the content is no longer online.")
    OUTCOME_DEALT_WITH = N_("Outcome: the desk has dealt with it. Thank you.")
    QUESTION_ASKED = N_("The desk asks: {question}")
    QUESTION_DETAILS = N_("Can you tell more about what happened?")
    QUESTION_WHEN = N_("On which date was it, and where?")
    QUESTION_ACCOUNT = N_("What is the exact name of the account?")
    QUESTION_SCREENSHOT = N_("Can you send a screenshot?")
    QUESTION_LINK = N_("Can you send the exact link to that post or message?")
    QUESTION_ONLINE = N_("Is it still online?")
    QUESTION_ONGOING = N_("Is it still going on, and when was the last time?")
    QUESTION_PAYMENT = N_("How was money asked for or sent, to which account or number, and how much?")
    QUESTION_THREAT = N_("Which place or which people are threatened, and when?")
    QUESTION_GOODS = N_("What is offered, and how would it be handed over?")
    QUESTION_CHILD = N_("Do you know in which town or region the child is?")
    ASK_FOLLOW = N_("What would you like to do with this report?")
    ASK_ADDING = N_(
        "Write what you want to add, or send a link. Each message is sealed at once. Press Done when you have finished."
    )
    ADDED = N_("Added to the report.")
    ASK_ANSWERING = N_("Write your answer. It is sealed for the desk.")
    ANSWERED = N_("Thank you. Your answer was added to the report.")
    CHANGING_MEANS = N_(
        "What the desk has read before cannot be taken back. If you become anonymous, we erase your name and the way to you here."
    )
    CHANGED = N_("Changed. Identity: {disclosure}")
    CHANGE_TOO_LATE = N_("This report was already passed on: its identity can no longer change.")
    ASK_NOTIFY = N_(
        "When there is news we can write to you here, in words that do not say what it is about. If you want that, press Tell me news."
    )
    NOTIFY_ON = N_("We will write to you here when there is news.")
    NOTIFY_OFF = N_("We will no longer write to you about this report.")
    NEWS = N_('Your reference has news. To read it, write "status".')
    NEWS_OF = N_('There is news about {reference}. To read it, write "status".')
    LEFT_REPORT = N_("You have left that report. You can open it again whenever you want.")

    # What works at any step.
    HELP_HOW = N_("How it works: send the link, choose the kind of content, then send at once or add details first.")
    HELP_WORDS = N_("At any moment you can write: back, stop, language, privacy, status, restart.")
    HELP_STOP = N_('"Stop" forgets everything you have not sent yet.')
    HELP_NUMBERS = N_(
        "Emergencies: police {police} ({police_mobile} from a mobile), Gendarmerie {gendarmerie}, ambulance {ambulance}, children {children}."
    )
    HELP_CONTACT = N_("This channel is run by {operator}, {contact}.")
    PRIVACY_WHO = N_("Responsible: {operator}, {contact}. Purpose: examining reports of illegal content.")
    PRIVACY_SEALED = N_(
        "A report is sealed; only the desk opens it, on another machine. Readable here: reference, kind, state, channel, "
        "platform, language, identity choice, hour. For some kinds moderators see a cut, disabled link for up to {days} days."
    )
    PRIVACY_DRAFT = N_(
        'An unfinished conversation is kept encrypted for {draft_days} days at most; "stop" forgets it at once.'
    )
    PRIVACY_WHERE = N_(
        "Recipients: the desk, the competent police and courts. {channel} carries your messages abroad and knows you; "
        "an anonymous report keeps no link to you here."
    )
    PRIVACY_RIGHTS = N_(
        'Law 09-08: write "my data", "correct", "object" or "delete", or ask at the contact above; complaint to the CNDP. '
        "A report is kept as long as the case and the law require."
    )
    PRIVACY_GOES_ON = N_('To read the rest, write "more".')
    ASK_LANGUAGE = N_("Which language do you want to use?")
    STOPPED = N_("Everything you had not sent is forgotten. Nothing was filed. Write to us whenever you want.")
    NOTHING_TO_STOP = N_("There is nothing unfinished. Write to us whenever you want.")
    RESTARTED = N_("We start again. What you had not sent is forgotten.")
    NO_BACK = N_("This is the beginning: there is no step before it.")

    # Refusals: the reason and an example, and nothing changes.
    REFUSE_BUTTON = N_("That button belongs to an earlier question.")
    REFUSE_CHOICE = N_(
        "I did not understand that as one of the choices. Please press one, or write its number or name."
    )
    REFUSE_LINK = N_(
        "I found no link in that. A link looks like {example}. In the app: Share, then Copy link, then paste it here."
    )
    REFUSE_HANDLE = N_("{handle} is a name; please say on which platform, for example: {handle} on TikTok.")
    REFUSE_LINK_LONG = N_(
        "That link is longer than {most} characters. Please send the shorter one from the Share button."
    )
    REFUSE_MEDIA = N_("I cannot use that here; nothing of it was kept. Please write in words, or press a choice.")
    REFUSE_FILE_LARGE = N_(
        "That file is larger than {megabytes} MB and was not kept. A screenshot of the important part is enough."
    )
    REFUSE_FILES_MANY = N_("A report takes {most} files; this one was not kept.")
    REFUSE_FILES_CHILD = N_(
        "Thank you, but never send pictures of this: the picture is not kept and is being deleted. The link is enough; please do not look at it again."
    )
    REFUSE_FILES_INTIMATE = N_(
        "Never send the pictures themselves: this one is not kept and is being deleted. The account's name and the words of the demand are enough."
    )
    REFUSE_SEEN = N_(
        "Please write a little more: the app or site, and the name of the account, for example: {example}."
    )
    REFUSE_PLACE = N_(
        "I do not know that place. Please write the first letters of a province or city, for example {example}, or choose a region."
    )
    REFUSE_PLACES = N_("There are several: {places}. Please write the one you mean.")
    REFUSE_EMPTY = N_("That message had nothing I can read. Please write it in words.")
    REFUSE_LONG = N_(
        "Together that is longer than {most} characters, so this last message was not added. Please send a shorter one."
    )
    REFUSE_NAME = N_("A name has 2 to 80 letters, for example {example}.")
    REFUSE_CARD = N_("That is somebody else's contact, so it was not kept. Please write your own, or share your own.")
    REFUSE_CIN = N_("Please do not send a national identity number: we never need it, and it was not kept.")
    REFUSE_CONTACT = N_("I could not read a phone number or an e-mail address in that. Examples: {phone} or {email}.")
    REFUSE_REFERENCE = N_("That is not a reference: a letter or digit seems wrong. It looks like {example}.")
    EDIT_TOO_LATE = N_(
        "You changed an earlier message; your report did not change. You can change each answer before sending."
    )
    EDIT_AFTER_SENT = N_("You changed an earlier message; what was sent cannot change that way.")

    EVIDENCE_FAILED = N_('Something you sent did not arrive. To send it again, write "status".')
    FILES_LOST = N_('Files of yours that did not arrive: {count}. To send them again, press "Add something".')

    # When it is not the citizen's words but us.
    OVERLOADED = N_(
        "Very many people are writing just now. Please send that again in a minute; nothing you wrote before is lost."
    )
    TOO_FAST = N_(
        "That was very fast. Please wait a minute, then send your last message again; nothing before it is lost."
    )
    OUR_FAULT = N_(
        "That did not work, and it is our fault. Nothing you wrote before is lost. Please try to write it differently."
    )

    # Right-door help by category: the first lines after the choice.
    DOOR_CHILD = N_(
        "Thank you. Do not look at it again and send no picture: the link is enough. Is a child in danger now? Call {police} or {children}."
    )
    DOOR_DANGER = N_("Is someone in danger now? Call {police} ({police_mobile} from a mobile) first.")
    DOOR_SEXTORTION = N_(
        "You are not to blame. Do not pay, stop answering, delete nothing, keep names and links. "
        "Never send the pictures here. Help to block them: {stopncii} (adults), {takeitdown} (minors), phone {children}."
    )
    DOOR_SCAM = N_("If money has just left, call your bank or operator first and ask them to block it.")
    DOOR_COMPLAINT = N_("A report is not a formal complaint. A complaint goes to the public prosecutor: {complaint}")

    # How to copy the permanent link, app by app.
    COPY_FACEBOOK = N_(
        "Facebook: under the post press Share, then Copy link. Of an account: open it, the three dots, Copy link."
    )
    COPY_INSTAGRAM = N_(
        "Instagram: press the paper plane or the three dots of the post, then Copy link. Of an account: the three dots at the top, Copy profile URL."
    )
    COPY_TIKTOK = N_(
        "TikTok: press the arrow beside the video, then Copy link. Of an account: the arrow at the top, Copy link."
    )
    COPY_YOUTUBE = N_("YouTube: press Share under the video, then Copy link.")
    COPY_X = N_("X: press the share sign under the post, then Copy link.")
    COPY_TELEGRAM = N_("Telegram: press and hold the post, then Copy link, or simply forward the post here.")
    COPY_WHATSAPP = N_(
        "WhatsApp: of a group or channel, open its name, then Invite link or Share, Copy link. Of a person, the phone number is enough."
    )
    COPY_SNAPCHAT = N_("Snapchat: press Share at the video or profile, then Copy link.")
    COPY_WEB = N_("In the browser: press the address at the top, then Copy.")

    # What is pressed: at most 20 characters, so that every channel shows it whole.
    CONTINUE = N_("Continue")
    SEND_NOW = N_("Send now")
    VICTIM = N_("It happened to me")
    WITNESS = N_("I saw it")
    SEND_IF_SILENT = N_("Send if I stop")
    FORGET_IF_SILENT = N_("Forget if I stop")
    NO_LINK = N_("I have no link")
    HOW_TO_COPY = N_("How to copy it")
    SKIP = N_("Skip")
    YES = N_("Yes")
    NO = N_("No")
    ABROAD = N_("Outside Morocco")
    SHARE_PLACE = N_("Share my place")
    FACEBOOK = "Facebook"
    INSTAGRAM = "Instagram"
    TIKTOK = "TikTok"
    YOUTUBE = "YouTube"
    X = "X"
    TELEGRAM = "Telegram"
    WHATSAPP = "WhatsApp"
    SNAPCHAT = "Snapchat"
    WEBSITE = N_("Website")
    DONE = N_("Done")
    CLEAR = N_("Clear it all")
    CHOOSE = N_("Choose")
    ANONYMOUS = N_("Anonymous")
    CONFIDENTIAL = N_("Confidential")
    IDENTIFIED = N_("With my name")
    SHARE_CONTACT = N_("Share my number")
    MY_REPORTS = N_("My reports")
    HAVE_CODE = N_("I have a code")
    ADD = N_("Add something")
    ANSWER = N_("Answer")
    NOTIFY = N_("Tell me news")
    QUIET = N_("No more notices")
    SEND = N_("Send")
    EDIT_LINK = N_("Change link")
    EDIT_CATEGORY = N_("Change kind")
    EDIT_DETAILS = N_("Change details")
    EDIT_PLACE = N_("Change place")
    EDIT_IDENTITY = N_("Change identity")
    ANOTHER = N_("Report another")
    BACK = N_("Back")
    STOP = N_("Stop")
    HELP = N_("Help")
    LANGUAGE = N_("Language")
    STATUS = N_("Status")
    PRIVACY = N_("Privacy")
    MORE = N_("More")
    RESTART = N_("Restart")
    # A language is always named in itself, so its name is not translated.
    ARABIC = "العربية"
    TAMAZIGHT = "ⵜⴰⵎⴰⵣⵉⵖⵜ"
    FRENCH = "Français"
    ENGLISH = "English"
    SPANISH = "Español"

    # Kinds of content: a label of at most 24 characters and one plain line.
    TERRORISM = N_("Terrorism")
    TERRORISM_HINT = N_("praising it, calling for it, recruiting")
    CHILD_ABUSE = N_("Abuse of a child")
    CHILD_ABUSE_HINT = N_("sexual abuse material, harm to a minor")
    VIOLENCE = N_("Violence or threats")
    VIOLENCE_HINT = N_("a threat, a call to attack someone")
    HATE = N_("Hatred")
    HATE_HINT = N_("calls to hate or exclude a group of people")
    SEXTORTION = N_("Sexual blackmail")
    SEXTORTION_HINT = N_('"pay, or I publish your pictures"')
    SCAM = N_("Scam or fraud")
    SCAM_HINT = N_("fake shop, fake job, stolen money")
    DEFAMATION = N_("Insult or defamation")
    DEFAMATION_HINT = N_("lies or insults about a person")
    IMPERSONATION = N_("Fake account")
    IMPERSONATION_HINT = N_("someone poses as a person or service")
    ILLICIT_GOODS = N_("Illegal goods")
    ILLICIT_GOODS_HINT = N_("drugs, medicines, weapons for sale")
    OTHER = N_("Other, or not sure")
    OTHER_HINT = N_("the desk will find the right kind")

    # What the empty input field says.
    PLACE_LINK = N_("Paste the link here")
    PLACE_ANSWER = N_("Write here, or press Skip")
    PLACE_PLACE = N_("First letters of the province")
    PLACE_DETAILS = N_("Write here, or press Done")
    PLACE_REFERENCE = N_("The reference")
    PLACE_CODE = N_("Reference and code")
    PLACE_YOURS = N_("Write here")
