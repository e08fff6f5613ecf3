"""
The territory as data: 12 regions, 62 provinces and 13 prefectures, and how people write them.

Sources, column by column. List, regions and French names: decree 2-15-40 of 20 February 2015. Arabic names and kind:
Haut-Commissariat au Plan, census of 2024 (read 2026-09-17; reusable on CC BY 4.0 terms). `checked` names the columns that
a second source confirmed: of the Tifinagh names only those met in print elsewhere, the others wait for a native reader.
Spellings are what people type; they are compared, never shown. A court of appeal stands only where the court itself is
certain [decree 2.23.665]: jurisdiction is set commune by commune, so it is a proposal for the moderator, never a fact.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCES = ("decree 2-15-40, 2015-02-20", "HCP RGPH 2024, read 2026-09-17")  # list and French; Arabic and kind


class Region(NamedTuple):
    """One of the twelve regions; `key` is its official number."""

    key: str
    fr: str
    ar: str
    zgh: str  # Tifinagh, no second source yet; empty where no name is well known
    es: str
    en: str
    spellings: tuple[str, ...] = ()
    checked: frozenset[str] = frozenset({"fr", "ar"})
    sources: tuple[str, ...] = SOURCES


class Province(NamedTuple):
    """A prefecture or a province; `key` never changes once it has shipped."""

    key: str
    region: str
    kind: str  # prefecture, province
    fr: str
    ar: str
    zgh: str = ""  # Tifinagh; empty where no name is well known
    spellings: tuple[str, ...] = ()
    court: str = ""  # court of appeal to propose; empty where not certain
    checked: frozenset[str] = frozenset({"fr", "ar", "kind"})
    sources: tuple[str, ...] = SOURCES


def _r(number: int, fr: str, ar: str, zgh: str, es: str, en: str, spellings: str = "") -> Region:
    return Region(str(number), fr, ar, zgh, es, en, _list(spellings))


def _p(
    key: str, region: int, kind: str, fr: str, ar: str, zgh: str = "", spellings: str = "", court: str = ""
) -> Province:
    """A row; "prefecture" and "province" are spelled by their first letters, a checked Tifinagh name by a final *."""
    columns = {"fr", "ar", "kind"} | ({"zgh"} if zgh.endswith("*") else set())
    kinds = {"pref": "prefecture", "prov": "province"}
    return Province(key, str(region), kinds[kind], fr, ar, zgh.rstrip("*"), _list(spellings), court, frozenset(columns))


def _list(spellings: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in spellings.split(",") if word.strip())


# fmt: off
REGION_ROWS: tuple[Region, ...] = (
    _r(1, "Tanger-Tétouan-Al Hoceïma", "طنجة-تطوان-الحسيمة", "ⵟⴰⵏⵊⴰ-ⵜⵉⵟⵟⴰⵡⵉⵏ-ⵍⵃⵓⵙⵉⵎⴰ", "Tánger-Tetuán-Alhucemas", "Tangier-Tetouan-Al Hoceima",
       "tanger tetouan, tangier tetouan, chamal, الشمال, جهة الشمال"),
    _r(2, "L'Oriental", "الشرق", "", "Oriental", "Oriental",
       "الجهة الشرقية, جهة الشرق, الشرقية, charq, cherq, charkia, eastern region"),
    _r(3, "Fès-Meknès", "فاس-مكناس", "ⴼⴰⵙ-ⵎⴽⵏⴰⵙ", "Fez-Mequinez", "Fez-Meknes"),
    _r(4, "Rabat-Salé-Kénitra", "الرباط-سلا-القنيطرة", "ⵔⵕⴱⴰⵟ-ⵙⵍⴰ-ⵇⵏⵉⵟⵔⴰ", "Rabat-Salé-Kenitra", "Rabat-Sale-Kenitra",
       "rabat salé, الرباط سلا, rabat sla"),
    _r(5, "Béni Mellal-Khénifra", "بني ملال-خنيفرة", "", "Beni Melal-Jenifra", "Beni Mellal-Khenifra"),
    _r(6, "Casablanca-Settat", "الدار البيضاء-سطات", "", "Casablanca-Settat", "Casablanca-Settat",
       "grand casablanca, casa settat, kaza settat, الدار البيضاء الكبرى, البيضاء سطات, كازا سطات"),
    _r(7, "Marrakech-Safi", "مراكش-آسفي", "ⵎⵕⵕⴰⴽⵛ-ⴰⵙⴼⵉ", "Marrakech-Safí", "Marrakesh-Safi"),
    _r(8, "Drâa-Tafilalet", "درعة-تافيلالت", "ⴷⵔⵄⴰ-ⵜⴰⴼⵉⵍⴰⵍⵜ", "Draa-Tafilalet", "Draa-Tafilalet",
       "draa, tafilalet, tafilalt, draa tafilalt, دراع تافيلالت, درعة, تافيلالت"),
    _r(9, "Souss-Massa", "سوس-ماسة", "ⵙⵓⵙ-ⵎⴰⵙⵙⵜ", "Sus-Masa", "Souss-Massa",
       "souss, سوس, ⵙⵓⵙ"),
    _r(10, "Guelmim-Oued Noun", "كلميم-واد نون", "", "Guelmim-Río Noun", "Guelmim-Oued Noun",
       "oued noun, ouad noun, واد نون, كلميم وادي نون"),
    _r(11, "Laâyoune-Sakia El Hamra", "العيون-الساقية الحمراء", "", "El Aaiún-Saguía el Hamra", "Laayoune-Sakia El Hamra",
       "sakia el hamra, saguia el hamra, seguia el hamra, الساقية الحمراء"),
    _r(12, "Dakhla-Oued Ed-Dahab", "الداخلة-وادي الذهب", "", "Dajla-Uad Ed-Dahab", "Dakhla-Oued Ed-Dahab",
       "dakhla oued eddahab"),
)

PROVINCE_ROWS: tuple[Province, ...] = (
    _p("tanger-assilah", 1, "pref", "Tanger-Assilah", "طنجة-أصيلة", "ⵟⴰⵏⵊⴰ",
       "tanger, tangier, tangiers, tanja, tng, طنجة, طانجة, assilah, arcila, arzila, أصيلة"),
    _p("mdiq-fnideq", 1, "pref", "M'diq-Fnideq", "المضيق-الفنيدق", "",
       "mdiq, lmdiq, madiq, rincón, fnideq, lfnideq, castillejos, المضيق, لمضيق, الفنيدق, لفنيدق"),
    _p("tetouan", 1, "prov", "Tétouan", "تطوان", "ⵜⵉⵟⵟⴰⵡⵉⵏ",
       "titwan, tittawin, tetouen, tatouan, تيطوان, تيطاوين", "Tétouan"),
    _p("fahs-anjra", 1, "prov", "Fahs-Anjra", "الفحص-أنجرة", "",
       "fahs, anjra, fahs anjera, anjera, ksar sghir, ksar seghir, tanger med, الفحص, أنجرة, القصر الصغير"),
    _p("larache", 1, "prov", "Larache", "العرائش", "", "el araich, laraich, l3rayech, 3rayech, لعرايش"),
    _p("al-hoceima", 1, "prov", "Al Hoceïma", "الحسيمة", "ⵍⵃⵓⵙⵉⵎⴰ",
       "lhoceima, lhousima, el houceima, alhucemas, alhoceima, لحسيمة, الحوسيمة"),
    _p("chefchaouen", 1, "prov", "Chefchaouen", "شفشاون", "ⴰⵛⵛⴰⵡⵏ",
       "chaouen, chawn, chefchaoun, xauen, achawen, الشاون, أشاون"),
    _p("ouazzane", 1, "prov", "Ouazzane", "وزان", "ⵡⴰⵣⵣⴰⵏ", "ouezzane, وازان"),
    _p("oujda-angad", 2, "pref", "Oujda-Angad", "وجدة-أنجاد", "ⵡⴰⵊⴷⴰ*",
       "oujda, wejda, wajda, angad, وجدة, وجدة أنكاد", "Oujda"),
    _p("nador", 2, "prov", "Nador", "الناضور", "ⵏⵏⴰⴹⵓⵔ*", "nadour, ennador, annador"),
    _p("driouch", 2, "prov", "Driouch", "الدريوش", "", "ⴷⵔⵉⵡⵛ, drioche, driwech, eddriouch"),
    _p("jerada", 2, "prov", "Jerada", "جرادة", "ⵊⵔⴰⴷⴰ*", "jrada"),
    _p("berkane", 2, "prov", "Berkane", "بركان", "ⴱⵔⴽⴰⵏ*", "barkan, abarkan, bourkane, أبركان"),
    _p("taourirt", 2, "prov", "Taourirt", "تاوريرت", "ⵜⴰⵡⵔⵉⵔⵜ", "taourert, tourirt, توريرت"),
    _p("guercif", 2, "prov", "Guercif", "جرسيف", "ⴳⵔⵙⵉⴼ", "gercif, garsif, jercif, كرسيف"),
    _p("figuig", 2, "prov", "Figuig", "فجيج", "",
       "ⴼⵉⵢⵢⵉⵢ, figig, figuigue, fguig, fgig, fijij, bouarfa, فكيك, فيكيك, بوعرفة"),
    _p("fes", 3, "pref", "Fès", "فاس", "ⴼⴰⵙ*", "fas, fez, fès médina", "Fès"),
    _p("meknes", 3, "pref", "Meknès", "مكناس", "ⵎⴽⵏⴰⵙ*",
       "meknas, maknas, mknas, mequinez, meknez, amknas, مكناسة", "Meknès"),
    _p("el-hajeb", 3, "prov", "El Hajeb", "الحاجب", "", "lhajeb, alhajeb, hajib, لحاجب"),
    _p("ifrane", 3, "prov", "Ifrane", "إفران", "ⵉⴼⵔⴰⵏ*", "يفرن, إيفران"),
    _p("moulay-yacoub", 3, "prov", "Moulay Yacoub", "مولاي يعقوب", "", "my yacoub, mly yacoub"),
    _p("sefrou", 3, "prov", "Sefrou", "صفرو", "", "ⵚⴼⵕⵓ, sefro, safrou, sfrou, صفروا"),
    _p("boulemane", 3, "prov", "Boulemane", "بولمان", "ⴱⵓⵍⵎⴰⵏ", "boulmane, missour, ميسور"),
    _p("taounate", 3, "prov", "Taounate", "تاونات", "ⵜⴰⵡⵏⴰⵜ", "taownat, توانات"),
    _p("taza", 3, "prov", "Taza", "تازة", "ⵜⴰⵣⴰ", "taza haut"),
    _p("rabat", 4, "pref", "Rabat", "الرباط", "ⵔⵕⴱⴰⵟ", "rbat, errabat, rribat, arribat, rbt", "Rabat"),
    _p("sale", 4, "pref", "Salé", "سلا", "ⵙⵍⴰ", "sla, sala, salé médina, sala al jadida, سلى, سلا الجديدة"),
    _p("skhirat-temara", 4, "pref", "Skhirat-Témara", "الصخيرات-تمارة", "",
       "skhirat, temara, tmara, sokhirat, تمارة, الصخيرات, تامسنا"),
    _p("kenitra", 4, "prov", "Kénitra", "القنيطرة", "ⵇⵏⵉⵟⵔⴰ",
       "qnitra, l9nitra, kinitra, kénitra ville, port lyautey, لقنيطرة", "Kénitra"),
    _p("khemisset", 4, "prov", "Khémisset", "الخميسات", "", "khmissat, khemissat, lkhmissat, khmisset, لخميسات"),
    _p("sidi-kacem", 4, "prov", "Sidi Kacem", "سيدي قاسم", "", "sidi qassim, petitjean, سيدي قاسيم"),
    _p("sidi-slimane", 4, "prov", "Sidi Slimane", "سيدي سليمان", "",
       "sidi slimen, sidi soulaimane, sidi slimane gharb, سيدي سلمان"),
    _p("beni-mellal", 5, "prov", "Béni Mellal", "بني ملال", "ⴰⵢⵜ ⵎⵍⵍⴰⵍ",
       "bni mellal, beni mallal, ayt mellal, bani mellal, بن ملال"),
    _p("azilal", 5, "prov", "Azilal", "أزيلال", "ⴰⵣⵉⵍⴰⵍ", "ازلال"),
    _p("fquih-ben-salah", 5, "prov", "Fquih Ben Salah", "الفقيه بن صالح", "",
       "fqih ben saleh, lf9ih ben saleh, fqih bnsaleh, fquih, لفقيه بن صالح, الفقيه"),
    _p("khenifra", 5, "prov", "Khénifra", "خنيفرة", "ⵅⵏⵉⴼⵕⴰ", "khnifra, khanifra, jenifra, khenifera"),
    _p("khouribga", 5, "prov", "Khouribga", "خريبكة", "",
       "khribga, khouribka, kouribga, khoribga, خوريبكة, ouad zem, وادي زم, واد زم"),
    _p("casablanca", 6, "pref", "Casablanca", "الدار البيضاء", "ⴰⵏⴼⴰ*",
       "casa, kaza, kazablanca, dar lbida, dar beida, dar el bayda, eddar elbeida, dar elbida, dar bida, anfa"
       ", الدارالبيضاء, البيضاء, كازا, كازابلانكا, كازبلانكا, كزا, أنفا", "Casablanca"),
    _p("mohammedia", 6, "pref", "Mohammédia", "المحمدية", "",
       "ⴼⴹⴰⵍⴰ, mohammadia, mhamdia, muhammadia, mohmadia, lmohammedia, lmo7amadia, lm7amdia, fedala, fdala"
       ", لمحمدية, فضالة"),
    _p("el-jadida", 6, "prov", "El Jadida", "الجديدة", "",
       "jdida, ljadida, ljdida, eljadida, al yadida, mazagan, لجديدة"),
    _p("nouaceur", 6, "prov", "Nouaceur", "النواصر", "", "nwacer, ennouaceur"),
    _p("mediouna", 6, "prov", "Médiouna", "مديونة", "", "madiouna, mdiouna, mediona"),
    _p("benslimane", 6, "prov", "Benslimane", "بنسليمان", "", "benslimen, بنسلمان"),
    _p("berrechid", 6, "prov", "Berrechid", "برشيد", "", "berchid, barrechid, bir rchid, brchid, بير رشيد"),
    _p("settat", 6, "prov", "Settat", "سطات", "", "ⵙⵟⵟⴰⵜ, stat, satat"),
    _p("sidi-bennour", 6, "prov", "Sidi Bennour", "سيدي بنور", "", "sidi bnour, sidi banour, سيدي بينور"),
    _p("marrakech", 7, "pref", "Marrakech", "مراكش", "ⵎⵕⵕⴰⴽⵛ*",
       "marrakch, mrakch, merrakech, morakoch, kech, kch, amourakouch, ⴰⵎⵓⵔⴰⴽⵓⵛ, مراكوش, مركش", "Marrakech"),
    _p("chichaoua", 7, "prov", "Chichaoua", "شيشاوة", "", "ⵛⵉⵛⴰⵡⴰ, chichaou, شيشوة, إمنتانوت"),
    _p("al-haouz", 7, "prov", "Al Haouz", "الحوز", "",
       "lhaouz, l7ouz, houz, alhaouz, tahannaout, لحوز, تحناوت, تاحناوت"),
    _p("el-kelaa-des-sraghna", 7, "prov", "El Kelâa des Sraghna", "قلعة السراغنة", "",
       "kelaa, kelaat sraghna, kalaa sraghna, qalaat sraghna, l9el3a, kelaat essraghna, sraghna, 9l3at sraghna"
       ", القلعة, السراغنة, لقلعة"),
    _p("essaouira", 7, "prov", "Essaouira", "الصويرة", "ⵜⴰⵚⵚⵓⵔⵜ",
       "saouira, souira, essouira, mogador, tassourt, موكادور"),
    _p("rehamna", 7, "prov", "Rehamna", "الرحامنة", "",
       "rhamna, errehamna, rehmna, benguerir, bengrir, ابن جرير, بنجرير, بنكرير"),
    _p("safi", 7, "prov", "Safi", "آسفي", "ⴰⵙⴼⵉ*", "asfi, assafi, essafi, سافي"),
    _p("youssoufia", 7, "prov", "Youssoufia", "اليوسفية", "", "youssefia, lyoussoufia, youssfia, ليوسفية"),
    _p("errachidia", 8, "prov", "Errachidia", "الرشيدية", "",
       "ⵉⵎⵜⵖⵔⵏ, rachidia, arrachidia, imteghren, ksar es souk, rachdia, الراشيدية, قصر السوق"),
    _p("ouarzazate", 8, "prov", "Ouarzazate", "ورزازات", "ⵡⴰⵔⵣⴰⵣⴰⵜ", "werzazat, wrzazat, ورززات, وارزازات"),
    _p("midelt", 8, "prov", "Midelt", "ميدلت", "ⵎⵉⴷⵍⵜ", "midlt, aoutat, مدلت, ميدالت"),
    _p("tinghir", 8, "prov", "Tinghir", "تنغير", "ⵜⵉⵏⵖⵉⵔ", "tinrhir, tinerhir, tineghir, tingir, تينغير, تنجير, تنغر"),
    _p("zagora", 8, "prov", "Zagora", "زاكورة", "ⵜⴰⵣⴰⴳⵓⵔⵜ*",
       "zagoura, zakora, zakoura, tazagourt, زكورة, زاغورة, زاجورة"),
    _p("agadir-ida-outanane", 9, "pref", "Agadir Ida-Outanane", "أكادير-إدا وتنان", "ⴰⴳⴰⴷⵉⵔ*",
       "agadir, agader, ida outanane, أكادير, أغادير, أجادير, اغدير, إدا وتنان", "Agadir"),
    _p("inezgane-ait-melloul", 9, "pref", "Inezgane-Aït Melloul", "إنزكان-آيت ملول", "",
       "inezgane, inzgane, inzegane, nezgane, ait melloul, ⵉⵏⵣⴳⴳⴰⵏ, إنزكان, إنزجان, آيت ملول, نزكان"),
    _p("chtouka-ait-baha", 9, "prov", "Chtouka-Aït Baha", "اشتوكة-آيت باها", "",
       "chtouka, chtoka, ichtouken, ait baha, biougra, bioukra, biogra, شتوكة, اشتوكة, اشتوكن, آيت باها"
       ", شتوكة آيت باها, بيوكرى, بيوكرا"),
    _p("taroudannt", 9, "prov", "Taroudannt", "تارودانت", "ⵜⴰⵔⵓⴷⴰⵏⵜ",
       "taroudent, taroudan, tarodant, تارودنت, ترودانت"),
    _p("tiznit", 9, "prov", "Tiznit", "تيزنيت", "ⵜⵉⵣⵏⵉⵜ", "tezneet, teznit, تزنيت"),
    _p("tata", 9, "prov", "Tata", "طاطا", "ⵟⴰⵟⴰ"),
    _p("guelmim", 10, "prov", "Guelmim", "كلميم", "ⴰⴳⵯⵍⵎⵉⵎ",
       "goulimine, goulmim, gelmim, gulimim, glmim, golmim, كليميم, جلميم, كولميم"),
    _p("assa-zag", 10, "prov", "Assa-Zag", "آسا-الزاك", "", "assa, zag, assa ezzag, آسا, الزاك"),
    _p("tan-tan", 10, "prov", "Tan-Tan", "طانطان", "ⵟⴰⵏⵟⴰⵏ", "tane tane, tan tane, طنطان"),
    _p("sidi-ifni", 10, "prov", "Sidi Ifni", "سيدي إفني", "", "ifni, sidi efni, سيدي يفني, إفني, سيدي ايفني"),
    _p("laayoune", 11, "prov", "Laâyoune", "العيون", "", "lay3oun, el aaiun, لعيون", "Laâyoune"),
    _p("boujdour", 11, "prov", "Boujdour", "بوجدور", "ⴱⵓⵊⴷⵓⵔ*",
       "bojador, boujdor, boujedour, cabo bojador, بوجدر, بجدور"),
    _p("tarfaya", 11, "prov", "Tarfaya", "طرفاية", "", "terfaya, cape juby, cabo juby, villa bens"),
    _p("es-semara", 11, "prov", "Es-Semara", "السمارة", "", "smara, essmara, essemara, assamara, lsmara, لسمارة"),
    _p("oued-ed-dahab", 12, "prov", "Oued Ed-Dahab", "وادي الذهب", "",
       "dakhla, eddakhla, dajla, oued eddahab, ouad dahab, wadi dahab, wed dhab, villa cisneros, الداخلة"
       ", واد الذهب", "Dakhla"),
    _p("aousserd", 12, "prov", "Aousserd", "أوسرد", "", "ausert, awsard, ousserd, اوسارد"),
)
# fmt: on
