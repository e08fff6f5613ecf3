"""
Lists of words that the signs of danger are made of, and what people say every day that is none (glossary, section 4).

Each list is read as one set of alternatives in all our languages together: people mix them within a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# fmt: off
LISTS: Mapping[str, str] = MappingProxyType({
    # Said with a smile, of a game or of one's nerves: a killing that is none.
    "joking": """
        lol|mdr|ptdr|lmao|rofl|xd|haha|hahaha|hahahaha|jaja|jajaja|jajajaja|ههه|😂|🤣|rire|laughing|laugh|laughed|risa|risas|reir
        blague|rigole|rigoler|joke|joking|kidding|broma|bromeando|game|games|gaming|au jeu|du jeu|jeu video|juego|juegos|videojuego
        fortnite|pubg|free fire|freefire|minecraft|roblox|gta|fifa|call of duty|chess|echecs|ajedrez|لعبة|اللعبة|ببجي|فري فاير
        bdahk|bda7k|bd7k|bdehk|dahk|d7k|da7k|ضحك|الضحك|بالضحك|blbka|lma3da|م المعدة|المعدة
        """,
    # Following, attacking and threatening that go on in an app only.
    "online": """
        (sur|on|en|in|f|fi|على|في|ف) ((l|le|la|my|mon|mi|لـ) )?(insta|instagram|ig|tiktok|facebook|fb|face|twitter|x|snap|snapchat|youtube|twitch|linkedin|threads)
        ((على|في|ف|فال) )?(انستغرام|الانستغرام|انستا|الانستا|تيكتوك|التيكتوك|تيك توك|فيسبوك|الفيسبوك|فايسبوك|الفايسبوك|تويتر|يوتيوب|سناب|السناب)
        les reseaux|reseaux sociaux|social media|redes sociales|comments|commentaires|comentarios|التعليقات|abonne|abonnes|followers|follower|seguidores|seguidor|المتابعين
        """,
    "weapon": """
        arme|armes|arme a feu|fusil|couteau|couteaux|pistolet|revolver|machette|sabre|(une|la|sa) hache|kalachnikov|arma|armas|pistola|pistolas|cuchillo|cuchillos|navaja|escopeta
        gun|guns|handgun|knife|knives|weapon|weapons|pistol|rifle|machete|(ال|ب|بال)?(سلاح|مسدس|سكين|موس|سيف|جنوي|ساطور|شاقور|كلاشينكوف|فردي|سيوف|سيوفة|سيوفا)|اسلحة|بندقية|سكاكين|سكينا|مسدسا|سلاحا
        (b|l|bl)?(sla7|slah|mous|mus|sif|siouf|syouf|sayf|jnwi|jenwi|janwi|frdi|chaqour|cha9our)|ⴰⴽⵔⵔⴰⴷ|ⴰⵊⵏⵡⵉ|akrrad|ajnwi|ⵍⵎⵓⵙ
        """,
    # Someone uses or threatens violence.
    "violence": """
        menace|menaces|menacer|menacent|menacait|menaçant|tuer|frapper|poignarder|poignarde|égorger|braque|braquer|agresser|agresse|agressé|agressent|attaquer|attaque|attaquent|me frappe|me bat|violent
        threat|threats|threaten|threatens|threatened|threatening|kill|stab|stabbed|shoot|pointed|pointing|pulled|attack|attacked|hurt|hits me|beats me|violent
        amenaza|amenazan|amenazas|amenazó|amenazado|amenazada|amenazando|amenazar|amenazaron|matar|matarme|apunta|apuntó|apuntando|ataca|atacar|me pega|violento
        (ي|كي|ت|كت)?(هدد|هددني|هددنا|هددها|هددو|هددوا|هددوني|هددونا)|تهديد|التهديد|بالقتل|قتل|يقتل|يقتلني|قتله|قتلها|نقتلك|اقتلك|يذبح|هاجم|هاجمني|يضربني|كيضربني|يضرب|كيضرب|ضربني|عنيف|هاز|هازين|شاد|جبد|جابد|رافع|يحمل
        <threatens_me>|kayhdd|kayhded|kayhadad|hded|hdd|l9tl|bl9tl|y9tl|y9tlni|haz|hazz|hazin|jbd|jbed|rafe3|kaydrb|kaydrbni|kayderbni|ⴰⵙⴷⵉⴷⴷⵉ|ⴰⵙⵉⴽⵚⴹ|asdiddi|asiksd
        """,
    "threatens_me": """
        (me|nous) (menace|menacent|menaçait|menaçaient)|(m|nous) (a|as|ont|avait) (menacé|menacée|menacés)|threaten(s|ed|ing)? (me|us)|(is|are|was|were|being) threatening (me|us|my)
        me (amenaza|amenazan|amenazó|amenazaron)|(me|nos) (está|están|estaba|ha|han) (amenazando|amenazado)|(ي|كي|ت|كت|بي)هدد(ني|وني|ونني|نا|ونا)|هدد(ني|وني|تني|نا|ونا)
        (ka|ta|k|t)?(y|i)(h|8)(a|e)?(d|ded|dad|did)(ni|ny|oni|ouni|uni|na|ona|ouna)|m?(h|8)a?d(e|a)d(ni|oni|ouni|uni|na)|m(h|8)a?dni|(م|مه|كت|تي)هدد(ني|وني|اني)
        """,
    "fear": """
        (j ai|ai|avons) ((tellement|vraiment|tres|trop|si) )?peur|(suis|sommes) (terrifiée|terrifié|effrayée|effrayé)|(am|im|m|are|re) ((so|very|really|too) )?(scared|afraid|terrified|frightened)
        (tengo|tenemos) ((mucho|tanto) )?miedo|estoy (muy )?(asustado|asustada|aterrado|aterrada)|خائف|خائفة|خائفين|خايف|خايفة|خايفين|مرعوب|مرعوبة|كنخاف|خلعة|الخلعة|مخلوع|مخلوعة|اخاف|أنا خفت
        (kh|5|x)a(y|i)e?f|(kh|5|x)ayfa|(kh|5|x)ayfin|kan(kh|5)af|m(kh|5)lo?u?3a?|l?(kh|5)l3a|ⵜⵉⴽⵚⵚⴰⴹ|ⵜⵓⴳⴳⴷⴰ|tiksad|tiksaḍ|tuggda
        """,
    "child": """
        enfant|enfants|bébé|fillette|gamin|gamine|mineur|mineure|mineurs|mineures|petite fille|petit garçon|ma fille|mon fils|ma petite soeur|mon petit frère|child|children|kid|kids|baby|toddler|little girl|little boy|my son|my daughter|minor|minors|underage
        niño|niña|niños|niñas|bebé|menor|menores|mi hijo|mi hija|(ال|ل|لل)?(طفل|طفلة|اطفال|قاصر|قاصرة|قاصرين|رضيع|رضيعة)|ابني|ابنتي|ابنائي|اطفالي|ولدي|ولادي|بنتي|بناتي|وليدي|(ال)?(دري|درية|دراري|دري صغير)
        drari|derri|dri sghir|dri|lwlad|wldi|weldi|wladi|bnti|benti|bnati|wlidi|bnita|tfl|tifl|9asir|9asira|ⴰⵔⴱⴰ|ⵜⴰⵔⴱⴰⵜ|ⵓⵎⵥⵉⵢ|arba|tarbat|umziy|umẓiy
        """,
    # What is done to a child, and what a child is in.
    "harm": """
        en danger|enlevé|enlevée|enlevés|enlèvement|kidnappé|kidnappée|kidnapping|séquestré|séquestrée|violé|violée|violés|frappé|frappée|battu|battue|battus|torturé|torturée|maltraité|maltraitée|est abusée?|été abusée?|sont abusés|disparu|disparue
        in danger|kidnapped|kidnapping|abducted|abduction|raped|molested|being abused|is abused|beaten|tortured|missing|trafficked|trafficking|groomed|grooming|en peligro|secuestro|secuestrado|secuestrada|secuestraron|secuestrar|violado|violada|violaron|maltratado|maltratada|golpeado|golpeada|torturado|desaparecido|desaparecida
        في خطر|(ال)?(اختطاف|خطف|اغتصاب|تعذيب)|اختطف|اختطفوا|اختطفوه|اختطفوها|مخطوف|مخطوفة|يعذب|يعذبون|اغتصب|اغتصبوا|اغتصبها|مختف|مختفي|مختفية|مفقود|مفقودة|خطفو|خطفوا|خطفوه|خطفوها|خطفات|تخطف|تخطفات|خطفني|غتصبو|غتصبها|غتصبوها|تغتصب|تغتصبات|كيعذبو|كيعذبوه
        (f|fi) l?(khatar|5atar|khtar)|(kh|5)(t|ta)f(o|ou|u|ouh|oh|oha|ouha|at|na)?|t(kh|5)t(e)?f(at)?|m(kh|5)to?u?fa?|(tr|r|t)?ghtasb(o|ou|oh|oha|ouha|ha|at|na)?|t?ghtasbat|l?i?ghtisab|ⵉⵎⵉⵣⵉ|imizi|ⴰⵙⵙⴰⵢ|assay|ⵜⵉⵣⴱⵉ|tizbi
        """,
    # Someone of flesh and blood: a noun that also names a kind of content counts only beside one of these.
    "person": """
        je|j|me|m|moi|mon|ma|mes|nous|suis|il|elle|ils|elles|victime|fille|fils|soeur|frère|amie|ami|mère|père|cousine|cousin|voisin|voisine|femme|mari|épouse|elève
        i|my|mine|our|he|she|they|him|her|victim|daughter|son|sister|brother|friend|mother|father|cousin|neighbour|neighbor|wife|husband|girl|boy
        yo|mi|mis|soy|fui|sufro|sufrí|estoy|víctima|hija|hijo|hermana|hermano|amiga|amigo|madre|padre|prima|vecina|vecino|niña|niño|mujer|chica
        أنا|انني|اني|لي|ليا|عليا|علي|مني|مع|ضحية|اتعرض|تعرضت|تعرض|يتعرض|يتعرضون|تتعرض|كنتعرض|كيتعرض|(ا|ال)?(بنتي|ختي|خويا|خوتي|صاحبي|صاحبتي|جارتي|مراتي|راجلي)|ابني|ابنتي|اختي|اخي|امي|ابي|صديقي|صديقتي|زوجتي|زوجي|ولدي|فتاة|طفلة|طفل|قاصر|امرأة|راني|هو|هي|شي واحد
        ana|liya|lia|3liya|3lia|mni|mno|m3aya|khti|khoya|sa7bi|sa7bti|sahbi|sahbti|bnti|wldi|mrati|rajli|dyali|rani|chi wa7d|chi wahd|wa7d|t3rdt|kant3rd|t3redt|ⵏⴽⴽ|ⵏⴽⴽⵉⵏ|ⵉⵢⵉ|ⵉⵏⵓ|ⵔⵉⵖ|ⵓⵍⵜⵎⴰ|ⴳⵎⴰ|nkk|nkki|nkkin|nekk|iyi|inu|righ|ultma|gma|illi|iwi
        """,
    "thing": """
        téléphone|telefon|tilifon|tilifoun|portable|phone|móvil|tomobil|moto|sac|هاتف|هاتفي|الهاتف|تيليفون|التيليفون|تليفون|الطوموبيل|طوموبيل|سيارتي|السيارة|الموطور
        """,
    "their_place": """
        (chez moi|chez nous|ma porte|ma maison|mon immeuble|notre porte|notre maison|mon travail|mon lycée|my house|my home|my door|my window|my flat|my apartment|my building|my school|my work|our house|our home|our door|mi casa|mi puerta|nuestra casa|mi trabajo|mi escuela|mi portal)
        """,
    "pictures": """
        photo|photos|foto|fotos|vidéo|vidéos|vídeos|image|images|imágenes|nude|nudes|selfie|selfies|intime|intimes|sextape|pic|pics|picture|pictures|naked|desnudo|desnuda|desnudos|desnudas|íntimas|íntimos
        (ال|ب|بال|ل|لل)?(صور|تصاور|تصاوير|تصويرة|فيديو|فيديوهات|صورة|مقطع|مقاطع)|ب?(صوري|صورتي|صورها|صوره|صورنا|تصاوري|تصويرتي|تصاورها|فيديوهاتي)
        <mine>|tsawr|tsawer|tsawar|tswira|swr|vedio|ⵜⴰⵡⵍⴰⴼⵜ|ⵜⵉⵡⵍⴰⴼⵉⵏ|tawlaft|tiwlafin
        """,
    # Pictures of the one who writes, or of someone dear: what a blackmailer holds.
    "mine": """
        (mes|ma|mon|nos|notre|ses|sa|leurs) ((propres|vieilles) )?(photos|photo|vidéos|vidéo|images|image|nudes|nude|selfies|sextape)|(photos|vidéos|images|vidéo|photo) (intimes|intime|de moi|de nous|nues|nue|nu|dénudées|privées|compromettantes|de ma fille|de ma soeur)
        (my|our|her|his) ((private|intimate|naked|nude|personal|old|sex) )?(photos|photo|pictures|picture|pics|pic|nudes|nude|videos|video|images)|(pictures|photos|videos|video|pics) of (me|us|my)|nudes|sextape|sex tape
        (mis|mi|sus|nuestras) (fotos|foto|vídeos|vídeo|imágenes|nudes)|(fotos|vídeos|vídeo|imágenes) (mías|mía|íntimas|íntimos|desnuda|desnudo|de mi)|ب?(صوري|صورتي|صورنا|تصاوري|تصويرتي|تصاورها|فيديوهاتي)|ب?(الصور|صور|تصاور|تصاوير|التصاور|التصاوير|فيديو|الفيديو|فيديوهات) (ديالي|دياولي|ديالها|ديالنا|تاعي|خاصة بي|الخاصة بي|لي|فاضحة|عارية|حميمية|حميمة)|صور(ها|ه)
        (b|f|l)?(tsawri|tsawr dyali|tsawer dyali|tsawar dyali|tsawrha|tswirti|swri|swari)|(les|b les|b) ?(photo|photos|video|videos|tof|tofs) (dyali|dyaliya|dyalha|dyalna|dyawli)|(l|l )?(video|vedio|vidio) (dyali|dyalha|fiha ana|fih ana)|(ⵜⵉⵡⵍⴰⴼⵉⵏ|ⵜⴰⵡⵍⴰⴼⵜ) ⵉⵏⵓ|(tiwlafin|tawlaft) inu
        """,
    "publish": """
        publier|publiera|publieront|publie|diffuser|diffuse|diffusera|partager|poster|balancer|divulguer|afficher|envoyer|enverra|envoie|montrer|publish|post|leak|release|share|expose|upload|send|show|publicar|publica|publicará|publicarán|difundir|subir|compartir|enviar|mandar|filtrar
        (ي|ت|ن|س|سي|غادي ي|غي|ب)?(نشر|نشرها|نشرهم|نشروا|نشرو|فضح|فضحني|فضحوني)|نشر|بنشر|النشر|ينشرو|ينشر|ينزل|ينزلو|ينزلهم|يصيفط|يصيفطهم|يرسل|يرسلها|سيرسل|سيرسلها|فضيحة|بالفضيحة|يحطهم|يحط
        (y|i|ye|n|ghay|ghadi y)?(nchr|nechr|ncher|nchor|nachr|nacher|nchro|ncherhom|nchrhom|nchrha|hbt|hbthom|nzl|nzlhom|nezzel|fd7ni|fde7ni|fda7ni|fdhni|fdehni|sift|sifet|sayfet|siftha|sifthom|chouhni|chowhni|partagi|partager|publie|publier)|chouha|lfdi7a|lfdiha|fdi7a
        """,
    "demand": """
        menace|menacent|sinon|si je ne|si je paye pas|si je paie pas|si on ne|threat|threatens|threatened|threatening|threaten|or else|otherwise|unless i|if i don t|if i dont|if i do not
        amenaza|amenazan|amenazó|amenazando|amenazado|si no|sino|a menos que|يهدد|يهددون|اذا لم|ان لم|الا اذا|وإلا|ولا
        <threatens_me>|ila ma|ila makhlst|ila ma khlst|wla|wella|ola
        """,
    "wants_money": """
        (demande|demandent|réclame|exige|exigent|veut|veulent|asks|asking|wants|want|demands|demanding|pide|piden|exige|quiere|quieren|يطلب|طلب|طلبوا|كيطلب|كيطلبو|طلبات|تطلب|باغي|باغيين|بغا|بغات|بغاو|kaytlb|kaytleb|kaytlbo|bgha|bghat|bghaw|baghi|baghin|3tini|عطيني|sift liya) ... <cash>
        مقابل عدم نشر|pay me|pay or|paga o|(le|les|lui|leur|him|her) (donne|paie|paye|pay) ... <cash>
        """,
    "cash": """
        argent|dirham|dirhams|dh|dhs|euro|euros|eur|dollar|dollars|usd|money|cash|bitcoin|btc|usdt|crypto|dinero|pesos|bizum|virement|virements|transferencia|recharge|recharges|western union|moneygram|wafacash|cash plus|cashplus|paypal|gift card|gift cards|savings|économies|ahorros
        (ال|لل|ب|بال)?(فلوس|مال|اموال|نقود|دراهم|مبلغ|تحويل)|فلوسي|مالي|اموالي|درهم|دولار|أورو|يورو|ريال|مليون|(l|b|bl)?(flous|flos|flus|drahm|drahem|dirham)|flousi|flosi|flusi|ⵉⴷⵔⵉⵎⵏ|ⵉⵇⴰⵔⵉⴹⵏ|idrimn|idrimen|iqaridn|iqariden
        """,
    "pay": """
        <cash>|payer|paye|paie|payes|pay|pays|paid|pagar|pague|pago|ندفع|يدفع|ادفع|دفع|الدفع|نخلص|خلص|تخلص|nkhls|nkhles|khls|khles|nkhelles|tkhls
        """,
    "after_fear": """
        frappe|frapper|frappait|(pour|perdre) (ma|sa|notre) vie|mourir|mon adresse|où j habite|me suit|following|follows|my life|my address|where i live|hit me|hits me|por mi vida|mi vida|dónde vivo|me sigue|persigue
        حياتي|عنواني|عنوان داري|فين ساكن|فين ساكنة|تابعني|كيتبعني|يتبعني|يلاحقني|واقف|7yati|hyati|fin sakn|fin sakna|tab3ni|kaytb3ni|kaytbe3ni|wa9f|ⵜⵉⵏⵖⵉ|tinghi
        """,
    "bomb": """
        bombe|bombes|explosif|explosifs|bomb|bombs|bomba|bombas|explosivos|(ال|ب|بال)?(قنبلة|قنبولة|قنابل|متفجرات)|عبوة ناسفة|حزام ناسف|l?(9|q)(o|ou|u|e|a)?nb(o|ou|u)l(a|at)|mtfjirat|motafajirat|ⵜⴰⵏⴼⴹⵜ|tanfdt|tanfḍt
        """,
    "plants": """
        hna kayna|هناك|كاين|كاينة|توجد|يوجد|زرع|زرعوا|وضع|وضعوا|يضع|سيضع|حط|حطو|داير|دار|دارو|صنع|صناعة|يصنع|لصنع|كيصنع|كيصايب|تهديد|يهدد|ستنفجر|تنفجر|غادي تفرقع|سينفجر|مخبأة|معه|معاه|هاز|سيارة مفخخة
        kayn|kayna|dar|daro|7t|7at|hat|hatt|7atto|7tin|ghadi ytfrg3|ghadi tfrg3|tfrg3|ytfrg3|tfrgi3|ghadi tnfajr|nfijar|infijar|haz|haza|kaysayb|kaysaweb|ysayb|kayhdd|hdd|ⵜⵍⵍⴰ|ⵉⵍⵍⴰ|ⵍⵍⴰⵏ|tlla|illa|llan|tella
        """,
    # Threats with a court or a moderator are no danger to anyone's body.
    "court": """
        plainte|tribunal|avocat|avocats|justice|procès|huissier|licenciement|licencier|supprimer|bloquer|signaler|sue|court|lawyer|lawsuit|police|report me|delete|ban|denuncia|denunciar|denunciarme|abogado|juicio|borrar|bloquear
        (ال|بال|ل|لل)?محكمة|شكاية|بشكاية|محامي|محام|القضاء|بالقضاء|بحذف|حذف|lma7kama|mahkama|lmahkama|chikaya|bchikaya|mo7ami
        """,
    "bank": """
        bancaire|banque|carte|carte bancaire|bank|card|credit|debit|savings|banco|bancaria|tarjeta|بنك|البنك|البنكي|بنكي|البنكية|البطاقة|بطاقتي|لاكارت|الكارت|lbanka|banka|la carte|lacarte|lakart|carta
        """,
    # An account that is a profile, and not money.
    "profile": """
        compte (insta|instagram|facebook|fb|snap|snapchat|tiktok|twitter|youtube|gmail|telegram|whatsapp|de jeu)|(insta|instagram|facebook|fb|snap|tiktok|twitter|gmail|game|whatsapp|telegram) account|cuenta de (instagram|facebook|tiktok|twitter|whatsapp|telegram|correo)
        حسابي|حساب|صفحتي|صوري|صورتي|صور|تصاوري|مقالي|فيديو|فيديوهات|افكاري|محتوى|حقوق|<online>|insta|instagram|facebook|fb|tiktok|photo|photos|video|videos|idée|idées|logo|texte|article
        """,
})

# Said every day, and nobody is in danger: taken out before anything is looked for.
HARMLESS = """
    (pas|jamais) ((une|de la|un) )?(blague|jeu|plaisanterie)|(not|no|isn t) (a )?(joke|joking|kidding|game)|no es (una |un )?(broma|juego)|(ماشي|ليس|ليست|موش) (ال)?(ضحك|لعبة|مزحة|لعب)|(machi|mashi) (d7k|dahk|da7k|l3ba|la3b)
    (pas|plus|jamais|aucunement) en danger|not in (any )?danger|no longer in danger|no (estoy|estamos|está|es|hay) (en )?peligro|ليس في خطر|لست في خطر|(espèce|espèces|animaux|langue|langues|planète) en danger
    in danger of (losing|being|getting|missing)|en peligro de (extinción|perder)|especies en peligro|vie privée|private life|vida privada|mort de (rire|fatigue|faim|honte|trouille|peur)|mourir de (rire|honte|faim|chaud|froid|soif|curiosité|jalousie|envie|ennui|trouille)
    (me )?(muero|morir|morirme|matar|mata|moría|morirse) de (la )?(risa|vergüenza|hambre|sed|sueño|calor|frío|aburrimiento|ganas|envidia|amor)|(die|dying|died|dead) (of|from) (laughter|laughing|embarrassment|shame|boredom|cringe|hunger)|(die|kill myself|killed myself) laughing
    (نموت|اموت|أموت|كنموت|غادي نموت|متت) ((بـ|ب|من|ديال) )?(ال|بال|ب)?(ضحك|دحك|جوع|حشمة|عيا|خجل)|(nmout|nmot|ghanmout|ghanmot|kanmout|mtt|mout) ((b|bl|mn) )?l?(bl|b)?(dahk|d7k|da7k|bka|bkaa|jou3|7chouma|hchouma|3ya)
    attaque (cardiaque|de panique|d angoisse|ad)|attaques (de panique|informatiques)|heart attack|panic attack|ataque (de pánico|de risa|de nervios|al corazón|cardíaco)|نوبة (قلبية|هلع)|ضربة (حرة|جزاء|شمس)|free kick
    (suicide|suicidal) (squad|boys|doors?|prevention|bomber|bombers|bombing|attack)|suicideboys|(this|it|that) (is|was|s|would be) suicide|(political|career|commercial|social) suicide|(suicide|attentat|attentats) (politique|commercial|économique|suicide|suicides|à la pudeur)|c est du suicide|(ataque|atentado|terrorista|escuadrón|suicidio) (suicida|político|comercial)
    (incitation|incite|incitent|inciter|encourage|encouragent|encourager|apologie|promotion|promeut) (au|le|du|les jeunes au|à la? ?) ?suicide|(encourages|encouraging|promotes|promoting|glorifies|glorifying|promote|encourage|inciting|incites) suicide|(incitación|incita|incitar|promueve|apología) (al|el|del) suicidio|(ي|ت)?(تحريض|حرض|شجع|التحريض|التشجيع|الاشادة|يشجع|تشجع|يحرض|تحرض) ((الشباب|الناس|الاطفال|المراهقين) )?((على|ب) )?(ال|بال)?انتحار
    viol de (la|ma|sa|mes|ses|vos|nos|leurs|l|nos|mon|son|notre) ?(privée|données|confidentialité|intimité|intimite|droits?|correspondance|secret|règles|domicile)?|viol (du|des|de) (secret|règles|données|droits?|correspondances?|règlement)|violación (de|del) ((la|mi|su|los|las|mis|sus) )?(privacidad|intimidad|datos|derechos|normas|ley|secreto|copyright|contrato|confidencialidad)
    (rape|rapes) (culture|seed|seeds|oil)|(bath|love|sex|photo|smoke|stink|cherry|glitter) bombs?|bombes? (de bain|sexuelle|de table|à eau|anatomique|de peinture|aérosol)|(la|une|de|es|eres) bomba sexual|(called|calls|calling|call) (me|him|us|her) ((a|an) )?(pedophile|paedophile|rapist|pedo|terrorist|murderer)|(traite|traité|traitée|traitent|traiter|accuse|accusé|accusent|accuser|qualifie|insulté|insulte) (de|d) (pédophile|violeur|terroriste|pédo)|(me|nos|le|lo) (llama|llaman|llamó|acusa|acusan|acusó) (de )?(pederasta|pedófilo|violador|terrorista)
    à l aide (de|d|du|des)|sos (un|una|el|la|mi|muy|tan|vos|médecin|médecins|amitié|villages?|enfants|informatique|voyageurs)|(vos|que|si|no) sos|(primer|primeros|auxilio) (auxilio|auxilios|vial|social|mecánico)|(maría|doña|calle|virgen|nuestra señora) ((del|de) )?(perpetuo )?socorro|شرطة النجدة|رقم النجدة|رجال النجدة|save me (a|an|some|the|time|money|from this)
    hit me (up|on|back)|(it|that|this|ca|cela|ce qui|qui) ((just|really) )?(hit|hits|me frappe|frappe)( me)?|(this|it|that|heat|job|work|homework|exam|exams|traffic|suspense|school|waiting) ((is|s|are|was|really|just|fucking) )?((is|s) )?(going to|gonna|will|ll) kill me|(ca|cela|ce travail|cette chaleur|le travail|le boulot|l attente|le stress|la fatigue) (va|vont) (me|nous|finir par me) (tuer|achever|crever)
    (la chaleur|el calor|el trabajo|el estrés|esto|este calor|este trabajo) me (va|están?|van) a matar|(no )?me pega (el sol|con|la gana)|ضربني (البرد|البراد|الشمش|الشمس|الريح|لبرد)|(drbni|darbni|derbni) (lbrd|lberd|chems|chms|rri7|ri7|lbrad)|جبد (ليا|لي|ليه) الهضرة|(legítima|autodefensa|self) (defensa|defense)
    (سيف|saif|sayf) (الدين|الاسلام|العلي)|pistol(a|et) (à|de) (eau|agua|silicona|colle)|couteau suisse|armes? (blanches|de jeu) en vente|cuchillo de cocina
"""
