"""
What is known of addresses in general, as data: what tracks, what shortens, what wraps, what only looks like a link.

Tracking parameters follow the ClearURLs rules, but for those that can name content on some site (`ref`, `s`, `t`,
`source`, `id`): dropping one of these would make one of two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


TRACKING = _words("""fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igsh igshid mibextid
    gad_source gad_campaignid _ga _gl srsltid mc_cid mc_eid mkt_tok _hsenc _hsmi vero_id oly_enc_id oly_anon_id
    wickedid rb_clickid s_cid _openstat __twitter_impression ref_src fb_source fb_ref fb_action_ids fb_action_types
    ml_subscriber ml_subscriber_hash gs_l usqp sfnsn""")
TRACKING_PREFIXES = ("utm_", "ga_", "otm_", "hmb_", "mtm_", "pk_", "hsa_")

# Addresses that stand for another one, which nobody but their owner can tell.
SHORTENERS = _words("""bit.ly tinyurl.com t.co goo.gl ow.ly is.gd v.gd cutt.ly rb.gy rebrand.ly buff.ly tiny.cc s.id
    shorturl.at t.ly bl.ink lnkd.in pin.it amzn.to amzn.eu a.co forms.gle maps.app.goo.gl g.co shorter.me urlz.fr
    tr.ee dub.sh bitly.ws adf.ly shorte.st ouo.io linkvertise.com""")

# Host and path of pages that only send on to the address in one of their parameters.
WRAPPERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "l.facebook.com/l.php": ("u",),
        "lm.facebook.com/l.php": ("u",),
        "www.facebook.com/l.php": ("u",),
        "www.facebook.com/sharer.php": ("u",),
        "www.facebook.com/sharer/sharer.php": ("u",),
        "www.facebook.com/plugins/post.php": ("href",),
        "www.facebook.com/plugins/video.php": ("href",),
        "l.instagram.com": ("u",),
        "l.threads.com": ("u",),
        "l.wl.co/l": ("u",),  # WhatsApp's
        "www.youtube.com/redirect": ("q",),
        "t.me/iv": ("url",),
        "t.me/share/url": ("url",),
        "www.google.com/url": ("q", "url"),
        "google.com/url": ("q", "url"),
        "www.google.co.ma/url": ("q", "url"),
        "www.google.fr/url": ("q", "url"),
        "www.google.es/url": ("q", "url"),
        "out.reddit.com": ("url",),
        "vk.com/away.php": ("to",),
        "www.linkedin.com/redir/redirect": ("url",),
    }
)

FILE_ENDINGS = _words("""7z aac apk avi bin csv dmg doc docx epub exe flac gif gz heic ipa iso jpeg jpg m4a m4v mkv mov
    mp3 mp4 msi odt ogg opus pdf png ppt pptx rar rtf svg tar tgz torrent txt wav webm webp xls xlsx xz zip""")

# Endings of file names and of programs that are public suffixes as well.
FILES_NOT_HOSTS = _words("cab cc java md mov pl ps py rs sh zip")

# Public suffixes that are words too: "Bonjour.je", "arnaque.il". Without a path such a host needs other evidence.
WORDS_NOT_SUFFIXES = _words("""ai al am as at au be by ca call ci day de do es et eu fi help here how id il im in is it
    je la li like love lu me moi my na ne new ni no now nu om one open pa pe pm ps re sa se si so st su to today tt us
    va ve vu""")

# What people end a sentence with, before a full stop without a space.
CLOSING_WORDS = _words("""ok okay oui non merci bonjour bonsoir salut svp stp hello hi hey thanks thx please yes no salam
    slm slt cc choukran chokran 3afak azul tanmmirt hola gracias vale si adios voila fin the un une le el""")

# What announces an address: after one of these a doubtful host is believed.
CUE_WORDS = _words("""site lien url web link page adresse domaine domain website address sitio enlace página pagina
    dirección direccion dominio موقع الموقع رابط الرابط صفحة الصفحة lmawqi3 mawqi3 ⴰⵙⵉⵜ ⴰⵙⵖⵏ ⵜⴰⵙⵏⴰ chez via""")
