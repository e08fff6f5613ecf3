"""
What an export's summary says, in French and Arabic side by side: an authority reads one or the other, whoever made it.

These are a document's words and no citizen's screen, so they stand here in pairs. A key that is not here shows as it is.
"""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """The same in French and in Arabic."""

    fr: str
    ar: str


# fmt: off
TITLE = Pair("Dossier de signalement n° {number}", "ملف التبليغ رقم {number}")
CARE = Pair(
    "Confidentiel. Les adresses sont écrites de façon à ne pouvoir être ouvertes : ce qu’elles contiennent peut être illégal.",
    "سري. كُتبت العناوين بصيغة لا يمكن فتحها: قد يكون محتواها مخالفا للقانون.",
)
FACTS = {
    "category":    Pair("Nature du contenu", "طبيعة المحتوى"),
    "severity":    Pair("Gravité", "درجة الخطورة"),
    "state":       Pair("État", "الوضعية"),
    "reports":     Pair("Signalements", "عدد التبليغات"),
    "first":       Pair("Premier reçu (UTC)", "أول تبليغ (التوقيت العالمي)"),
    "last":        Pair("Dernier reçu (UTC)", "آخر تبليغ (التوقيت العالمي)"),
    "files":       Pair("Pièces jointes", "عدد المرفقات"),
    "entries":     Pair("Actes enregistrés", "الإجراءات المسجلة"),
    "chain":       Pair("Chaîne de traçabilité", "سلسلة التتبع"),
}
HEADS = {
    "reports":     Pair("Signalements", "التبليغات"),
    "exhibits":    Pair("Pièces jointes", "المرفقات"),
    "chain":       Pair("Chaîne de traçabilité", "سلسلة التتبع"),
    "verify":      Pair("Vérification", "التحقق"),
}
COLUMNS = {
    "reference":   Pair("Référence", "المرجع"),
    "received":    Pair("Reçu (UTC)", "تاريخ التوصل"),
    "disclosure":  Pair("Déclarant", "المبلِّغ"),
    "address":     Pair("Adresse signalée", "العنوان المبلَّغ عنه"),
    "exhibit":     Pair("Pièce n°", "رقم المرفق"),
    "type":        Pair("Type", "النوع"),
    "size":        Pair("Octets", "الحجم بالبايت"),
    "sha256":      Pair("SHA-256", "SHA-256"),
    "number":      Pair("N°", "رقم"),
    "when":        Pair("Date (UTC)", "التاريخ"),
    "act":         Pair("Acte", "الإجراء"),
    "detail":      Pair("Précision", "تفصيل"),
    "actor":       Pair("Agent", "العون"),
}
VERIFY = Pair(
    "Exécuter « python3 check.py » : chaque fichier, la chaîne et les originaux scellés sont contrôlés. Les pièces complètes"
    " sont dans les dossiers reports, evidence et sealed. Les agents sont désignés par un identifiant aléatoire.",
    "شغّلوا الأمر «python3 check.py» للتحقق من كل ملف ومن السلسلة ومن الأصول المختومة. توجد العناصر كاملة في المجلدات reports"
    " و evidence و sealed. يُشار إلى الأعوان بمعرّف عشوائي.",
)
MORE = Pair("et {count} de plus dans le dossier", "و{count} أخرى في الملف")
NONE = Pair("aucune", "لا شيء")
WHOLE = {True: Pair("intacte", "سليمة"), False: Pair("ROMPUE : voir check.py", "غير سليمة: انظر check.py")}
SEVERITIES = {0: Pair("normale", "عادية"), 1: Pair("élevée", "مرتفعة"), 2: Pair("critique", "حرجة")}
STATES = {
    "received":    Pair("reçu", "تم التوصل به"),
    "analysis":    Pair("en cours d’analyse technique", "قيد التحليل التقني"),
    "referred":    Pair("transmis à la police judiciaire compétente", "محال على الشرطة القضائية المختصة"),
    "prosecutor":  Pair("parquet informé", "تم إشعار النيابة العامة"),
    "instructed":  Pair("instructions du parquet reçues", "صدرت تعليمات النيابة العامة"),
    "returned":    Pair("retourné par le service saisi", "أُرجع من المصلحة المحال عليها"),
    "closed":      Pair("clos", "مغلق"),
}
DISCLOSURES = {
    "anonymous":    Pair("anonyme", "مجهول الهوية"),
    "confidential": Pair("confidentiel", "سري"),
    "identified":   Pair("identifié", "معرَّف الهوية"),
}
ACTS = {
    "received":      Pair("signalement reçu", "التوصل بالتبليغ"),
    "added":         Pair("complément reçu", "التوصل بإضافة"),
    "fetched":       Pair("pièce jointe scellée", "ختم مرفق"),
    "given_up":      Pair("pièce jointe non obtenue", "تعذر الحصول على مرفق"),
    "changed":       Pair("statut du déclarant modifié", "تغيير صفة المبلِّغ"),
    "corrected":     Pair("rectification reçue", "التوصل بتصحيح"),
    "objected":      Pair("opposition reçue", "التوصل بتعرض"),
    "requested":     Pair("demande du déclarant", "طلب من المبلِّغ"),
    "answered":      Pair("réponse reçue", "التوصل بجواب"),
    "taken":         Pair("pris en charge", "التكفل بالملف"),
    "released":      Pair("remis à disposition", "التخلي عن الملف"),
    "handed_over":   Pair("transmis à un autre agent", "تسليم إلى عون آخر"),
    "asked":         Pair("question posée", "طرح سؤال"),
    "noted":         Pair("note ajoutée", "إضافة ملاحظة"),
    "proposed":      Pair("clôture proposée", "اقتراح الإغلاق"),
    "confirmed":     Pair("confirmé", "تأكيد"),
    "kept_open":     Pair("maintenu ouvert", "الإبقاء مفتوحا"),
    "referred":      Pair("transmis au service compétent", "الإحالة على المصلحة المختصة"),
    "prosecutor":    Pair("parquet informé", "إشعار النيابة العامة"),
    "instructed":    Pair("instructions reçues", "تلقي التعليمات"),
    "returned":      Pair("retourné", "الإرجاع"),
    "closed":        Pair("clos", "الإغلاق"),
    "reopened":      Pair("rouvert", "إعادة الفتح"),
    "undone":        Pair("acte annulé", "إلغاء إجراء"),
    "muted":         Pair("mis en sourdine", "كتم التنبيهات"),
    "unmuted":       Pair("sourdine levée", "إعادة التنبيهات"),
    "recategorised": Pair("requalifié", "إعادة التكييف"),
    "escalated":     Pair("alerte élevée", "تصعيد"),
    "reminded":      Pair("rappel envoyé", "تذكير"),
    "notified":      Pair("déclarant informé", "إخبار المبلِّغ"),
    "settled":       Pair("droit du déclarant satisfait", "الاستجابة لحق المبلِّغ"),
    "held":          Pair("conservation ordonnée", "الأمر بالحفظ"),
    "unheld":        Pair("conservation levée", "رفع الحفظ"),
    "joined":        Pair("signalement joint", "ضم تبليغ"),
    "merged":        Pair("fusionné", "الدمج"),
    "split":         Pair("séparé", "الفصل"),
    "moved_in":      Pair("signalement repris ici", "نقل إلى هذا الملف"),
    "moved_out":     Pair("signalement déplacé", "نقل إلى ملف آخر"),
    "duplicate":     Pair("doublon", "تكرار"),
    "earlier":       Pair("dossier antérieur", "ملف سابق"),
    "pulled":        Pair("copie scellée retirée", "سحب نسخة مختومة"),
    "exported":      Pair("exporté", "التصدير"),
    "rewrapped":     Pair("clés renouvelées", "تجديد المفاتيح"),
    "erased":        Pair("effacé", "الحذف"),
    "link_destroyed": Pair("adresse de la fiche détruite", "إتلاف عنوان البطاقة"),
    "restored":      Pair("restauré d’une sauvegarde", "الاستعادة من نسخة احتياطية"),
    "inherited":     Pair("présent à l’ouverture du registre", "موجود عند فتح السجل"),
    "anchored":      Pair("horodaté par un tiers", "ختم زمني من طرف ثالث"),
}
# fmt: on
