"""
What is known of each platform, as data: its hosts, the shapes of its addresses, what names an account there.

A row is read from left to right: an address of this shape, is this kind of thing, and is the same thing as that
(`shapes.py` explains the signs). The first row that fits is taken, so narrow rows stand above wide ones. A row is
only right if no two posts can ever meet in its last column: where that is not certain there is no row, and the
address is kept as it came, without its tracking parameters.

Sources: Telegram core.telegram.org/api/links; WhatsApp faq.whatsapp.com (click to chat, channels); TikTok, Instagram,
Facebook, X and YouTube as yt-dlp's extractors read them. "Seen" marks what only shared links themselves show.
"""

from __future__ import annotations

from conversations.other_platforms import OTHER_PLATFORMS
from conversations.shapes import CHANNEL, GROUP, POST, PROFILE, SHORT, STORY, Platform, Row


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# fmt: off
YOUTUBE = Platform(
    "youtube", "www.youtube.com", (
        Row("/embed/videoseries?list={code}", POST, "/playlist?list={code}"),  # eleven letters, but no video
        Row("/embed/live_stream?channel={channel}", CHANNEL, "/channel/{channel}"),
        Row("/watch?v={video}", POST),
        Row("/(shorts|embed|live|v|e|vi)/{video}/**", POST, "/watch?v={video}"),
        Row("youtu.be/{video}/**", POST, "/watch?v={video}"),
        Row("/playlist?list={code}", POST),
        Row("/channel/{channel}/community?lb={code}", POST, "/post/{code}"),
        Row("/clip/{code}", POST),
        Row("/post/{code}", POST),
        Row("/channel/{channel}/**", CHANNEL, "/channel/{channel}"),
        Row("/@{user}/**", CHANNEL, "/@{user}"),  # what follows is a tab of the channel
        Row("/c/{any}/**", CHANNEL, "/c/{any}"),
        Row("/user/{any}/**", CHANNEL, "/user/{any}"),
    ),
    hosts=("youtube.com", "m.youtube.com", "music.youtube.com", "gaming.youtube.com",
           "www.youtube-nocookie.com", "youtube-nocookie.com"),
    names=r"[\w.%-]{3,}", profile="/@{user}", marks=("lc",),  # lc: one comment
    tracking=("si", "feature", "app", "ab_channel", "pp", "themeRefresh", "cbrd", "kw"),
)

