"""Platforms and stores that are reported less often, described as `platforms.py` describes the great ones."""

from __future__ import annotations

from conversations.shapes import FILE, GROUP, POST, PROFILE, SHORT, Platform, Row

# fmt: off
THREADS = Platform(
    "threads", "www.threads.com", (
        Row("/@{user}/post/{code}/**", POST, "/t/{code}"),
        Row("/t/{code}", POST),
        Row("/@{user}(|/replies|/media|/reposts)", PROFILE, "/@{user}"),
    ),
    hosts=("threads.com", "www.threads.net", "threads.net"),
    names=r"[\w.]{1,30}", profile="/@{user}", tracking=("xmt", "slof", "hl", "igshid"),
)

REDDIT = Platform(
    "reddit", "www.reddit.com", (
        Row("(/r/*|/user/*|/u/*|)/comments/{code}/*/{key}", POST, "/comments/{code}/_/{key}"),  # one comment
        Row("(/r/*|/user/*|/u/*|)/comments/{code}(|/*)", POST, "/comments/{code}"),
        Row("/gallery/{code}", POST, "/comments/{code}"),
        Row("redd.it/{code}", POST, "/comments/{code}"),
        Row("/r/{group}/s/{code}", SHORT),
        Row("/(user|u)/{user}", PROFILE, "/user/{user}"),
        Row("/r/{group}", GROUP),
    ),
    hosts=("reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com", "m.reddit.com", "i.reddit.com"),
    profile="/user/{user}", tracking=("share_id", "rdt", "ref", "ref_source", "context"),
)

DISCORD = Platform(
    "discord", "discord.com", (
        Row("/channels/{number}/{thread}/{post}", POST),
        Row("/invite/{code}", GROUP),
        Row("discord.gg/{code}", GROUP, "/invite/{code}"),
    ),
    hosts=("www.discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"),
)

STORES = Platform(  # where files are handed round; for a citizen simply the web
    "web", "mega.nz", (
        Row("#!{code}!{key}", FILE, "/file/{code}#{key}"),  # the older form of the same address
        Row("/file/{code}#{key}", FILE),
        Row("drive.google.com/file/d/{code}/**", FILE, "drive.google.com/file/d/{code}"),
        Row("drive.google.com/(open|uc)?id={code}", FILE, "drive.google.com/file/d/{code}"),
        Row("mediafire.com/file/{code}/**", FILE, "mediafire.com/file/{code}"),
    ),
    hosts=("www.mega.nz", "mega.co.nz"),
)
# fmt: on

OTHER_PLATFORMS = (THREADS, REDDIT, DISCORD, STORES)
