"""
What people type when they mean a choice or a command: Arabic and Darija, Arabizi, French, English, Spanish, Tamazight.

One row a meaning, one cell a language (glossary, section 3). Words are compared folded (`fold.py`), always as a whole
message. A word that means something else in another language stands in `ONLY_IN`, and counts only where that language is
in use.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from conversations.fold import fold

# fmt: off
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    # commands
    "back": {
        "ar": "رجوع، عودة، السابق، رجع، رجع لور، اللور، rj3, rje3, rja3, llor, lour, rjou3",
        "fr": "retour, rtr, précédent, revenir", "es": "atrás, volver, regresar", "en": "back, previous, go back, /back",
        "zgh": "ⴰⵖⵓⵍ, ⴷⴷⵓ ⴹⴰⵕⴰⵜ, ⵓⵔⵔⵉ, aghul, urri, iwrri nn",
    },
    "stop": {
        "ar": "توقف، إيقاف، إلغاء، كفى، خروج، لغي، حبس، خرج، 7bes, 7bs, hbes, lghi, khrej",
        "fr": "stop, annuler, annule, arrêter, arrêt, quitter", "es": "cancelar, parar, salir, basta",
        "en": "stop, cancel, quit, exit, end, /stop, /cancel", "zgh": "ⵙⵔ, ⵙⴱⴷⴷ, ⴼⴼⵖ, sr, ssr, sbdd, smmt, ffɣ",
    },
    "help": {
        "ar": "مساعدة، ساعدوني، معاونة، عاوني، m3awna, 3awen, 3awni, mosa3ada", "fr": "aide, aider, aidez-moi",
        "es": "ayuda, ayúdame", "en": "help, info, help me, menu, /help, /menu", "zgh": "ⵜⵉⵡⵉⵙⵉ, ⴰⵡⵙ ⵉⵢⵉ, tiwisi, ɛawn iyi, aws iyi",
    },
    "language": {
        "ar": "لغة، اللغة، تغيير اللغة، logha, lougha", "fr": "langue, langues, changer de langue", "es": "idioma, lengua, cambiar de idioma",
        "en": "language, languages, change language, /language, /lang", "zgh": "ⵜⵓⵜⵍⴰⵢⵜ, ⵙⵏⴼⵍ ⵜⵓⵜⵍⴰⵢⵜ, tutlayt",
    },
    "status": {
        "ar": "الوضعية، وضعية، تتبع، المآل، حالة التبليغ، lwad3iya, tatabo3", "fr": "statut, état, suivi, suivre, où en est mon signalement",
        "es": "estado, seguimiento", "en": "status, state, follow, track, /status", "zgh": "ⴰⴷⴷⴰⴷ, addad",
    },
    "privacy": {
        "ar": "الخصوصية، خصوصية، السرية، المعطيات الشخصية", "fr": "confidentialité, vie privée, données personnelles",
        "es": "privacidad, datos personales", "en": "privacy, personal data, data, /privacy", "zgh": "ⵜⵉⵏⵏⵓⵜⵍⴰ, tinnutla",
    },
    "restart": {
        "ar": "من جديد، من البداية، إعادة البدء، من الاول، mn lwel, mn jdid, 3awd", "fr": "recommencer, redémarrer, depuis le début",
        "es": "empezar de nuevo, reiniciar, desde el principio", "en": "restart, start over, start again, /restart", "zgh": "ⴰⵍⵙ, ⵙⵙⵏⵜⵉ ⴷⴰⵖ, als",
    },
    "more": {"ar": "المزيد، التتمة، kemmel", "fr": "la suite, suite", "es": "más", "en": "more, /more", "zgh": "ⵓⴳⴳⴰⵔ, uggar"},
    # a citizen's rights
    "mydata": {
        "ar": "معطياتي، بياناتي، ما الذي لديكم عني، الولوج إلى معطياتي، شنو عندكم عليا، m3tayati, m3tiyati, data dyali, chno 3ndkom 3liya",
        "fr": "mes données, accès, accès à mes données, que savez-vous de moi", "es": "mis datos, acceso, acceso a mis datos",
        "en": "my data, access, what do you hold, what do you know about me, /mydata", "zgh": "ⵉⵙⴼⴽⴰ ⵉⵏⵓ, isfka inu",
    },
    "correct": {
        "ar": "تصحيح، تصحيح التبليغ، صحح، صحح التبليغ، صححو، tas7i7, sa7e7, sa77e7, saheh", "fr": "corriger, correction, rectifier, rectification",
        "es": "corregir, corrección, rectificar", "en": "correct, correction, correct it, correct my report, rectify, /correct", "zgh": "ⵙⵙⵏⵎ, ssnm",
    },
    "object": {
        "ar": "اعتراض، تعرض، أعترض، أتعرض، ما موافقش، ma mwafe9ch, i3tirad, ta3arrod", "fr": "opposition, s'opposer, je m'oppose, m'opposer, objection",
        "es": "oposición, oponerse, me opongo, oponerme", "en": "object, objection, i object, /object", "zgh": "ⴰⴳⵉ, agi",
    },
    "delete": {
        "ar": "حذف، حذف التبليغ، احذف التبليغ، امحي التبليغ، امسح التبليغ، حيد التبليغ، 7yed tabligh, 7eyed tabligh, mse7 tabligh, msa7 tabligh",
        "fr": "supprimer, supprimer le signalement, supprimer mon signalement, suppression", "es": "eliminar, eliminar el aviso, suprimir, borrar el aviso",
        "en": "delete, delete it, delete the report, delete my report, remove, /delete", "zgh": "ⴽⴽⵙ ⴰⵙⵍⴽⵎ, kks aslkm",
    },
    "erase": {
        "ar": "حذف المحادثة، احذف المحادثة، مسح المحادثة، امسح المحادثة، حيد المحادثة، mse7 lmo7adata, 7yed lmo7adata, mse7 lconversation, mse7 chat",
        "fr": "supprimer la conversation, effacer la conversation, effacer cette conversation, effacer le chat", "es": "borrar la conversación, borrar el chat, eliminar el chat, eliminar la conversación",
        "en": "delete chat, delete this chat, delete conversation, erase this conversation, erase chat, clear chat, /erase", "zgh": "ⴽⴽⵙ ⵜⵓⵣⵉⵏⵜ, ⴽⴽⵙ ⴰⵎⵙⴰⵡⴰⵍ, kks tuzint, kks amsawal",
    },
    "erase_yes": {
        "ar": "نعم، نعم احذف، احذف، امسح، مسح، واخا، حيد، mse7, msa7, 7yed, 7eyed, iyeh, n3am, wakha", "fr": "oui, oui effacer, effacer, efface, supprime",
        "es": "sí, si, sí borrar, borrar, bórralo", "en": "yes, yes erase, yes delete, erase, erase it", "zgh": "ⵢⴰⵀ, ⴽⴽⵙ, kks, yah",
    },
    "erase_no": {
        "ar": "لا، كلا، لا تحذف، احتفظ به، خليه، lla, la, khellih", "fr": "non, non garder, garder, garde-le", "es": "no, no borrar, conservar",
        "en": "no, keep, keep it, don't, do not", "zgh": "ⵓⵀⵓ, uhu",
    },
    # choices
    "continue": {
        "ar": "متابعة، نعم، أجل، موافق، آه، أه، إيه، أييه، واه، واخا، وي، ابدأ، بدء، بدا، نبداو، يالاه، يلاه، حسنا، تابع، "
              "ah, aah, eh, iyeh, ayeh, wah, n3am, wakha, wa5a, waxa, bda, nbda, yallah, mwafe9",
        "fr": "continuer, oui, ui, wi, oue, ouais, dac, d'acc, d'accord, ok, commencer, suivant", "es": "continuar, sí, si, sii, vale, claro, empezar, iniciar, de acuerdo",
        "en": "continue, yes, y, yep, yeah, ok, okay, start, begin, next, go on, agree", "zgh": "ⴹⴼⵕ, ⵢⴰⵀ, ⵉⵀ, ⵢⵢⵉⵀ, ⵡⴰⵅⵅⴰ, ⵙⵙⵏⵜⵉ, ⴱⴷⵓ, yah, ih, yyih, iyih, waxxa, ssnti, bdu, ḍfṛ",
    },
    "send": {
        "ar": "إرسال، أرسل، ارسل، صيفط، سيفط، صيفطو، نعم، واخا، موافق، sift, sayfet, sifto, wakha, iyeh, n3am", "fr": "envoyer, envoi, envoie, valider, oui, ok",
        "es": "enviar, envía, mandar, sí, vale", "en": "send, send now, send it, submit, yes, ok", "zgh": "ⴰⵣⵏ, ⵙⵙⵉⴼⴹ, ⵢⴰⵀ, azn, ssifḍ, ssifd, yah",
    },
    "victim": {
        "ar": "وقع لي، أنا، أنا الضحية، ضحية، إضافة تفاصيل، تفاصيل، زيد، ana, ana dhiya, tra liya, zid, tafasil", "fr": "c'est moi, moi, victime, cela m'est arrivé, ajouter des détails, détails",
        "es": "me pasó a mí, yo, víctima, a mí, añadir detalles, detalles", "en": "me, it happened to me, victim, add details, details", "zgh": "ⵏⴽⴽⵉ, ⵓⵏⴳⵉⵙ, nkki, ⵔⵏⵓ, rnu",
    },
    "witness": {
        "ar": "رأيته، شاهد، شاهدته، شفتو، cheftou, chahed", "fr": "témoin, je l'ai vu, j'ai vu", "es": "testigo, lo vi, lo he visto", "en": "witness, i saw it, saw it", "zgh": "ⵉⵏⵉⴳⵉ, inigi",
    },
    "yes": {
        "ar": "نعم، أجل، آه، إيه، أييه، واه، وي، ah, iyeh, ayeh, wah, n3am, wi", "fr": "oui, ouais, ui", "es": "sí, si, sii", "en": "yes, y, yep, yeah", "zgh": "ⵢⴰⵀ, ⵉⵀ, ⵢⵢⵉⵀ, yah, ih, yyih, iyih",
    },
    "no": {
        "ar": "لا، كلا، لالا، ماشي، lla, la, lala", "fr": "non, nan", "es": "no", "en": "no, n, nope, nah", "zgh": "ⵓⵀⵓ, uhu, ouhou, oho",
    },
    "no_link": {
        "ar": "ليس لدي رابط، بدون رابط، ماعنديش رابط، ماعنديش، ليس لدي، لا يوجد، ma3ndich, makaynch lien", "fr": "pas de lien, je n'ai pas de lien, sans lien, aucun lien, j'en ai pas", "es": "no tengo enlace, sin enlace, ninguno",
        "en": "no link, i have no link, i don't have a link, none", "zgh": "ⵓⵔ ⴷⴰⵔⵉ, ur dari, ur ghuri",
    },
    "copying": {
        "ar": "كيف أنسخه، كيفية النسخ، كيفاش، kifach", "fr": "comment copier, comment, comment faire", "es": "cómo copiar, cómo, cómo se copia", "en": "how, how to copy, how do i copy it", "zgh": "ⵎⴰⵎⴽ, mamk",
    },
    "abroad": {
        "ar": "خارج المغرب، خارج، الخارج، برا، kharij", "fr": "à l'étranger, étranger, hors du maroc", "es": "en el extranjero, extranjero, fuera de marruecos", "en": "abroad, outside morocco, outside", "zgh": "ⴱⵕⵕⴰ ⵏ ⵍⵎⵖⵔⵉⴱ, brra",
    },
    "clear": {
        "ar": "محو الكل، امسح الكل، مسح، mse7 kolchi", "fr": "tout effacer, effacer", "es": "borrar todo, borrar", "en": "clear, clear it all, clear it", "zgh": "ⴽⴽⵙ ⵎⴰⵕⵕⴰ, kks",
    },
    "done": {
        "ar": "تم، انتهيت، إنهاء، صافي، باراكا، سالي، ساليت، safi, baraka, sali, salit", "fr": "terminé, terminer, fini, c'est tout, voilà", "es": "listo, terminar, terminado, hecho, ya está, eso es todo",
        "en": "done, finish, finished, that's all, that is all", "zgh": "ⵙⵎⴷ, smd",
    },
    "skip": {
        "ar": "تخطي، تجاوز، لا شيء، ليس لدي، لا يوجد، والو، ماعنديش، ماكاين شي، نقز، دوز، فوت، n9ez, douz, fout, walo, walou, ma3ndich, m3ndich",
        "fr": "passer, sauter, rien, aucun, aucune, je sais pas, je ne sais pas, jsp", "es": "saltar, omitir, nada, ninguno, no sé", "en": "skip, pass, none, nothing, n/a, idk, don't know, i don't know",
        "zgh": "ⵣⵔⵉ, ⵙⵙⵓⵔⴼ, ⵡⴰⵍⵓ, ⴰⵎⵢⴰ, zri, ssurf, walu, amya",
    },
    "anonymous": {
        "ar": "مجهول، بدون اسم، بدون كشف الهوية، سري، بلا سمية، مخبي، لا، mjhoul, mj8oul, bla smia, lla, la", "fr": "anonyme, anonym, anonymement, sans nom, non",
        "es": "anónimo, anónima, sin nombre, de forma anónima, no", "en": "anonymous, anon, no name, without name, no", "zgh": "ⵡⴰⵔⵉⵙⵎ, ⴱⵍⴰ ⵉⵙⵎ, war ism, bla ism, uhu, ⵓⵀⵓ",
    },
    "confidential": {
        "ar": "سرية، بسرية، سريا، sirri", "fr": "confidentiel, en confidence", "es": "confidencial", "en": "confidential", "zgh": "ⵙ ⵜⵉⵏⵏⵓⵜⵍⴰ, ⵓⴼⴼⵉⵔ",
    },
    "identified": {
        "ar": "بالاسم، باسمي، مع الاسم، بسميتي, b smiti", "fr": "avec mon nom, avec nom, identifié", "es": "con nombre, con mi nombre", "en": "with name, with my name, identified",
        "zgh": "ⵙ ⵉⵙⵎ, s ism",
    },
    "another": {
        "ar": "تبليغ آخر، تبليغ جديد، آخر، wa7ed akhor", "fr": "autre, un autre, nouveau signalement, autre signalement", "es": "otro, otro aviso, nuevo aviso", "en": "another, new, new report, report another, report",
        "zgh": "ⵢⴰⴹⵏ, yaḍn",
    },
    "mine": {"ar": "تبليغاتي", "fr": "mes signalements", "es": "mis avisos", "en": "my reports, mine"},
    "code": {"ar": "الرمز، لدي رمز، عندي الرمز، الكود", "fr": "code, j'ai un code", "es": "código, tengo un código", "en": "code, i have a code"},
    "add": {"ar": "إضافة، زيد", "fr": "ajouter", "es": "añadir", "en": "add, add something", "zgh": "ⵔⵏⵓ, rnu"},
    "answer": {"ar": "جواب، الجواب، الإجابة، jawab", "fr": "répondre, réponse", "es": "responder, respuesta", "en": "answer, reply"},
    "notify": {"ar": "أخبروني", "fr": "prévenez-moi, me prévenir", "es": "avisarme", "en": "notify me, tell me"},
    "quiet": {"ar": "بدون إشعارات", "fr": "ne plus prévenir", "es": "sin avisos", "en": "no notices"},
    "edit_link": {"ar": "تعديل الرابط", "fr": "modifier le lien, lien", "es": "cambiar el enlace, enlace", "en": "link, edit link", "zgh": "ⴰⵙⵖⵏ"},
    "edit_category": {"ar": "تعديل الصنف", "fr": "modifier la catégorie, catégorie, type", "es": "cambiar el tipo, categoría, tipo", "en": "kind, category, edit category", "zgh": "ⴰⵙⵎⵉⵍ"},
    "edit_details": {"ar": "تعديل التفاصيل", "fr": "modifier les détails, détails", "es": "cambiar los detalles, detalles", "en": "details, edit details", "zgh": "ⵉⴼⵔⵓⵔⵉⵜⵏ"},
    "edit_place": {"ar": "تعديل المكان", "fr": "modifier le lieu, lieu", "es": "cambiar el lugar, lugar", "en": "place, edit place", "zgh": "ⴰⴷⵖⴰⵔ"},
    "edit_identity": {"ar": "تعديل الهوية", "fr": "modifier l'identité, identité", "es": "cambiar la identidad, identidad", "en": "identity, edit identity", "zgh": "ⵜⴰⵎⴰⴳⵉⵜ"},
    # kinds of content
    "terrorism": {"ar": "إرهاب، الإرهاب، irhab, l2irhab", "fr": "terrorisme, terroriste", "es": "terrorismo", "en": "terrorism, terrorist", "zgh": "ⴰⴱⵔⵙⵉⵡⴷ"},
    "child_abuse": {"ar": "طفل، أطفال، قاصر، استغلال الأطفال، الاستغلال الجنسي للأطفال، drari", "fr": "enfant, enfants, mineur, pédophilie, pédopornographie", "es": "niño, niños, menor, menores, pederastia",
                    "en": "child, child abuse, children, minor, csam, paedophilia", "zgh": "ⵓⵎⵥⵉⵢ, ⴰⵔⴱⴰ"},
    "violence": {"ar": "عنف، تهديد، العنف، التهديد، tahdid, l3onf", "fr": "violence, violences, menace, menaces", "es": "violencia, amenaza, amenazas", "en": "violence, threat, threats", "zgh": "ⵜⵉⴽⵕⴹⵉ, ⴰⵙⴷⵉⴷⴷⵉ"},
    "hate": {"ar": "كراهية، الكراهية، تمييز، عنصرية، karahiya, 3onsoriya", "fr": "haine, racisme, discrimination", "es": "odio, racismo, discriminación", "en": "hate, hatred, racism, discrimination", "zgh": "ⴰⴽⵙⴰⵏ"},
    "sextortion": {"ar": "ابتزاز، الابتزاز، الابتزاز الجنسي، ibtizaz", "fr": "chantage, chantage sexuel, sextorsion", "es": "chantaje, sextorsión, extorsión", "en": "blackmail, sextortion, extortion", "zgh": "ⵜⴰⴷⴱⵔⵜ"},
    "scam": {"ar": "نصب، النصب، احتيال، النصب والاحتيال، نصاب، nasb, nassab, n9asb", "fr": "arnaque, escroquerie, fraude, arnaqueur", "es": "estafa, fraude, timo", "en": "scam, fraud, scammer", "zgh": "ⴰⵖⵏⴷⴼ"},
    "defamation": {"ar": "سب، قذف، السب والقذف، تشهير، التشهير، sab, tachhir", "fr": "insulte, injure, diffamation, insultes", "es": "insulto, calumnia, difamación, injuria", "en": "insult, defamation, slander", "zgh": "ⵜⴰⵔⴳⴳⵉⵎⵜ"},
    "impersonation": {"ar": "انتحال، انتحال الهوية، حساب مزيف، حساب وهمي", "fr": "usurpation, faux compte, usurpation d'identité, faux profil", "es": "suplantación, cuenta falsa, perfil falso", "en": "impersonation, fake account, fake, identity theft", "zgh": "ⵜⴰⴳⴰⵎⵜ ⵏ ⵜⵎⴰⴳⵉⵜ"},
    "illicit_goods": {"ar": "مخدرات، سلع ممنوعة، أسلحة، أدوية، mokhadirat, drogue", "fr": "drogue, drogues, armes, produits illicites, stupéfiants", "es": "drogas, armas, productos ilícitos", "en": "drugs, weapons, illegal goods", "zgh": "ⵉⵙⴷⵓⵀⴷⵓⵜⵏ"},
    "other": {"ar": "آخر، شيء آخر، لا أعرف، ماعرفتش، ma3reftch, m3rft", "fr": "autre, autre chose, je sais pas, je ne sais pas, jsp", "es": "otro, otra cosa, no sé", "en": "other, something else, not sure, don't know, idk", "zgh": "ⵢⴰⴹⵏ, ur ssingh"},
    # languages, by the names people give them
    "ar": {"ar": "العربية، عربية، الدارجة، دارجة، 3arabia, 3arbiya, darija", "fr": "arabe", "es": "árabe", "en": "arabic", "zgh": "ⵜⴰⵄⵔⴰⴱⵜ, taɛrabt"},
    "fr": {"ar": "الفرنسية، فرنسية، فرانساوية، fransawi, fransais", "fr": "français, francais", "es": "francés", "en": "french", "zgh": "ⵜⴰⴼⵔⴰⵏⵙⵉⵙⵜ, tafransist"},
    "en": {"ar": "الإنجليزية، انجليزية، nglizia", "fr": "anglais", "es": "inglés", "en": "english", "zgh": "ⵜⴰⵏⴳⵍⵉⵣⵜ, tanglizt"},
    "es": {"ar": "الإسبانية، سبليونية، sblyoni", "fr": "espagnol", "es": "español, castellano", "en": "spanish", "zgh": "ⵜⴰⵙⴱⵏⵢⵓⵍⵉⵜ, tasbnyulit"},
    "zgh": {"ar": "الأمازيغية، شلحة، تشلحيت، ريفية، chel7a", "fr": "amazigh, berbère", "es": "amazig, bereber", "en": "tamazight, amazigh", "zgh": "ⵜⴰⵎⴰⵣⵉⵖⵜ, tamazight, tashelhit, tarifit"},
    # greetings and thanks: they answer no question, they begin a conversation or end it
    "greeting": {
        "ar": "مرحبا، السلام، السلام عليكم، سلام، salam, slm, salam alikom, شكرا، شكرا جزيلا، chokran, choukran, /start",
        "fr": "bonjour, bonsoir, salut, slt, bjr, coucou, bonjour à tous, merci, merci beaucoup, mrc", "es": "hola, buenas, buenos días, buenas tardes, buenas noches, gracias, muchas gracias",
        "en": "hi, hello, hey, good morning, good evening, thanks, thank you, thx, /start", "zgh": "ⴰⵣⵓⵍ, azul, ⵜⴰⵏⵎⵎⵉⵔⵜ, tanmmirt",
    },
})
# fmt: on

COMMANDS = (
    "back", "stop", "help", "language", "status", "privacy", "restart", "mydata", "correct", "object", "delete", "erase",
)  # fmt: skip

# In other languages these are common words with another sense (glossary, "Ambiguities").
ONLY_IN: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("si", "sii", "para"), "es"), **dict.fromkeys(("n", "y", "go on", "end", "data", "pass", "add", "follow", "new"), "en"),
    **dict.fromkeys(("ah", "aah", "eh", "wah", "sali", "fout", "zid", "safi", "baraka"), "ar"), **dict.fromkeys(("ui", "voilà"), "fr"),
    **dict.fromkeys(("sr", "ih", "als", "smd", "s ism"), "zgh"),
})  # fmt: skip


LONGEST = 40  # characters of a whole message that is a command or a choice


def meant(said: str, keys: Collection[str], locale: str) -> str:
    """
    Which of the keys a whole message names, in the language in use first, else in any; "" for none.

    >>> meant("Retour", COMMANDS, "ar"), meant("rj3", COMMANDS, "ar"), meant("retournez-moi mon argent", COMMANDS, "fr")
    ('back', 'back', '')
    """
    return named(fold(said), keys, locale)


def named(word: str, keys: Collection[str], locale: str) -> str:
    """`meant` of words that have been folded."""
    if not word or len(word) > LONGEST:
        return ""
    found = _index().get(word, {})
    for language in (locale, *found):
        for key in found.get(language, ()):
            if key in keys and _ONLY.get(word, locale) == locale:
                return key
    return ""


def language_of(said: str) -> str:
    """The language a greeting or command word belongs to, where it belongs to one alone; "" otherwise."""
    found = _index().get(fold(said), {})
    return next(iter(found)) if len(found) == 1 else ""


@cache
def _index() -> dict[str, dict[str, tuple[str, ...]]]:
    index: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, languages in WORDS.items():
        for language, cell in languages.items():
            for word in cell.replace("،", ",").split(","):
                if folded := fold(word):
                    row = index.setdefault(folded, {})
                    row[language] = (*row.get(language, ()), key)
    return index


_ONLY = {fold(word): language for word, language in ONLY_IN.items()}