FACEBOOK = Platform(
    "facebook", "www.facebook.com", (
        Row("/groups/{group}/(posts|permalink)/{code}/**", POST, "/groups/{group}/posts/{code}"),
        Row("/groups/{group}?multi_permalinks={number}", POST, "/groups/{group}/posts/{number}"),
        Row("/groups/{group}?view=permalink&id={number}", POST, "/groups/{group}/posts/{number}"),
        Row("/groups/{group}/user/{owner}/**", PROFILE, "/profile.php?id={owner}"),
        Row("/groups/{group}(|/about|/media|/members|/discussion|/announcements|/files)", GROUP, "/groups/{group}"),
        Row("/(permalink|story).php?story_fbid={code}&id={owner}", POST, "/permalink.php?story_fbid={code}&id={owner}"),
        Row("/{owner}/posts/(|*/){code}", POST, "/permalink.php?story_fbid={code}&id={owner}"),
        Row("/{user}/posts/(|*/){code}", POST, "/{user}/posts/{code}"),
        # one numbering for all videos: yt-dlp opens a reel as watch/?v= of the same number
        Row("/{user}/videos/(|*/)(|*/){number}", POST, "/watch/?v={number}"),
        Row("/(watch|watch/live|video.php|video/video.php)?v={number}", POST, "/watch/?v={number}"),
        Row("/video/embed?video_id={number}", POST, "/watch/?v={number}"),
        Row("/reel/{number}/**", POST, "/watch/?v={number}"),
        Row("/(photo|photo.php)?fbid={number}", POST, "/photo/?fbid={number}"),
        Row("/{user}/photos/(|*/)(|*/){number}", POST, "/photo/?fbid={number}"),
        Row("/stories/{number}/{any}", STORY),
        Row("/stories/{number}", STORY),
        Row("/events/(|s/*/){number}/**", POST, "/events/{number}"),
        Row("/marketplace/item/{number}/**", POST, "/marketplace/item/{number}"),
        Row("/share/{code}", SHORT),  # opens a permanent address that only fetching would tell
        Row("/share/{word}/{code}", SHORT),
        Row("fb.watch/{code}", SHORT),
        Row("fb.watch/{word}/{code}", SHORT),
        Row("fb.me/{any}", SHORT),  # a shortener first: its codes keep their case
        Row("fb.me/{word}/{code}", SHORT),
        Row("m.me/j/{code}", GROUP),
        Row("m.me/{user}", PROFILE, "/{user}"),
        Row("/profile.php?id={owner}", PROFILE),
        Row("/(people|pages)/*/{owner}/**", PROFILE, "/profile.php?id={owner}"),
        Row("/(|profile/){owner}", PROFILE, "/profile.php?id={owner}"),
        Row("fb://(profile|page)/{owner}", PROFILE, "/profile.php?id={owner}"),
        Row("fb://group/{group}", GROUP, "/groups/{group}"),
        Row("/{user}(|/about|/photos|/videos|/reels|/posts|/friends|/followers|/mentions|/live)", PROFILE, "/{user}"),
    ),
    hosts=("facebook.com", "m.facebook.com", "mbasic.facebook.com", "touch.facebook.com", "web.facebook.com",
           "free.facebook.com", "0.facebook.com", "d.facebook.com", "p.facebook.com", "{locale}.facebook.com",
           "fb.com", "www.fb.com", "m.fb.com"),
    names=r"(?!\d+$|.*\.php$)[\w.-]{2,}",
    not_users=_words("""ads business dialog events gaming groups hashtag help home l login marketplace media messages
        notes pages people permalink photo photos plugins policies profile reel reels search settings share sharer
        stories story video videos watch watchparty"""),
    marks=("comment_id", "reply_comment_id"),
    tracking=("mibextid", "rdid", "share_url", "sfnsn", "extid", "fref", "hc_ref", "hc_location", "ref", "refid",
              "refsrc", "__tn__", "__cft__[0]", "__xts__[0]", "_rdc", "_rdr", "eav", "paipv", "locale", "wtsid",
              "notif_id", "notif_t", "acontext", "comment_tracking"),
)

INSTAGRAM = Platform(
    "instagram", "www.instagram.com", (
        Row("/reels/audio/{number}", POST),
        Row("/(p|reel|reels|tv)/{code}/c/{number}/**", POST, "/p/{code}/c/{number}"),  # one comment
        Row("/(p|reel|reels|tv)/{code}/**", POST, "/p/{code}"),  # one numbering for all of them
        Row("/{user}/(p|reel|reels|tv)/{code}/**", POST, "/p/{code}"),
        Row("/stories/highlights/{number}", STORY),
        Row("/stories/{user}/{number}", STORY),
        Row("/stories/{user}", STORY),
        Row("/s/{any}", STORY),
        Row("/share/{code}", SHORT),
        Row("/share/{word}/{code}", SHORT),
        Row("/channel/{code}", CHANNEL),
        Row("/j/{code}", GROUP),
        Row("ig.me/j/{code}", GROUP, "/j/{code}"),
        Row("ig.me/m/{user}", PROFILE, "/{user}"),
        Row("instagram://user?username={user}", PROFILE, "/{user}"),
        Row("/_u/{user}", PROFILE, "/{user}"),
        Row("/{user}(|/reels|/tagged|/followers|/following|/live|/feed|/guides)", PROFILE, "/{user}"),
    ),
    hosts=("instagram.com", "m.instagram.com", "instagr.am", "www.instagr.am"),
    names=r"[\w.]{1,30}", not_users=_words("p reel reels tv stories s share explore accounts direct about developer j"),
    marks=("story_media_id",), tracking=("igsh", "igshid", "img_index", "hl", "ig_rid", "ig_mid", "taken-by", "next"),
)

