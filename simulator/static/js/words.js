// Every word of the page itself, in its three languages.
const WORDS = {
  en: {
    skip: "Go to the phones", tagline: "Reporting by chat: a working demonstration",
    connected: "Everything stays on this computer", away: "The simulator does not answer; trying again",
    page_language: "Language of this page", phones: "Phones", telegram: "Telegram", whatsapp: "WhatsApp", group: "Moderators",
    citizen_telegram: "A citizen on Telegram", citizen_whatsapp: "A citizen on WhatsApp", moderators: "The moderators’ group",
    in_telegram: "on Telegram", person: "Person", client: "Language of their phone", none: "No language told", fresh: "New person", country: "Country of the number",
    shows: "What the number shows", phone: "Number", both: "Number and user id", bsuid: "User name only",
    bot: "bot", online: "online", members: "6 members", restricted: "child protection", write: "Message", send: "Send", attach: "Attach", more: "More", start: "Start",
    photo: "Photo", album: "Album", document: "Document", voice: "Voice", sticker: "Sticker", contact: "My number", location: "Location", forward: "Forward",
    edit: "Edit the last message", save: "Save", cancel: "Cancel", block: "Block", unblock: "Unblock", blocked: "You blocked this chat.", menu: "Commands", today: "Today",
    edited: "edited", forwarded: "Forwarded", forwarded_from: "Forwarded from", my_contact: "Contact", my_place: "Shared place", protected: "Cannot be forwarded or copied",
    visitor: "Visitor", unlisted: "not on the list", agent: "agent", child_protection: "child protection", supervisor: "supervisor", auditor: "auditor", as_group: "As the group, anonymously", acting: "Who acts", desk: "Which group", general: "General", sensitive: "Restricted",
    quiet_group: "New reports appear here as cards.", hello_whatsapp: "Say anything to begin.", hello_telegram: "What can this bot do?",
    about_bot: "It takes reports of illegal content, step by step.", conversation: "Conversation", choices: "Answers to press", window: "Nothing may be sent now: 24 hours have passed.",
  },
  fr: {
    skip: "Aller aux téléphones", tagline: "Signaler par messagerie : une démonstration qui fonctionne",
    connected: "Tout reste sur cet ordinateur", away: "Le simulateur ne répond pas ; nouvel essai",
    page_language: "Langue de cette page", phones: "Téléphones", telegram: "Telegram", whatsapp: "WhatsApp", group: "Modération",
    citizen_telegram: "Une personne sur Telegram", citizen_whatsapp: "Une personne sur WhatsApp", moderators: "Le groupe des modérateurs",
    in_telegram: "sur Telegram", person: "Personne", client: "Langue de son téléphone", none: "Langue non transmise", fresh: "Nouvelle", country: "Pays du numéro",
    shows: "Ce que montre le numéro", phone: "Numéro", both: "Numéro et identifiant", bsuid: "Nom d’utilisateur",
    bot: "bot", online: "en ligne", members: "6 membres", restricted: "protection de l’enfance", write: "Message", send: "Envoyer", attach: "Joindre", more: "Plus", start: "Démarrer",
    photo: "Photo", album: "Album", document: "Document", voice: "Vocal", sticker: "Autocollant", contact: "Mon numéro", location: "Position", forward: "Transférer",
    edit: "Modifier le dernier message", save: "Enregistrer", cancel: "Annuler", block: "Bloquer", unblock: "Débloquer", blocked: "Vous avez bloqué cette conversation.", menu: "Commandes", today: "Aujourd’hui",
    edited: "modifié", forwarded: "Transféré", forwarded_from: "Transféré de", my_contact: "Contact", my_place: "Position partagée", protected: "Ni transfert ni copie",
    visitor: "Visiteur", unlisted: "hors liste", agent: "agente", child_protection: "protection de l’enfance", supervisor: "superviseure", auditor: "auditeur", as_group: "Au nom du groupe, sans nom", acting: "Qui agit", desk: "Quel groupe", general: "Général", sensitive: "Restreint",
    quiet_group: "Les nouveaux signalements apparaissent ici.", hello_whatsapp: "Écrivez n’importe quoi pour commencer.", hello_telegram: "Que fait ce bot ?",
    about_bot: "Il reçoit les signalements de contenus illicites, étape par étape.", conversation: "Conversation", choices: "Réponses à toucher", window: "Plus rien ne peut partir : 24 heures sont passées.",
  },
  ar: {
    skip: "الانتقال إلى الهواتف", tagline: "التبليغ عبر المراسلة: عرض تجريبي يعمل فعلًا",
    connected: "كل شيء يبقى على هذا الحاسوب", away: "المحاكي لا يجيب؛ تجري المحاولة من جديد",
    page_language: "لغة هذه الصفحة", phones: "الهواتف", telegram: "تيليغرام", whatsapp: "واتساب", group: "المشرفون",
    citizen_telegram: "مواطن على تيليغرام", citizen_whatsapp: "مواطن على واتساب", moderators: "مجموعة المشرفين",
    in_telegram: "على تيليغرام", person: "الشخص", client: "لغة هاتفه", none: "لغة غير معلنة", fresh: "شخص جديد", country: "بلد الرقم",
    shows: "ما يظهره الرقم", phone: "الرقم", both: "الرقم والمعرّف", bsuid: "اسم المستخدم فقط",
    bot: "روبوت", online: "متصل", members: "6 أعضاء", restricted: "حماية الطفولة", write: "رسالة", send: "إرسال", attach: "إرفاق", more: "المزيد", start: "ابدأ",
    photo: "صورة", album: "ألبوم", document: "مستند", voice: "صوت", sticker: "ملصق", contact: "رقمي", location: "الموقع", forward: "إعادة توجيه",
    edit: "تعديل آخر رسالة", save: "حفظ", cancel: "إلغاء", block: "حظر", unblock: "إلغاء الحظر", blocked: "لقد حظرت هذه المحادثة.", menu: "الأوامر", today: "اليوم",
    edited: "معدّلة", forwarded: "أعيد توجيهها", forwarded_from: "أعيد توجيهها من", my_contact: "جهة اتصال", my_place: "موقع مشترك", protected: "لا يمكن توجيهها أو نسخها",
    visitor: "زائر", unlisted: "خارج اللائحة", agent: "مشرفة", child_protection: "حماية الطفولة", supervisor: "مسؤولة", auditor: "مدقق", as_group: "باسم المجموعة، بدون اسم", acting: "من يعمل", desk: "أي مجموعة", general: "العامة", sensitive: "المقيّدة",
    quiet_group: "تظهر التبليغات الجديدة هنا.", hello_whatsapp: "اكتب أي شيء للبدء.", hello_telegram: "ماذا يفعل هذا الروبوت؟",
    about_bot: "يتلقى التبليغات عن المحتوى غير القانوني، خطوة بخطوة.", conversation: "المحادثة", choices: "أجوبة للضغط", window: "لا يمكن إرسال شيء الآن: مرّت 24 ساعة.",
  },
};

let tongue = "en";

export const tongues = Object.keys(WORDS);
export const chosen = () => tongue;
export const direction = (language) => (/^(ar|fa|he|ur)\b/.test(language) ? "rtl" : "ltr");

// The page's word, or the word as a phone set to another of our languages shows it.
export const say = (key, language = tongue) => (WORDS[language] ?? WORDS[tongue])[key];

export function speak(language) {
  tongue = tongues.includes(language) ? language : "en";
  document.documentElement.lang = tongue;
  document.documentElement.dir = direction(tongue);
}

const LANGUAGES = ["ar", "fr", "en", "es", "zgh", "pt-br", "de"];
export const clientLanguages = () => [
  ...LANGUAGES.map((code) => [code, `${nameOf(code, "language", code)}`]),
  ["", say("none")],
];
export const nameOf = (code, type, language = tongue) => {
  try {
    return new Intl.DisplayNames([language === "zgh" ? "fr" : language], { type }).of(type === "region" ? code : code);
  } catch {
    return code;
  }
};
export const clock = (seconds) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(new Date(seconds * 1000));
