"""
The words of danger: Arabic, Darija (both scripts), French, English, Spanish, Tamazight (glossary, section 4).

How a line is read stands in `alarms.py`. A line marked ~ is put together from attested words and waits for a native
reader, as does every first-person sentence in Tamazight.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# fmt: off
SIGNS: Mapping[str, str] = MappingProxyType({
    "suicide": """
        # named, beside a person
        suicide|suicides|suicidal|suicidaire|suicidio|suicida + <person>
        انتحار|الانتحار|للانتحار|بالانتحار|انتحارها|انتحاره|(l|n)?(n|i|in)?ti(7|h)(a|e)?r|l?inti(7|h)ar + <person>
        ⵜⴰⵎⵏⵖⵉⵎⴰⵏⵜ|tamnghimant|tamnɣimant + <person>
        # said in the first person, or of someone
        (me|m|se|te) suicider|(s est|me suis|s etait) (suicidé|suicidée)|commit(ted|ting)? suicide|suicid(arme|arse|arnos|arte)|(me|se) (voy a|va a|quiero|quiere) suicidar|(se suicidó|se ha suicidado)|pensamientos suicidas
        (je|j) (vais|veux|voulais|voudrais|pense|pensais|ai) ((vraiment|à|envie de) )?me (tuer|pendre|jeter sous|jeter du|foutre en l air) unless <joking>
        (vais|veux|voudrais) (sauter|me jeter) (du|d un|sous|par la fenêtre|depuis) unless <joking>|parachute|plongeoir|avion
        (elle|il|fille|fils|soeur|frère|amie|ami|mère) (veut|va|voulait|menace de|a essayé de|parle de) se (tuer|pendre|jeter sous|jeter du|ouvrir les veines) unless <joking>
        (j ai|ai|a|avec) ((vraiment|trop|tellement) )?envie (de|d) (mourir|crever|disparaître pour toujours|en finir) unless <joking>
        (je|elle|il|fille|fils|soeur|frère|amie|ami) (veux|veut|voudrais|voulais|voulait|préfère) ((juste|vraiment|seulement) )?((disparaître|dormir) et )?mourir unless <joking>
        (mettre|mis|mettre un) (fin|terme) à (mes jours|ma vie|ses jours|sa vie)|(veux|vais|voudrais|veut|va) en finir avec ((la|ma|cette) vie|tout|moi)|(veux|veut|envie de) (plus|pas) vivre|(plus|pas) envie de vivre|(pense|penses|songe) ((tout le temps|souvent|parfois|sans cesse|toujours) )?(à mourir|à la mort|à en finir)|plus aucune raison de vivre|m (ouvrir|ouvre|ai ouvert) les veines|me (scarifie|mutile|scarifier|mutiler)
        (veux|voudrais|vais) (juste )?en finir unless en finir avec
        (kill|killing|hang|hanging|harm|harming|hurt|hurting|cut|cutting|shoot|drown) (myself|herself|himself|themselves) unless <joking>
        (i|he|she|they|daughter|son|sister|brother|friend|we) ((just|really|only|m|am) )?(want|wanna|wants|wanted|going|gonna|wish|ready) ((to|i could|i would) )?die unless <joking>
        (end|ending|take|taking|took|ended) (my|her|his|their)( own)? (own )?life|(want|going|gonna|wanna|wants) (to )?end it all|(dont|don t|do not|doesn t) want to (live|be alive|exist)( anymore)?|no reason to live|tired of living|better off dead
        (quiero|quisiera|quiere|deseo|ganas de|prefiero|me quiero) (solo )?(morir|morirme|morirse) unless <joking>
        (me|se) quier(o|e) morir unless <joking>
        (me|se) (voy|va|quiero|quiere) (a )?matar yo|(quiero|voy a|pienso|quisiera) matarme|me (quiero|voy a) matar unless <joking>
        (quitarme|quitarse|quitarte) la vida|acabar con (mi|su) (propia )?vida|terminar con mi vida|(ya )?no quiero (seguir viviendo|vivir)( más)?|sin ganas de vivir|cortarme las venas
        سأنتحر|سوف (أنتحر|ينتحر|تنتحر)|(اريد|أريد|يريد|تريد|انوي|ينوي|تنوي|قررت|قرر|حاولت|حاول|احاول|نريد|افكر|أفكر|تفكر|يفكر|كنفكر|كيفكر|كتفكر) ((ان|أن|في|ف) )?(أنتحر|ينتحر|تنتحر|ننتحر|الانتحار|انتحار|فالانتحار|فالموت|الموت|أموت|ننتاحر) unless <joking>
        (انهاء|أنهي|انهي|سأنهي|ننهي|تنهي|ينهي|وضع حد ل) ?(حياتي|حياتها|حياته)|(اتمنى|أتمنى|كنتمنى) (ان )?(الموت|أموت|نموت)|لا (اريد|أريد|اود) (ان )?(أعيش|العيش|الحياة)|سأقتل نفسي|(اقتل|أقتل|قتل|يقتل|تقتل) (نفسي|نفسه|نفسها)|كرهت حياتي و?(بغيت|اريد)
        ((غادي|بغيت|باغي|باغية|غا|كنفكر|بغات|بغا|ناوي|ناوية) )?(نقتل|غنقتل|تقتل|يقتل|نرمي|نشنق) (راسي|راصي|راسها|راسو)|(غ|غا)(ننتحر|نتحر|ينتحر|تنتحر)|(غادي|بغيت|باغي|باغية|بغا|بغات|ناوي) (ننتحر|نتحر|ينتحر|تنتحر|نتاحر)
        (بغيت|باغي|باغية|كنبغي|بغات|بغا) (غير )?(نموت|تموت|يموت) unless <joking>
        (ما ?بغيتش|ما ?بقيتش باغي|ما ?بقيتش باغية|ما ?باغيش|ما ?بقيتش بغيت) (نعيش|نبقى عايش|نبقا عايشة)
        (n|ghan|ghn|t|y|i|gha n|gha t|gha y)(9|q|k)(t|te|at)(l|el) (ras|rass|rasi|rassi|rasha|raso|rasou) unless <joking>
        (bghit|bghitt|baghi|baghya|kanbghi|bghat|bgha|bghina|kanfkr|kanfker|kantmna|kantmena) (ghir )?(nmout|nmot|nmut|nmoute|tmout|ymout|imout|tmot) unless <joking>
        ((ghadi|ghad|gha|bghit|baghi|baghya|bgha|bghat|nawi|nawya|kanfkr|kanfker|kanfaker) )?(n|y|t|i|ghan|ghn)n?ta(7|h)(e|a)?r|(ghadi|ghad|bghit|baghi|baghya|bgha|bghat|kanfkr|kanfker) (n|y|t|i)t(7|h)(e|a)?r
        (ma ?bghitch|ma ?bghitx|ma ?b9itch (baghi|baghya|bghit)|ma ?baghich) (n3ich|n3ix|nb9a 3aych|nb9a 3aycha)
        # ~
        ⵔⵉⵖ ⴰⴷ ⵎⵎⵜⵖ|(righ|righ|riɣ|riġ) ad (mmtegh|mmtɣ|mmteɣ|mtgh|mmetgh)|ⵔⵉⵖ ⴰⴷ ⵏⵖⵖ ⵉⵅⴼ ⵉⵏⵓ
    """,
    "danger": """
        # a threat to life
        (va|vas|vont|veut|veulent|voulait|voulaient|vient|viennent|viendra|viendront|venir|jure|promet|appelle|appellent|cherche|cherchent|essaie|essaye|essayé|tente|tenté|menace|menacent|menacé|menaçait|allait) ((de|à) )?(me|m|nous|te|vous|la|le|les|l|lui|leur) (tuer|buter|assassiner|égorger|poignarder|étrangler|abattre|frapper|tabasser|défoncer|agresser|violer|enlever|kidnapper|séquestrer|défigurer|vitrioler|faire la peau|trancher la gorge|brûler vif|brûler vive|casser la gueule|tirer dessus|retrouver et (me|nous|te) (tuer|frapper)) unless <joking>
        (va|vont|veut|veulent|menace|menacent|menacé|menaçait|essaie|essaye|tente|jure|essayé) (de )?(tuer|assassiner|égorger|poignarder|frapper|violer|enlever|kidnapper) (ma|mon|mes|sa|son|ses|notre|nos|quelqu un|des gens|des enfants|tout le monde|un enfant|une fille|une femme) unless <joking>
        (je vais|on va|je veux) (te|t|vous|le|la|les) (tuer|buter|égorger|poignarder|crever|massacrer|violer|retrouver et te tuer) unless <joking>
        (menace|menaces|menacer|menacent|menacé|menacée|menacés|menaçait) (de|d) (mort|me tuer|nous tuer|meurtre)|tentative de meurtre
        <threatens_me> unless <pictures>|<publish>|<pay>|<court>|<bank>
        (suis|est|sommes|sont|sentons|sens|mets?|met|mettent) ((vraiment|toujours|encore) )?en ((grave|grand) )?danger|vie ((est|serait) )?en danger|(enfant|enfants|personne|personnes|fille|femme|famille|gens|mineur|mineure|fils|soeur) en danger|en danger (de mort|immédiat)|en péril de mort
        (will|gonna|going to|want to|wants to|wanted to|wanna|threatens? to|threatened to|threatening to|tries to|tried to|trying to|about to|ll|plans to|planning to|coming to) ((fucking|definitely|really) )?(kill|murder|stab|shoot|behead|hurt|beat|rape|kidnap|burn|strangle|attack|find and kill|find (me|us|you|her|him) and (kill|hurt|rape|beat)) (me|us|him|her|them|you|my|someone|somebody|everyone|people|children|kids|a (girl|woman|boy|child|man)|his|your|our) unless <joking>
        (death|murder|rape) threats?|threat(s|en|ens|ened|ening)? (to|on) my life|(threaten|threatens|threatened|threatening) ((me|us|her|him|them) )?with (death|a gun|a knife)
        (she|he|sister|brother|daughter|son|mother|friend|they|i) (was|were|is|got|has been|have been) (kidnapped|abducted|held)|(going to|gonna|will|wants to|plans to|planning to) (shoot up|blow up|burn down|attack) (his|my|our|the|a|this) (school|mosque|church|synagogue|market|station|house|home|family|office|hospital|university|mall|airport)
        (am|im|m|are|re|is|life|family|she|he|they|child|children|kids|daughter|son|sister|mother|s) ((is|are|really|still|now|may be) )?in ((real|serious|grave|great|mortal|immediate) )?danger|(my|her|his|our) lives? ((is|are) )?(in danger|at risk)
        (me|nos|te|la|lo|les) (va|van|vas|quiere|quieren|voy|intentó|intentaron|intenta|podría) (a )?(matar|asesinar|apuñalar|violar|secuestrar|pegar|golpear) unless <joking>
        (va|van|quiere|quieren|amenaza con|amenazan con|amenazó con|intenta|intentó|voy|va a venir|vienen|viene|vendrá) (a )?((matar|violar|secuestrar|pegar|golpear|apuñalar)(me|nos|te|lo|la|le|los|las)|(matar|violar|secuestrar|pegar|golpear|apuñalar) a (mi|mis|su|una|un)) unless <joking>
        amenaz(a|as|an|ado|ada|ados|adas|ar|ó|ando)( (me|con|a mi familia))? de muerte|te (mataré|mato|voy a encontrar)|(intento|tentativa) de (asesinato|homicidio)
        (estoy|estamos|está|están|vida|corro|corremos|corre|familia|hija|hijo|niño|niña|menor|menores|niños) ((está|corre) )?(en )?((grave|mucho) )?peligro|en peligro de muerte
        (سي|سوف ي|راح ي|غي|غادي ي|بغا ي|باغي ي|بغاو ي|باغيين ي|غ ي|غادين ي|غاي|باش ي|غادية ت|غات|كيقول غي|حالف ي)(قتل|قتلو|دبح|ذبح|ذبحو|دبحو|طعن|غتال|غتصب|خطف)(ني|نا|ها|ه|هم|وني|ونا) unless <joking>
        (يريد|يريدون|تريد|ينوي|ينوون|يحاول|يحاولون|حاول|حاولوا|هددني|يهددني) (ان |أن |ب)?(قتل (امي|ابي|اخي|اختي|ابني|ابنتي|عائلتي|اولادي|زوجي|زوجتي)|قتلي|قتلنا|قتلها|قتله|بقتلي|يقتلني|يقتلوني|يقتلنا|يقتلها|ذبحي|اغتصابي|اغتصابها|خطفي|خطف|يخطف|يخطفني|طعني)
        (يقتلني|يقتلوني|يقتلونني|يذبحني|يدبحني) unless <joking>|الفضول|الصمت|الملل|الشوق|الحنين|الصداع|الحب
        (سأ|سوف أ|غا?دي ن|غا?ن|سا|راح أ|غ)(قتل|نقتل|ذبح|ندبح|دبح)(ك|كم|كي|ها|ه) unless <joking>
        <violence> ... (بالقتل|بالموت|بالذبح)|(تهديد|تهديدات|التهديد|تهديده|هدد|يهدد|هددو|كيهدد|هددوا) (لي |ليا )?(بالقتل|بقتلي|بقتل|بالموت|بالذبح|بالتصفية)|(محاولة|حاول) (قتل|اغتيال|اختطاف|اغتصاب)
        (حياتي|حياتنا|حياتها|حياته|عائلتي|اولادي|أسرتي|انا|أنا|نحن|راني|حنا|ابني|ابنتي|امي|ختي|اختي) (راها |راني |هي )?(في|ف) ?(ال)?(خطر|الخطر)|مهدد(ة)? بالقتل
        (ghadi|gadi|ghady|ghad|gha|rah|baghi|baghy|bagha|baghyin|baghin|bgha|bghaw|bghat|ghadyin|ghadin|nawi|7alf|hlf|bach) (y|i|ye|yi|t|e)?(9|q)(t|te|at|to|ta)(l|el|ol)(ni|ny|na|oni|ouni|uni|ona|ha|ou?h|hom)? unless <joking>
        (ghay|ghai|ghi|ghaye|ghat|gha|gay|y|i|ye)(9|q)(t|te|at|to)(l|el)(ni|ny|na|oni|ouni|uni|ona) unless <joking>
        (ghadi|gha|bgha|bghaw|baghi|baghin|baghyin) (y|i|ye)?(9|q)(t|te|at)(l|el)(o|ou|u)? (khoya|khti|mama|baba|wldi|bnti|rajli|mrati|sa7bi|7na|kolchi)|(غادي|بغا|بغاو|باغي|باغيين|غادين) (يقتل|يقتلو|يدبحو|يدبح|يضربو|يضرب|يحرقو|يحرق) (خويا|ختي|امي|مي|ماما|با|بابا|ولدي|بنتي|راجلي|مراتي|صاحبي|الدار|دارنا|عائلتي|عائلتنا)
        ((ghadi|ghad|gha|gadi|wlh|walah|w lah) )?(n|ghan|ghn|gan)(9|q)(t|te|at|to)(l|el)(k|kom|ek|ha|ou|hom) unless <joking>
        (ghadi|gha|bgha|baghi|ghay|gay|bghaw|nawi) ?(y|i|ye|n)?(db7|deb7|dbh|dabe7|debh|dbe7)(ni|na|k|ek|ha|ouni)? unless <joking>
        (<threatens_me>|(h|8)a?d(e|a)d(o|ou|at)?|hdo|kay(h|8)d(e|a)?d) ... (b|bl|bel|(b|bl|bel) l?)(9|q)(t|te|at)l
        (7yati|hyati|hayati|rani|ana|7na|hna|wladi|wldi|bnti|khti|khoya|mama|l3a2ila|3a2ilti|familti|dari) ((rah|raha|rahom) )?(f|fi) ?l?(khatar|khtar|5atar|5tar)
        # ~
        (ⵉⵔⴰ|ⵔⴰⵏ|ⵔⴰⴷ) (ⴰⴷ )?ⵉⵢⵉ (ⵉ)?ⵏⵖⵏ?|(ira|ran|rad) (ad )?iyi i?n(gh|ɣ)n?|(ⴳ|ⴷⵉ|ⴷⴳ|ⵖ) ⵉⵎⵉⵣⵉ|(g|di|deg|gh) imizi
        (ⵜⵉⵏⵖⵉ|tinghi|tinɣi) + (ⴰⵙⴷⵉⴷⴷⵉ|ⴰⵙⵉⴽⵚⴹ|asdiddi|ⵉⵢⵉ|iyi|<person>)
        # followed, waited for
        (me|nous) (poursuit|poursuivent|traque|traquent|guette|guettent|surveille dehors|file en voiture) unless <online>
        (il|elle|ils|elles|on|homme|hommes|type|mec|gars|voiture|inconnu|qui|un|ex|voisin) (me|nous) (suit|suivent|suivait|suivaient) unless <online>
        (suit|suivent|suivie|suivi|suivait) (dans la rue|partout|en voiture|jusqu à|jusque chez moi|depuis (le|la|l|mon)|tous les jours)
        (est|sont|attend|attendent|attends|rôde|rôdent|vient|viennent|venu|venus|venue|planqué|débarque|débarqué|garé|homme|hommes|quelqu un|mec|type|inconnus?|voiture (suspecte|noire|garée)|frappe|frappent|tape) ... (devant|derrière|en bas de|en bas|à) <their_place>
        (is|s|are|re|was|were|keeps|been|man|men|started) (following|stalking|chasing|tracking) (me|us|her|my) unless <online>
        (followed|chased) (me|us) (home|to|in|down|from|everywhere)|(stalks|stalked) (me|us|her) unless <online>
        (is|s|are|he|they|she|man|men|guy|someone|somebody|people|standing|waiting|stands|parked|came) ... (outside|in front of|at) (of )?<their_place>
        me (está|están|estaba|estaban|andan|viene|vienen) (siguiendo|persiguiendo|acechando|vigilando|acosando en la calle|buscando para)|me (persigue|persiguen|acecha|acechan|vigilan) unless <online>
        me (sigue|siguen|siguió|siguieron) (por|hasta|en (la|el) (calle|coche)|a (casa|todas partes|todos lados|mi)|un hombre|una persona|alguien)|(hombre|tipo|alguien|desconocido|coche) me (sigue|siguió) unless <online>
        (está|están|espera|esperan|esperando|hay|hombre|hombres|alguien|vino|vinieron|parado|parados) ... (frente a|fuera de|delante de|en la puerta de|afuera de|debajo de) <their_place>
        (ي|كي|بي|راه ي)(لاحق|طارد|تعقب|تبع)(ني|وني|ونني|نا|ونا|ها) unless <online>|متابع
        تابع(ني|يني|ينني|اني) ... (الزنقة|فالزنقة|الشارع|الطريق|للدار|حتى|الدار|الخدمة|المدرسة|طوموبيل|بالطوموبيل|بالسيارة|فين ما مشيت|فين مامشيت|كل بلاصة)
        (واقف|واقفين|واقفة|ينتظرني|ينتظرونني|كيتسناني|كيتسناوني|جاي|جاو|جا|راه|شي واحد|رجل|شخص|سيارة|كيتسنى) ... (امام|أمام|قدام|حدا|خارج|تحت|فباب|عند باب) (منزلي|بيتي|باب|دار|داري|الدار|دارنا|العمارة|المنزل|البيت|بابنا|المدرسة|الخدمة|الليسي)
        (k|ka|t|ta)(y|i)(t|te|ta)b(3|e3|a3|3o)(ni|ny|oni|ouni|o?uni|na) unless <online>
        ta?b(3|e3|a3)(ni|ini|in|inni) ... (zn9a|zan9a|zen9a|fzn9a|tri9|ftri9|lkhdma|ldar|dar|7ta|hta|tomobil|btomobil|fin mamchit|fin ma mchit|mdrasa|lmdrasa|b lil|blil)
        (wa9f|wa9ef|waqf|wa9fin|kaytsnani|kaytsnawni|kaytsenani|ja|jaw|rah) ((liya|lia|tama|daba) )?(9dam|qdam|7da|hda|9eddam|t7t|f|fbab|bra) (l?dar|l?bab|dari|darna|l3imara|babna|bab (dari|dar|darna|ldar)|l?mdra(s|ss)a|l?khdma)
        ⴰⵔ ⵉⵢⵉ ⵉⵜⵜⴹⴼⴰⵕ|ar iyi (ittdfar|ittḍfaṛ|itdfar|i?ttfar)
        # beaten, attacked
        (il|elle|ils|elles|on|mari|père|frère|ex|copain|mère|voisin|qui|beau père|homme|hommes|oncle|parents|patron|conjoint|compagnon) (me|nous|la|le|les) (frappe|frappent|tabasse|tabassent|étrangle|étranglent|agresse|agressent|attaque|attaquent|torture|torturent|frappait|battait|battent|bat|séquestre|séquestrent|enferme|viole|poignarde) unless <joking>|<online>
        (m|nous|l) (a|ont|avait|as) (frappé|frappée|tabassé|tabassée|agressé|agressée|poignardé|poignardée|étranglée|battue|kidnappé|kidnappée|enlevé|enlevée|séquestrée?|attaqué dans|attaquée dans) unless <joking>|<online>
        (suis|ai été|sommes) (frappée?|battue|tabassée?|agressée?|poignardée?|séquestrée?|kidnappée?|enfermée?)|(retenue?|enfermée?) (contre (mon|son) gré|de force)
        (is|s|are|re|was|were|keeps|started|he|she|they|husband|father|brother|boyfriend|dad|stepfather|stepdad|who|mother|mom|uncle|boss|someone|ex) (beating|beats|beat|hitting|hits|hit|slapped|kicked|punched|punches|choking|chokes|choked|strangled|stabbed|stabbing|raping|attacking|attacks|attacked|hurting|torturing|assaulted|assaulting|kicking|tortures) (me|us|him|her|them|(my|his|her|our) (mother|father|mom|dad|sister|brother|wife|husband|son|daughter|kid|kids|child|children|family|friend|friends|cousin)|people|someone|children|a (child|kid|woman|girl|boy|man)) unless <joking>|<online>
        (is|are|s|re|he|she|they) killing (us|him|her|them|people|my|children|kids|animals) unless <joking>
        (being|i was|am|she was|keep getting) (beaten|attacked|stabbed|assaulted|kidnapped|tortured|strangled)|held hostage unless <joking>|<online>
        (él|ella|ellos|marido|padre|hermano|novio|ex|esposo|que|y|madre|hombre|alguien|vecino|siempre|se) (me|nos|la|lo) (pega|pegan|golpea|golpean|maltrata|ataca|atacan|agrede|agreden|tortura|pegó|golpeó|agredió|atacó|ha pegado|ha golpeado|ha agredido) unless <joking>|<online>
        me (pega|pegan|golpea|golpean|pegó|golpeó|golpearon|pegaron|agredió|agredieron|apuñaló|secuestró|secuestraron|están? (pegando|golpeando|atacando|agrediendo|ahogando))|me atacan (ahora|en la|con)|(estoy|tienen|tiene) secuestrad(o|a) unless <joking>|<online>
        (ي|كي|بي|كت|ت)(ضرب|عذب|خنق|عتدي على|هاجم)(ني|وني|ونني|نا|ها|ونا|ه) unless <joking>|<online>
        (ضرب|طعن|خنق|عذب|خطف|اختطف|هاجم|حبس)(ني|وني|تني|ونا) unless <joking>|<online>
        (يعتدي|يعتدون|اعتدى|اعتدوا|هجم|هجموا|هجمو|تهجم|تهجمو|تعدى|تعداو|كيتعدى|كيتعداو|تعدا) (علي|عليا|علينا|عليها|على (ابني|ابنتي|اختي|امي|ولدي|بنتي|ختي|مي|خويا)) unless <online>
        (تعرضت|اتعرض|تعرضنا|كنتعرض) (للضرب|لاعتداء|للاعتداء|لهجوم|للتعذيب|لمحاولة|للاختطاف|الضرب)|هجوم (الآن|الان|دابا)
        (k|ka|t|ta)(y|i)(d|D)(r|er|ar)b(ni|ny|na|oni|ouni|uni|ha|ona) unless <joking>|<online>
        d(r|er|ar)b(ni|oni|ouni|na|ouna) ((b|bl|bel|f) )?(bmous|mous|bjnwi|jnwi|sla7|daba|zn9a|rasi|wajhi|khoya|rajli|baba) unless <joking>
        (h|8)(j|ej|aj)(m|em|mo|mou|emo|emou) (3la|3liya|3lia|3lina|3liha)|(t3da|t3ada|3tada|t3daw|t3adaw|3tadaw) (3liya|3lia|3lina|3la (khti|bnti|wldi|mi|mama|khoya))
        (ⴰⵔ )?ⵉⵢⵉ (ⵉ)?(ⴽⴽⴰⵜ|ⵓⴽⴽⴰⵜ|ⵜⵜⵓⴽⴽⴰⵜ)|ar iyi (i|y)?u?kkat|(ⵜⵓⴽⵢⴰ|tukya) ... (ⵖⵉⵍⴰ|ⴷⵖⵉ|ghila|dghi|ɣila)
        (breaking|broke|break|trying to break|trying to get|forcing his way) (into|in) (my|our) (house|home|flat|apartment|door)|(entré|entrés|rentré|rentrés|introduit|entrer de force) ((de force|par la fenêtre) )?(chez moi|chez nous|dans ma maison|dans notre maison) (avec|et|sans|cette nuit|ce soir|maintenant)|(entraron|entrado|intentan entrar|intenta entrar) en (mi|nuestra) casa|(دخلو|دخلوا|كيحاولو يدخلو|كيهرسو|هرسو) (عليا |علينا |ليا |لينا )?(للدار|الدار|الباب|لباب)
        (uncle|father|stepfather|brother|teacher|coach|cousin|neighbour|neighbor|boss|grandfather|he|man) (touches|touched|is touching|keeps touching|molests|molested|abuses|abused) (me|(my|her|his) (daughter|son|sister|brother|child)) unless <online>
        # a child
        <child> + <harm> unless <thing>
        (ka|ta)(y|i)d(r|er|ar)bo?u? (wldo|wladou|wlado|drari|bnto|wldi|bnti)|(يضرب|كيضرب|تضرب|كتضرب|يعذب|كيعذب) (ابنه|ابنته|اطفاله|طفل|طفلة|طفلا|ولدو|بنتو|ولادو|ولادها|الدراري|دري|ولدي|بنتي)
        (frappe|frappent|bat|battent|tabasse|tabassent|torture|torturent|maltraite|maltraitent) (son|leur|sa|ses|un|une|l|les|mon|ma|mes) (enfant|enfants|bébé|fils|fille|petit|petite|gamin)|(beats|beating|hits|hitting|torturing|tortures|abusing|abuses|hurting|molesting|molested) (his|her|a|the|my|this|their) (little )?(child|children|kid|kids|baby|son|daughter|boy|girl)|(pega|golpea|maltrata|tortura) a (su|un|una|mi|sus) (hijo|hija|hijos|niño|niña|bebé)
        pédophile|pédophiles|pédophilie|pédocriminel|pédocriminalité|pédopornographie|pédopornographique|pedophilia|paedophile|paedophiles|paedophilia|pederasta|pederastas|pederastia|pedófilo|pedofilia|بيدوفيل|بيدوفيلي|بيدوفيليا|bidofil|pidofil|child porn|child pornography|pornografía infantil|صور اطفال عارية
        # rape
        viol|viols|viol collectif|attouchements|abus sexuels?|agression sexuelle|agressions sexuelles + <person>
        (m|l|nous|les) (a|ont|avait|as) (violée|violé|violés|abusée)|(ai été|a été|été|suis fait|s est fait) (violée?|violer|violés)|a (violé|abusé (de|d)) (ma|mon|sa|une|un|des|plusieurs|cette|la) (fille|fils|soeur|enfant|femme|mineure?|cousine|amie|élève|gamine|petite|enfants|femmes|filles)|(agressée?|abusée?) sexuellement|abus(e|ent|é) (sexuellement )?(de|d) (moi|(ma|un|une|sa|ses|des) (fille|enfant|enfants|soeur|mineure?|petite))
        (was|were|been|got|being|am|gang) raped|raped (me|her|him|us|them|my|a|his|the|this)|rape (me|her|him|us|them|you|my|victims?|videos?)|(gang|child|marital|date|a|of|the) rape + <person>
        (sexually (assaulted|abused)|sexual assault|molested|molesting) + <person>
        (me|la|lo|nos|le|las) (violó|violaron|ha violado|han violado|viola|violan|están violando|abusó|abusaron)|(fui|fue|fueron|he sido|ha sido|siendo) (violada|violado|violadas|abusada|abusado)|(violó|violaron|viola|abusó|abusaron|abusa) (a|de) (mi|una|un|su|sus|la|varias)
        violación + (sexual|grupal|víctima|hija|hermana|niña|menor|mujer|sufrí|sufrió|me|amiga)
        (abuso|abusos|agresión|agresiones) sexual(es)? + <person>
        (اغتصاب|الاغتصاب|للاغتصاب|بالاغتصاب|اعتداء جنسي|الاعتداء الجنسي|لاعتداء جنسي) + <person>
        (ا|ت|ي|كي)?غتصب(ني|وني|ها|وها|تني|نا|ونا|ونني|هم)|(تم|بعد|حاول) (اغتصابي|اغتصابها|اغتصاب)|تغتصب(ات|ت)?
        (i|r|t|a|y|kay)?ghtasb(ni|ha|oha|ouha|oni|ouni|na)|tghtasb(at|t)
        (i|l|li|l i)?ghtisab|(kay|y)?ightasab|ghtasb(o|ou) + <person>
        ⵜⵉⵣⴱⵉ|tizbi + <person>|<child>
        # bomb
        (il y a|y a|poser|posé|placer|placé|mis|met|mettre|fabriquer|fabrique|fabriqué|faire exploser|fait exploser|alerte à la|menace de|menaces de|menace à la|alertes? à la|cacher|caché|avec|a|ont) ((une|des|la|sa|leur) )?(vraie |grosse )?(bombe|bombes|explosif|explosifs|ceinture explosive) ... (dans|sous|à|au|devant|chez|pour|artisanale|école|gare|bus|train|mosquée|marché|hôtel)
        (poser|posé|placer|placé|fabriquer|fabrique|fabriqué|alerte à|alerte à la|menace de|menace à la|menaces à la|alertes à la) ((une|la|des) )?(bombe|bombes|explosifs)|(préparer|prépare|préparent|commettre|planifie|planifier|planifient|projette|perpétrer|faire|annonce) ((de|un|d|l|des|commettre un) )?(attentat|attentats|attaque terroriste|attaque armée|massacre|fusillade|carnage) unless jeu|film|série
        (va|veut|vont|menace de) (se faire exploser|(tout |se )?faire (sauter|exploser) (la|le|l|une|un|mon|notre|tout))|(va|veut|veulent|vont|menace de|menacent de) (brûler|incendier) (ma|notre|mon|sa|la) (maison|voiture|famille|magasin|mère|soeur)
        bomb threats?|(there is|there s|theres|has|have|planted|plant|planting|put|build|building|builds|make|making|makes|hid|with) (a |the |some )?(bomb|bombs|explosives|explosive belt)|bomb (in|at|under|inside|near) (the|a|my|our|his|school)|(blow|blowing) (up|himself up|themselves up) ((the|a|this|our|my|his) )?(school|station|mosque|church|building|market|airport|train|bus|hotel|embassy|synagogue|house|bank|hospital)|(planning|plans|plan|preparing|going to (do|commit)) (an|a|to carry out an|to) (attack|terrorist attack|terror attack|massacre|shooting|bombing)
        (hay|puso|pusieron|poner|pondrá|colocar|colocó|fabricar|fabrica|fabrican|explotar|tiene|tienen|lleva) ((una|la|las|unas|un) )?(bomba|bombas|explosivo|explosivos|cinturón explosivo)|(amenaza|amenazas|aviso) de bombas?|coche bomba|(planea|planean|prepara|preparan|preparar|cometer|planeando|preparando) (un|una|cometer un|el) (atentado|atentados|ataque|masacre|tiroteo)|va(n)? a (hacer|cometer) un atentado
        <bomb> + <plants>
        (سي|يريد ان ي|غادي ي|باغي ي|بغا ي|سوف ي|سأ|غي|راح ي|كيهدد ي)(فجر|فجرو|فرقع|تفجر|نفجر)(ون|وا|و|ها|ه)?( نفسه| راسو)? ... (مدرسة|المدرسة|محطة|المحطة|مسجد|المسجد|الجامع|سوق|السوق|مطار|المطار|بنك|البنك|نفسه|راسو|الدار|سيارة|حافلة|القطار|كلشي|مقر|مبنى|فندق|كنيسة|سفارة)
        (يخطط|يخططون|التخطيط|يحضر|يحضرون|يستعد|يستعدون|كيخطط|كيخططو|كيوجد|كيوجدو|سينفذ|سينفذون) (ل|لـ|ال|الى|ل تنفيذ |لتنفيذ )?(هجوم|لهجوم|لهجمات|عملية|لعملية|تفجير|لتفجير|مجزرة|لمجزرة)|يخطط لقتل
        (ⵜⵍⵍⴰ|ⵉⵍⵍⴰ|ⵍⵍⴰⵏ|tlla|illa|llan|tella) ... (ⵜⴰⵏⴼⴹⵜ|ⴰⴱⴰⵇⵇⴰⵢ|tanfdt|tanfḍt|abaqqay)
        # weapon and threat; fear and another
        <weapon> + <violence> unless <joking>
        <weapon> + outside|downstairs|at (the|my) door|(est|sont|attend) dehors|en bas de chez|afuera|في الباب|فالباب|برا|9dam l?(dar|bab) unless <joking>
        <fear> + <violence>|<weapon>|<after_fear> unless <joking>|<pictures>|<publish>|<pay>|<court>
        (venir|vient|viendra|débarquer|arrive|coming|comes|come|came|viene|vino|venir|جاي|جاو|جا|يجي|ja|jaw|jay|yji) ... ((avec|with|con|ب|b) ((un|une|des|a|the|una|dyal|l) )?(<weapon>)|(ب|بال)(سلاح|مسدس|سكين|موس|سيف|سيوف|سيوفة|سيوفا|جنوي|ساطور)|b(sif|siouf|mous|jnwi|sla7|ssif)) unless <joking>
        # a cry for rescue
        au secours|à l aide|secourez (moi|nous)|sauvez (moi|nous)|aidez (moi|nous) (vite|on me|il me)|sos|help help (help|me|us|please|pls)|(please|someone|somebody|god|pls) (save|rescue) (me|us)|(save|rescue) (me|us) (please|now|from (him|them|my)|he|they|pls)|help (me|us) (now|he|they|i m in danger)|(call|need) the police|(call|need) (the )?police (now|please|quick|fast)|send (the )?police|socorro|auxilio|sálven(me|nos)|sálva(me|nos) por favor|llamen a la policía|appelez la police|envoyez la police
        النجدة|النجده|(ا|أ)(نقذوني|نقذوها|نقذونا|نقذني|غيثوني|غيثونا)|الحقوني|الحقونا|لحقوني|عتق(ني|وني|ونا|وها|وه|نا)|عتقو?ا? (الروح|ال?روح|روح|راه)|اغيثونا|اتصلوا بالشرطة|عيطو (على |ل|لل|للـ)?(البوليس|بوليس|للبوليس)
        3(t|te|at|ta)(9|q|k)(ni|ny|na|oni|ouni|uni|ouna|oha|ouha)|3(t|te)(9|q)((o|ou) )?l?(ro7|rou7|roh|rouh)|(n|nn)(9|q)i?dou?(ni|na)|ghit(oni|ouni|ouna)|l7(9|q)(oni|ouni)|3ayto l(bolis|boulis|police|lbolis)|ⵜⴰⵍⵉⵍⵜ|talilt|ⵙⵙⵏⵊⵎ ⵉⵢⵉ|ssnjm iyi|snjm iyi
    """,
    "blackmail": """
        # named, by or of a person
        chantage|sextorsion|sextorcion|sextorsión|extorsion|extorsión|sextortion|blackmail|chantaje|(ال|لل|ل|ب|بال)?ابتزاز|ل?ابتزازي|(l|li|l i)?(i|e)?btizaz|lchantage|chontage|ⵜⴰⴷⴱⵔⵜ|tadbrt + <person>
        (me|nous|m|la|le) (fait|font|faisait|faire|a fait|ont fait) (du )?(chanter|chantage)|fait chanter (ma|mon)|maîtres? chanteurs?|(suis|est|été|étais) (victime )?((de|d une|d un) )?(sextorsion|chantage|extorquée?)
        (is|s|are|re|was|were|am|m|being|been|got|getting|he|she|they|who|someone|tries to|trying to|wants to) (being )?(blackmail|blackmailing|blackmailed|blackmails|sextorting|sextorted|extorting|extorted|extorts)|(blackmail|sextort|extort)(s|ed|ing)? (me|my|us|her|him)
        (me|nos|le|la) ((está|están) )?(chantajea|chantajean|chantajeó|chantajeando|extorsiona|extorsionan|extorsionando|extorsionó|chantajearon)|chantajear(me|nos|la|lo)|extorsionar(me|nos|la|lo)|(hace|hacen|haciendo) chantaje
        (ي|كي|ت|كت)?(بتز|بتزو)(ني|وني|ونني|نا|ها|ونا)|ابتز(ني|وني|تني|نا|ها)|(ي|كي|ت|كت)بتزو? (ختي|اختي|أختي|بنتي|ابنتي|ولدي|ابني|خويا|اخي|صاحبتي|صاحبي|صديقتي|صديقي|الناس|البنات|قاصر|فتاة)|يبتزون|للابتزاز
        (k|ka|ta|t)?(y|i|ye)bt(a|e)?zz?(ni|oni|ouni|ha|na)|(k|ka|ta)(y|i)(chantaji|chantagi|menaci|menaçi|chonta?ji|chantaje|chontagi|extorqu)(ni|ny|ini|wni|iwni|owni)|(dayr|dar|kaydir|kaydiro|dayrin) (liya|lia|li) (chantage|chontage|chantaj)
        (دايرين|داير|دار|كيدير|كيديرو|دارو) (ليا|لي|ليها) (الشانطاج|شانطاج|شونطاج|الشونطاج|ابتزاز|الابتزاز)
        ⴰⵔ ⵉⵢⵉ (ⵉⵜⵜⴷⴱⴰⵔ|ⵉⵜⴷⴱⵔ)|ar iyi itdbr
        # pictures and a threat
        <demand> + <mine>
        <wants_money> + <mine>
        <threatens_me> ... ((b|bi|par|avec|with|con|de|ب) )?(<pictures>)
        (menace|menacent|menacé|menaçait|menaces) (de|d) (tout )?(les |la |le |mes |ma )?(publier|diffuser|partager|poster|balancer|divulguer|envoyer à|montrer à)|(menacer|menace|menacent|menaces) ... (photos|vidéos|images|nudes)
        (threaten|threatens|threatened|threatening|threat) (me |us |her )?(to|of|with) (publish|post|leak|release|share|expose|upload|publishing|leaking|posting|sharing)
        (amenaza|amenazan|amenazó|amenazando|amenazado) con (publicar|difundir|subir|compartir|filtrar|enviar)(las|los|la|lo)?
        (ي|كي|ت|كت)?(هدد|هددو|هددوا|هددون|هددني|هددونني|هددوني|هددها) ((ان|أن|انه|غادي) )?(نشر|بنشر|بفضح|بالفضيحة|ينشر|ينزل|ينزلهم|يصيفط|يصيفطهم|يفضحني|بفضيحة|بفضحي|بارسال|بإرسال|بالنشر|ينشرهم)
        (va|vont|veut|veulent|allait|voulait|menace de) (tout )?(les |la )?(publier|diffuser|partager|poster|balancer|divulguer|envoyer|montrer|mettre|afficher) ... <mine>
        (will|gonna|going to|ll|wants to|want to) (publish|post|leak|release|share|expose|upload|send|show) ... <mine>
        (va|van|quiere|quieren) (a )?(publicar|difundir|subir|compartir|filtrar|enviar|mandar) ... <mine>
        (سي|سوف ي|غادي ي|غي|باغي ي|بغا ي|يريد ان ي|راح ي)(نشر|نشرو|نزل|نزلو|فضح|صيفط|رسل|حط|نشروا) ... <mine>
        (سي|سوف ي|غادي ي|غي|باغي ي|بغا ي)(فضحني|فضحوني|شوهني)|(ghadi|gha|ghay|bgha|baghi|baghin|ghadin) ?(y|i|ye)?(fd7ni|fde7ni|fdhni|fdehni|fda7ni|fad7ni|chwhni|chouhni|chowehni|fd7ouni|fd7oni)
        (ghadi|gha|ghay|bgha|baghi|baghin|ghadin|ghad) ?(y|i|ye)?(nchr|nechr|ncher|nchor|nachr|nacher|nchro|hbt|hbet|nzl|nezel|sift|sifet|sayfet|partagi|publie|publier) ... <mine>
        # pay, or else
        (va|vont|veut|veulent|allait|je vais) ((tout|les|la) )?(envoyer|publier|partager|montrer|diffuser) ... (ma famille|mes parents|mes contacts|mes amis|mon mari|mon père|ma mère|ta famille|tes contacts|tout le monde) unless invitation
        (filmé|filmée|enregistré|enregistrée|recorded|grabado|grabó|grabaron|صورني|صوروني|سجلني|سجلت لي|sowrni|sawrni|swrni) + <wants_money>
        (envoie|envoyer|enverra|envoyé|publie|publier|diffuser) ... (à|sur) (ma famille|mes parents|mes contacts|tout le monde|mes amis|mon mari|mon père|ma mère) + (sinon|si je (ne )?(paie|paye|lui|donne)|payer|chantage|menace|menacent|photos|vidéo)
        (send|show|leak|publish|share) ... to (my family|my parents|everyone|my friends|my contacts|my husband|my father|my wife) + (unless|if i don t|if i dont|pay|threat|threatens|threatening|nudes|pictures|photos|video)
        (si no (le|les|lo)? ?(pago|doy)|si no pago|o pago|pagar|o le pago) + (publica|publicará|difunde|difundirá|envía|enviará|manda|sube) + (fotos|vídeo|vídeos|imágenes|todo|familia)
        (wla|wella|ola|ولا|وإلا) (n|غادي ن|ن|ghadi n|ghan|y|ي)(sift|sifet|sayfet|nchr|nechr|ncher|chr|cher|fd7k|fde7k|صيفط|نشر|فضحك|شر|نزل) ... (l?(vid|v|vidi)eo|lvideo|tsawr|tsawrk|tsawer|l3a2iltk|l3a2ila|familtk|الفيديو|لفيديو|تصاورك|التصاور|الصور|صورك|لعائلتك|لعائلتي|لفاميلتك)
        <pay> + (sinon|or else|otherwise|si no|وإلا|والا|ولا|wla|wella|ola|or he|or she|or they|ou il|ou elle|ou ils|o publica|o lo|o las|si je ne|si je|unless i|if i don t|if i dont|اذا لم|ila ma|الا ما|إلا ما) + <pictures>
        (demande|demandent|réclame|réclament|exige|exigent|veut|veulent|wants|asks|asking|demands|demanding|pide|piden|exige|exigen|يطلب|يطلبون|طلب|طلبوا|كيطلب|كيطلبو|kaytlb|kaytleb|kaytlbo|bgha|baghi) ... <cash> + (photos|vidéos|vidéo|nudes|pictures|pics|videos|video|fotos|vídeos|صوري|صورتي|الصور|تصاوري|tsawri|tsawer) + <publish>
    """,
    "money": """
        # robbed, emptied, cheated
        (compte|comptes|carte|livret|solde) ((bancaire|en banque|cih|bp|cash plus|bleue|bmce|attijari) )?(a|à|est|ont|s est|vient d|viens d|viens d être|a été|vient d être) ?((été|d être|être) )?((entièrement|complètement|totalement) )?(vidé|vide|débité|débitée|débités|utilisée|vidée|clonée|siphonné)|(vidé|débité|siphonné|volé) (tout )?(mon|notre|ma|mes|nos) (compte|comptes|carte|livret|argent|économies|épargne) unless <profile>
        (compte bancaire|compte en banque|carte bancaire|carte) ((a été|est) )?(piraté|piratée|volée|volé)|(prélèvement|débit|retrait|paiement|achat|virement)s? (frauduleux|non autorisés?|que je n ai pas|inconnus?)
        (m|nous|lui|l|on m) (a|ont) (tout )?(arnaqué|arnaquée|arnaqués|escroqué|escroquée|escroqués|dépouillé)|(fait|faite|faire|suis fait) (arnaquer|escroquer|avoir par un arnaqueur)|victime (d une|d un|d|de) ?(arnaque|escroquerie|fraude|escroc|arnaqueur)|(suis|été) (arnaqué|arnaquée|escroquée?)
        ((m|nous|ils|il|elle|on) (a|ont) (volé|pris|soutiré|retiré|piqué|prélevé|débité)|retiré|prélevé|soutiré|disparu) ... <cash>|(volé|pris|piqué) (mon|notre|tout mon) argent|(perdu) (tout )?(mon argent|mes économies|<cash>)|j ai perdu ... <cash>
        ((ai|avons|avait|a) (déjà |tout |bien )?(envoyé|viré|versé|transféré|payé|donné|déposé|rechargé)|(viens|vient|venons) (d|de) (lui |leur )?(envoyer|virer|verser|transférer|payer|donner)) ... <cash> unless <publish> ... preuve
        (ai|avons) (envoyé|viré|versé|transféré|payé|avancé) ... (et|mais) ... (rien|jamais|disparu|bloquée?|plus)|payé ... (rien|jamais) (reçu|livré|arrivé)
        (ai|avons|a|ont) (donné|communiqué|saisi|entré|partagé) ... (numéro de carte|code de (la|ma) carte|code bancaire|codes? (confidentiel|secret|pin|cvv|otp|sms)|cvv|(ses|mes) codes bancaires|coordonnées bancaires|infos bancaires|rib et|carte bancaire|code reçu)
        (my|our) (bank |savings |whole )?(account|accounts|card|savings|wallet) (was|is|were|has been|have been|got|just got|has just been) (just )?(emptied|drained|empty|cleaned out|charged|debited|cloned|skimmed|wiped|stolen) unless <profile>
        (emptied|drained|cleaned out|wiped|charged|debited) (out )?(my|our) (bank |savings |whole )?(account|accounts|card|savings|wallet)|(bank account|credit card|debit card|bank card) (was|is|has been|got|were) (hacked|stolen|used|cloned)|unauthori(s|z)ed (payment|payments|transaction|transactions|withdrawal|withdrawals|charge|charges|transfer)
        (was|were|been|got|getting|am|being|have been|i) (just )?(scammed|defrauded|conned|swindled|ripped off)|(scammed|defrauded|conned|swindled|robbed) (me|us|my|of)|ripped me off|(stole|stolen|steals|took|taken|taking) (all )?(my|our) (money|savings|cash|salary|crypto|bitcoin|card|credit card|wallet)|(stole|took|disappeared|withdrawn|withdrew|gone|missing|vanished|taken) ... (from|out of) (my|our) (bank |savings )?(account|card|wallet)|(someone|somebody|they|he) (used|uses|is using|cloned|charged) my (credit |debit |bank )?card|(tricked|fooled|conned) (me|us|my (mother|father|grandmother)) into (sending|paying|transferring|giving)
        (i|we|mother|father|mum|mom|husband|wife|have|ve|had) (just |already |have |had |ve )?(sent|wired|transferred|paid|gave|lost|deposited) ... <cash> unless laundering
        (i|we) (just |already )?(sent|wired|transferred|paid) (him|her|them|the seller|this man) ... (never|nothing|blocked|disappeared|vanished|gone)|(i|we) (just |already )?(gave|typed|entered|shared|told) ... (card number|cvv|pin code|my pin|otp|bank details|credit card|card details|bank login)
        (me|nos|le) (han |ha |están )?(estafado|estafaron|estafó|estafando|timado|timaron|timó|robaron el dinero|robado el dinero)|(he|fui|fue|sido|hemos sido|soy) (víctima de )?(una )?(estafado|estafada|timado|timada|estafa)|víctima de una? (estafa|fraude|timo)
        (me )?(han |ha )?(vaciaron|vaciado|vació|vacían) (la|mi|toda la|las|mis) (cuenta|cuentas|tarjeta)|(mi|la) (cuenta|tarjeta) (bancaria |del banco )?(está|ha sido|fue|quedó) (vacía|vaciada|clonada|robada)|(cargos?|retiros?|pagos?|compras?|transferencias?) (no autorizad(o|os|a|as)|fraudulent(o|os|a|as))|(cuenta|tarjeta) vacía
        (me|nos) (han |ha )?(robado|robaron|robó|quitaron|quitado|sacaron|sacado|cobraron|cobrado) ... <cash>|(robaron|robado|robó|robaron) (mi|todo mi|la|mis) (dinero|tarjeta|ahorros)|perdí ... <cash>|he perdido ... <cash>
        (le |les |ya |he |hemos |yo )?(envié|enviado|mandé|mandado|transferí|transferido|pagué|pagado|deposité|ingresé|hice|hecho) ... <cash> unless no he|no le he|no me han|no hemos|tienda
        (di|dado|puse|metí|facilité) ... (número de (mi|la) tarjeta|cvv|pin de|datos bancarios|código de (mi|la) tarjeta|datos de mi tarjeta)
        # Arabic and Darija
        (سرق|سرقو|سرقوا|سرقت|تسرق|تسرقو|تسرقات|سرقات|اخذ|أخذ|شفر|شفرو|سلب|سلبوا) (مني|ليا|لي|منا|لينا|لها|ليه) unless <profile>|<thing>
        (خدا|خداو|داو|دا|دات|مشا|مشات|مشاو|مشى|طار|طارو|ضاعو|اخذ|أخذ|اخذوا|أخذوا|خذوا) (ليا|لي|مني|لينا|منا) ... <cash> unless <thing>
        (سرق|سرقو|سرقوا|شفر|شفرو)(ني|وني|ونا)|(سرق|سرقوا|سرقو|خذوا|اخذوا|أخذوا|ضاعت|مشات|مشاو|داو|سلبوا|سلب) (ليا |لي |كل )?(فلوسي|مالي|اموالي|نقودي|لفلوس|الفلوس ديالي|فلوس ديالي|كل مالي|رصيدي|بطاقتي)
        (نصب|نصبو|نصبوا|تنصب|تنصبو|ينصب|احتال|احتالوا|تحايل|تحايلو|كينصب|كينصبو|نصبات|ضحك|ضحكو) (عليا|علي|علينا|عليها|عليه|على (امي|بابا|ماما|مي|ابي|ختي|خويا)) unless ف النكتة
        (تعرضت|تعرضنا|ضحية|تعرض|وقعت|طحت|تعرضو) ((في|ف|فواحد|لعملية|عملية|ضحية|في فخ|ل) )?(نصب|احتيال|سرقة|للنصب|للاحتيال|للسرقة|النصب|الاحتيال|لنصب|لاحتيال|لسرقة|نصاب|فالنصب)
        (خوا|خواو|خوى|فرغ|فرغو|فرغوا|أفرغوا|افرغ|افرغوا|تخوا|سحب|سحبوا|سحبو|تسحبو|تسحب|دار|خواليا) (ليا |لي |كل |من |مني |كاع )?(ال)?(حسابي|حساب|الحساب|لحساب|الكونط|كونط|رصيدي|الرصيد|فلوسي|فلوس|كارطي|لاكارت|بطاقتي|رصيد|مبلغ|اموالي|مبالغ) unless insta|فيسبوك|انستغرام
        (سحب|سحبوا|سحبو|تسحبو|تسحبات|خدا|خداو|اخذوا|أخذوا|أخذ|طار|طارو|قلبو|قولبو) ... (من (حسابي|الحساب ديالي|بطاقتي|رصيدي|الكونط|لاكارت|الكارت)|<cash>)
        (حسابي|رصيدي|الكونط|بطاقتي) ((البنكي|البنكية|ديالي|في البنك) )?(فرغ|خاوي|فارغ|تخوا|خوا|اختفى|سرقت|مسروقة|تسرقات|تم سحب|تم إفراغه|افرغ|اصبح فارغ|أصبح فارغا)|تم (سحب|اقتطاع|افراغ|خصم|سرقة) ... (حسابي|رصيدي|بطاقتي|اموالي|مالي)
        (ارسلت|أرسلت|حولت|دفعت|صيفطت|سيفطت|بعثت|بعت|خلصت|عطيت|عطيته|أعطيته|عطيتو|اعطيت|خسرت|فقدت|ضيعت|ضاع|سلمت|صيفط|اديت|أديت|شحنت|ودعت) ... <cash>
        (ارسلت|حولت|دفعت|صيفطت|خلصت|سيفطت) (له|لهم|ليه|ليهم|ليها|لها|الثمن|المبلغ|التسبيق) ... (ولم|وما|وبلوكاني|بلوكاني|اختفى|غبر|حظرني|وحظرني|ما وصلني|ماوصلني|تبلوكيت|سد)
        (اعطيت|أعطيت|عطيت|عطيته|عطيتو|اعطيته|ادخلت|دخلت|صيفطت|ارسلت) ... (رقم (البطاقة|بطاقتي|الكارت|لاكارت)|الكود|كود (البنك|لاكارت|الكارت)|الرقم السري|رمز (التحقق|التاكيد)|بياناتي البنكية|معطياتي البنكية|معلومات بطاقتي)
        # Arabizi
        (sr9|sre9|ser9|sra9|sr9o|sre9o|ser9o|sr9ou|ser9ou|sra9o|tsr9|tsr9o|tser9o|tsr9at|chfr|chfro|chefro|chfer) (liya|lia|mni|mnni|lina|lya) unless <profile>|<thing>
        (khda|khdaw|5da|5daw|dda|ddaw|daw|mcha|mchaw|mchat|tar) (liya|lia|mni|mnni|lina|lya) ... <cash> unless <thing>
        (sr9|sre9|ser9|sr9o|sr9ou|ser9o|chfr|chefr|chafr|chefer|chfer)(ni|ouni|oni|ona|ny|na)|(khda|khdaw|da|daw|mchaw|mcha|da3o|da3|sr9o|khdaw) (liya |lia |lya )?(flousi|lflous dyali|flous dyali|flosi|lflous|flous|drahmi)
        (9alb|9olb|9awlb|9ewlb|qawlb|da7k|d7k)(o|ou)? ?(ni|na|oni|ouni|3liya|3lia|3lina|3la mama|3la baba) ... <cash>|(9alb|9olb|9awlb|9ewlb|qawlb)(oni|ouni|ni|ona) f
        (ns|nes|nas|n9|nass|tns|tnes|nsa|tensa)b(o|ou|at|na)? (3liya|3lia|3lina|3lya|3la (mama|baba|khti|khoya|mi|lwalid|lwalida))|(t7ayl|t7aylo|ta7ayl|t7ayel|thayl|thayel)(o|ou)? (3liya|3lia|3lina)|(t3rdt|t3redt|ta3rrdt|t3erdt) ((l|l ?n|lnn) )?(nsb|nasb|nnasb|lnasb|nseb|i7tiyal|li7tiyal|arnaque)
        (khwa|khwaw|khoua|khwawli|khwali|5wa|5waw|frgh|fergh|fergho|frgho|dar|sr9|sr9o|s7b|s7bo|se7bo|7elbo) ((liya|lia|lya|li) )?(l )?l?(7sab|hsab|compte|kont|cont|carte|akart|7isab|rasid|solde)( dyali)? unless <profile>
        (sift|sifet|sayfet|sifat|sft|seft|sift|7wlt|7awlt|hawlt|khlst|khlest|khelest|dfe3t|df3t|3tit|3tito|3titou|3titi?h|3tithom|virit|viri?t|versit|rechargit|khsrt|khsert) ... (<cash>|(l|f)?(flous|drahm)) unless imperative
        (sift|sifet|sayfet|7wlt|7awlt|khlst|khlest|df3t) (lih|lihom|liha|lik|lo|lou|lhom|3la|l) ... (blokani|bloqani|blokawni|ma wslni|mawslni|ghber|ghbr|bloka|walo|sedd)
        (3tit|3tito|3titou|3titih|dkhlt|sift|sifet) ... (num|numero|code|l code|lcode|ra9m|r9m) (dyal |d )?(la ?carte|lacarte|lakart|carte|bank|lbank|lbanka|otp|sms|cvv)
        # ~
        (ⵓⴽⵔⵏ|ⵢⵓⴽⵔ|ⵓⴽⵔⵖ) ⵉⵢⵉ (ⵉⴷⵔⵉⵎⵏ|ⵉⵇⴰⵔⵉⴹⵏ|ⴰⵙⵉⴽⴽⵓⴽ|ⵍⴼⵍⵓⵙ)|(ukrn|ukern|yukr|yuker) iyi (idrimn|idrimen|iqaridn|iqariden|lflus|lflous|tinu)|(uznegh|uzngh|uznɣ|azngh) ((as|asn|asen) )?(idrimn|idrimen|iqaridn|lflous)|ⵓⵣⵏⵖ ((ⴰⵙ|ⴰⵙⵏ) )?(ⵉⴷⵔⵉⵎⵏ|ⵉⵇⴰⵔⵉⴹⵏ)|(ⵖⵏⴷⴼⵏ|ⵉⵖⵏⴷⴼ) ⵉⵢⵉ|(ghndfn|ighndf|ghendfen) iyi
    """,
})