TIKTOK = Platform(
    "tiktok", "www.tiktok.com", (
        # the number alone names the post, videos and photos share it, and any name before it opens it (yt-dlp)
        Row("/@{user}/(video|photo)/{number}/**", POST, "/@_/video/{number}"),
        Row("/@(|*)/(video|photo)/{number}/**", POST, "/@_/video/{number}"),
        Row("/(v|video|embed|embed/v2|embed/v3|player/v1|share/video)/{number}(|.html)", POST, "/@_/video/{number}"),
        Row("/t/{code}", SHORT),
        Row("vm.tiktok.com/{code}", SHORT),
        Row("vt.tiktok.com/{code}", SHORT),
        Row("lite.tiktok.com/t/{code}", SHORT),
        Row("/@{user}/live", PROFILE),
        Row("/@{user}", PROFILE),
    ),
    hosts=("tiktok.com", "m.tiktok.com", "us.tiktok.com", "www.tiktokv.com", "tiktokv.com"),
    names=r"[\w.]{2,24}", profile="/@{user}",
    marks=("share_comment_id", "comment_id"),  # seen: one comment, as the app shares it
    tracking=("_t", "_r", "_d", "is_from_webapp", "is_copy_url", "sender_device", "sender_web_id", "share_app_id",
              "share_link_id", "share_item_id", "share_author_id", "social_share_type", "sharer_language", "source",
              "u_code", "user_id", "sec_user_id", "sec_uid", "tt_from", "timestamp", "ug_btm", "ugbiz_name", "web_id",
              "refer", "referer_url", "referer_video_id", "lang", "preview_pb", "checksum", "enable_checksum"),
)

X = Platform(
    "x", "x.com", (
        Row("/i/(|web/)status/{number}/**", POST, "/i/web/status/{number}"),
        Row("/{user}/status(|es)/{number}/**", POST, "/i/web/status/{number}"),  # the number alone names the post
        Row("/statuses/{number}", POST, "/i/web/status/{number}"),
        Row("/intent/(like|favorite|retweet)?tweet_id={number}", POST, "/i/web/status/{number}"),
        Row("twitter://status?id={number}", POST, "/i/web/status/{number}"),
        Row("/i/communities/{number}/**", GROUP, "/i/communities/{number}"),
        Row("/i/spaces/{code}/**", POST, "/i/spaces/{code}"),
        Row("/i/broadcasts/{code}", POST),
        Row("/i/user/{owner}", PROFILE),
        Row("pic.twitter.com/{code}", SHORT),
        Row("pic.x.com/{code}", SHORT, "pic.twitter.com/{code}"),
        Row("/intent/(user|follow)?screen_name={user}", PROFILE, "/{user}"),
        Row("twitter://user?screen_name={user}", PROFILE, "/{user}"),
        Row("/{user}(|/with_replies|/media|/likes|/photo|/highlights|/followers|/following)", PROFILE, "/{user}"),
    ),
    hosts=("www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com", "m.twitter.com",
           "fxtwitter.com", "vxtwitter.com", "fixupx.com", "fixvx.com"),  # the last four only repeat X's posts
    names=r"\w{1,20}", not_users=_words("""i home explore search settings hashtag login signup intent share notifications
        messages compose tos privacy jobs statuses"""),
    tracking=("s", "t", "ref_src", "ref_url", "twclid", "cxt", "lang", "src", "f"),
)

TELEGRAM = Platform(
    "telegram", "t.me", (
        Row("/+{phone}", PROFILE),
        Row("/(joinchat/|+|%2B){code}", GROUP, "/+{code}"),
        Row("/c/{number}/(|{thread}/){post}", POST, "/c/{number}/{post}"),  # numbers run through all topics of a group
        Row("/c/{number}", GROUP),
        Row("/(|s/){user}/(|{thread}/){number}", POST, "/{user}/{number}"),
        Row("/(|s/){user}/s/{number}", STORY, "/{user}/s/{number}"),
        Row("/addlist/{code}", GROUP),
        Row("/(|s/|boost/){user}", CHANNEL, "/{user}"),  # or a group, a bot, a person: only Telegram knows
        Row("{user}.t.me/(|s/){number}", POST, "/{user}/{number}"),
        Row("{user}.t.me", CHANNEL, "/{user}"),
        Row("web.telegram.org(|/k|/a|/z)#@{user}", CHANNEL, "/{user}"),
        Row("web.telegram.org(|/k|/a|/z)#-100{number}", GROUP, "/c/{number}"),
        Row("tg://resolve?domain={user}&post={number}", POST, "/{user}/{number}"),
        Row("tg://resolve?domain={user}&story={number}", STORY, "/{user}/s/{number}"),
        Row("tg://resolve?domain={user}", CHANNEL, "/{user}"),
        Row("tg://resolve?phone={phone}", PROFILE, "/+{phone}"),
        Row("tg://privatepost?channel={number}&post={post}", POST, "/c/{number}/{post}"),
        Row("tg://join?invite={code}", GROUP, "/+{code}"),
        Row("tg://addlist?slug={code}", GROUP, "/addlist/{code}"),
        Row("tg://user?id={owner}", PROFILE, "tg://user?id={owner}"),  # has no web address
    ),
    hosts=("www.t.me", "telegram.me", "www.telegram.me", "telegram.dog", "www.telegram.dog"),
    names=r"[A-Za-z]\w{2,31}", marks=("comment",),
    not_users=_words("""addemoji addlist addstickers addstyle addtheme auction auth boost call confirmphone contact
        giftcode invoice iv joinchat login nft proxy setlanguage share socks web www"""),
)

WHATSAPP = Platform(
    "whatsapp", "www.whatsapp.com", (
        Row("wa.me/(|+|%2B|00){phone}", PROFILE, "wa.me/{phone}"),
        Row("/send?phone=(|+|%2B|00){phone}", PROFILE, "wa.me/{phone}"),
        Row("whatsapp://send?phone=(|+|%2B|00){phone}", PROFILE, "wa.me/{phone}"),
        Row("wa.me/message/{code}", SHORT),
        Row("wa.me/qr/{code}", SHORT),
        Row("/message/{code}", SHORT, "wa.me/message/{code}"),
        Row("wa.me/c/{phone}", PROFILE, "wa.me/c/{phone}"),
        Row("/catalog/{phone}", PROFILE, "wa.me/c/{phone}"),
        Row("wa.me/p/{number}/{phone}", POST),
        Row("chat.whatsapp.com/(|invite/){code}", GROUP, "chat.whatsapp.com/{code}"),
        Row("whatsapp://chat?code={code}", GROUP, "chat.whatsapp.com/{code}"),
        Row("call.whatsapp.com/{word}/{code}", GROUP),
        Row("/channel/{code}/{number}", POST),
        Row("/channel/{code}", CHANNEL),
    ),
    hosts=("whatsapp.com", "api.whatsapp.com", "web.whatsapp.com"),
    profile="",  # an account is a phone number: handles.py
)

SNAPCHAT = Platform(
    "snapchat", "www.snapchat.com", (
        Row("/@{user}/spotlight/{code}", POST, "/spotlight/{code}"),
        Row("/spotlight/{code}", POST),
        Row("/@{user}/highlight/{code}/**", STORY, "/@{user}/highlight/{code}"),
        Row("/t/{code}", SHORT),
        Row("t.snapchat.com/{code}", SHORT),
        Row("snapchat://add/{user}", PROFILE, "/add/{user}"),
        Row("/(add/|@){user}", PROFILE, "/add/{user}"),
    ),
    hosts=("snapchat.com", "m.snapchat.com"),
    names=r"[A-Za-z][\w.-]{1,14}", profile="/add/{user}",
    tracking=("share_id", "locale", "sid", "invite_id", "sender_web_id", "device_type", "is_copy_url"),
)

# fmt: on

PLATFORMS = (YOUTUBE, FACEBOOK, INSTAGRAM, TIKTOK, X, TELEGRAM, WHATSAPP, SNAPCHAT, *OTHER_PLATFORMS)
