"""The vocabulary of edition marks in eleven languages, as tables: what a word may stand for.

One word a table entry, `_` joins the words of a phrase, a final `*` admits any ending. Chinese has its own module.
"""

from __future__ import annotations

from collections.abc import Mapping

#: gatherings that are numbered; sitting, meeting and session are one thing, as languages do not agree on the word
NOUNS = {
    "session": """session sessions sitting meeting meetings plenary assembly assemblée réunion séance reunión sesión
        asamblea sessão sessões reunião assembleia сесси* заседани* совещани* ассамбле* встреч* họp sessiya* iclas*
        görüş görüşü oturum* toplanti* birleşim* sitzung* tagung* versammlung* دورة دورته دورتها اجتماع جلسة جمعية""",
    "conference": """conference conférence conferencia conferência конференци* hội_nghị hội_thảo konfrans* konferans*
        konferenz* مؤتمر""",
    "forum": "forum foro fórum форум* diễn_đàn منتدى",
    "congress": "congress congrès congreso congresso конгресс* съезд* đại_hội qurultay* konqres* kongre* kongress*",
    "summit": "summit sommet cumbre cúpula cimeira саммит* hội_nghị_thượng_đỉnh sammit* zirve* gipfel* قمة",
    "consultation": """consultation consultations consulta consultas консультаци* tham_vấn məsləhətləşmə* istişare*
        konsultation* مشاورات""",
    "exhibition": """exhibition expo exposition exposición exposição выставк* triển_lãm sərgi* fuar* messe معرض feria
        feira""",
    "round": "round раунд* vòng ronda rodada raund* runde جولة",
    "package": "package пакет* gói_trừng_phạt paquet paquete pacote paket* sanktionspaket* حزمة",
    "edition": "edition édition edición edição издани* auflage نسخة",
    "batch": "batch cohort intake выпуск* buraxiliş* promotion promoción lehrgang دفعة",
}

#: a round is an edition of talks only, not of a fight, a draft or a ballot
TALKS = """talks negotiation* consultation* dialogue discussions sanctions tariff* переговор* консультац* диалог*
    санкци* đàm_phán đối_thoại tham_vấn négociation* pourparlers dialogue sanctions negociacion* diálogo* sanciones
    negociaç* sanções danışıq* müzakir* müzakere* görüşmel* verhandlung* gespräch* sanktion* مفاوضات محادثات مباحثات
    مشاورات حوار"""
#: the kind of body that meets; commission and committee are one word in most languages
BODIES = {
    "commission": """commission committee subcommittee комисси* комитет* подкомитет* ủy_ban uỷ_ban comité comisión
        comissão comitê komisyon* komite* komissiya* kommission ausschuss* ausschuß* لجنة جنة""",
    "council": "council board совет* hội_đồng conseil consejo conselho konsey* şura* rat مجلس لمجلس",
    "group": "group групп* nhóm groupe grupo qrup* grubu* arbeitsgruppe مجموعة",
    "assembly": "general_assembly đại_hội_đồng assemblée_générale asamblea_general جمعية_عامة",
}

#: parts of a year that are counted
PARTS = {
    "quarter": "quarter квартал* quý trimestre rüb rübü rübdə rübün rübündə rübünün çeyrek çeyreğ* quartal* ربع",
    "half": "half полугоди* semestre halbjahr* yarisi* yarisinda yariyil* yarimil* nửa نصف",
    "week": "week недел* tuần semaine semana həftə* hafta* woche أسبوع",
}
MONTHS_WORD = """months месяц* tháng mois meses monate monaten monats ay ayda ayi ayin ayinda ayinin aylik ayliq أشهر
    شهور شهرا month mes mês"""

MONTHS = (
    "january jan januar jänner janvier enero janeiro январ* yanvar* ocak ocakta ocağ* يناير جانفي كانون_الثاني",
    "february feb februar février fevrier febrero fevereiro феврал* fevral* şubat* فبراير فيفري شباط",
    "march mar märz mars marzo março март* mart martda martin martta مارس آذار",
    "april apr avril abril апрел* aprel* nisan* أبريل أفريل نيسان",
    "may mai mayo maio май мая мае маем mayda mayin mayista mayis mayısın مايو ماي أيار",
    "june jun juni juin junio junho июн* iyun* haziran* يونيو يونيه جوان حزيران",
    "july jul juli juillet julio julho июл* iyul* temmuz* يوليو يوليه جويلية تموز",
    "august aug août aout agosto август* avqust* ağustos* أغسطس أوت آب",
    "september sep sept septembre septiembre setiembre setembro сентябр* sentyabr* eylül* سبتمبر أيلول",
    "october oct oktober octobre octubre outubro октябр* oktyabr* ekim* أكتوبر تشرين_الأول",
    "november nov novembre noviembre novembro ноябр* noyabr* kasim* نوفمبر تشرين_الثاني",
    "december dec dezember décembre decembre diciembre dezembro декабр* dekabr* aralik* araliğ* ديسمبر كانون_الأول",
)
#: months that mean something else in other languages than these, where only "in May" and "May 2026" are taken for one
DOUBTFUL_MONTHS = {
    **dict.fromkeys(["march", "jan", "feb", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"], ""),
    "may": "az", "mart": "az tr", "marta": "az", "martin": "az tr", "martda": "az", "mar": "", "mai": "fr de no ro",
    "mars": "fr no sv", "juni": "de no sv da nl", "juli": "de no sv da nl", "ocak": "tr", "ekim": "tr",
}  # fmt: skip

#: what a report on a period speaks of; the second list counts only beside a figure
REPORT = {
    "strong": """revenue revenues turnover statistics results proceeds collected collects collections collection
        earnings takings receipts summary indicators profit profits ranking income levied budget annual yearly доход*
        поступлени* сбор* собрал собрала собрали собрано перечисл* статистик* итог* результат* оборот* товарооборот*
        показател* отчет* отчёт* выручк* прибыл* бюджет* thu thu_ngân_sách ngân_sách kết_quả số_liệu thống_kê
        kim_ngạch doanh_thu lợi_nhuận báo_cáo tình_hình recettes recette résultats résultat bilan statistiques
        chiffres chiffre perçu perçus collecté collectés bénéfice recaudación recaudacion recaudó recauda recaudaron
        resultados resultado estadísticas balance ingresos cifras beneficio arrecadação arrecadacao arrecadou receita
        receitas estatísticas faturamento lucro gəlir* daxilolma* yekun* nəticə* statistik* dövriyyə* göstərici*
        hesabat* yiğim* büdcə* gelir* tahsilat* sonuç* istatistik* hacm* hacim* veri verileri bütçe* kâr kar ciro*
        einnahmen ergebnis* bilanz* statistik* umsatz* aufkommen gewinn* zolleinnahmen zahlen إيرادات ايرادات حصيلة
        نتائج إحصاءات إحصائيات عائدات تحصيل حصلت بيانات أرباح ميزانية حجم""",
    "weak": """export exports import imports trade shipments sales output production price prices rate rates inflation
        index volume deficit surplus seizures declarations report data figures jobs unemployment employment payrolls
        arrests traffic throughput balance yield экспорт* импорт* торговл* продаж* цен* ставк* инфляци* внешнеторгов*
        пошлин* объем* объём* xuất_khẩu nhập_khẩu xuất_nhập_khẩu giá tờ_khai lạm_phát exportations importations
        commerce ventes prix taux exportaciones importaciones comercio ventas precio precios exportações importações
        comércio vendas preço preços inflação inflación ixrac* idxal* ticarət* qiymət* ihracat* ithalat* ticaret*
        fiyat* dis_ticaret* enflasyon* ausfuhr* einfuhr* exporte importe außenhandel* preis preise preisen inflation
        صادرات واردات تجارة أسعار سعر مبيعات تضخم""",
}
#: figures that are set ahead of their period, so that the period may lie in the future
AHEAD = """price prices rate rates reference benchmark цен* ставк* giá prix taux precio precios preço preços qiymət*
    fiyat* preis preise tariff tariffs أسعار سعر"""
#: what is wanted, not what was: the year of a plan is not the period of a report
PLANS = """plan plans target targets task tasks goal goals forecast draft proposal strategy program programme план*
    задач* прогноз* цел* chỉ_tiêu nhiệm_vụ kế_hoạch mục_tiêu dự_toán objectif objectifs objetivo objetivos meta metas
    plano hədəf* proqnoz* hedef* ziel ziele خطة مستهدف هدف"""

#: words before a date that make it the other side of a comparison, a start, an end or a deadline
NOT_THE_PERIOD = """than from with since until till by before after versus vs against compared to through over
    по_сравнению с со до к после чем против so_với hơn kể từ trước sau đến depuis avant après contre dès jusqu'en que
    frente desde hasta tras antes contra respecto até após gegenüber seit vor nach bis als منذ قبل بعد حتى مقارنة"""
#: the same for languages that put the word behind
NOT_THE_PERIOD_AFTER = (
    "göre nisbətən müqayisədə kiyasla karşilaştirildiğinda itibaren etibarən qədər kadar sonra əvvəl önce"
)

#: behind these a figure with its period is what something has come from: "from 6% in March"
FROM = "from than versus vs against с со từ gegenüber von desde frente depuis de من"
UNITS = """percent per cent pct point points million billion trillion thousand usd eur dollars euros tons tonnes
    процент* процентов млн млрд тыс миллион* миллиард* тонн tỷ triệu đồng tấn mln mlrd milyon* milyard* milyar* manat*
    faiz million* milliard* millones mil milhões bilhões mio mrd prozent euro مليون مليار بالمئة الف ريال"""
FIRST = "first первые первых đầu premiers premières primeros primeiros ersten ilk الأولى اولى"
#: what may differ between two fillings of one template
CHANGE = """up down rise rises rose risen increase* decrease* fall falls fell drop* grow* grew climb* declin* surge*
    jump* slip* higher lower more less вырос* снизил* увелич* сократил* рост* паден* tăng giảm hausse baisse progress*
    recul* sube suben baja bajan crece crecen cae caen aumenta* sobe cai cresce artib* azalib* artdi azaldi artti
    yükseldi düştü steig* sink* gestiegen gefallen ارتفاع ارتفعت انخفاض انخفضت تراجع"""
FISCAL = "fiscal финансов* tài_khóa mali geschäftsjahr exercice"
TO = "to through until till по до đến au à al a bis até ilə ila dən dan إلى الي حتى"
AND = "and и và y et e und ve və و"
BETWEEN = "between между giữa entre zwischen بين"
YEAR_WORDS = """year год года году г гг ci cı cu cü il ili ilin ildə yıl yili yilinin yilinda yilda năm an année año
    ano jahr jahres ejercicio عام سنة the of de del do da du"""
CARDINALS = {
    word: value
    for value, words in enumerate(
        (
            "two два двух hai deux dos dois zwei iki",
            "three три трех ba trois tres três drei üç ثلاثه",
            "four четыре четырех bốn quatre cuatro quatro vier dörd dört اربعه",
            "five пять пяти cinq cinco fünf beş خمسه",
            "six шесть шести sáu seis sechs altı سته",
            "seven семь семи bảy sept siete sete sieben yeddi yedi سبعه",
            "eight восемь восьми tám huit ocho oito acht səkkiz sekiz ثمانيه",
            "nine девять девяти chín neuf nueve nove neun doqquz dokuz تسعه",
            "ten десять десяти mười dix diez dez zehn عشره",
            "eleven одиннадцать одиннадцати onze once elf",
            "twelve двенадцать двенадцати douze doce doze zwölf",
        ),
        2,
    )
    for word in words.replace("ı", "i").split()
}

#: the day-to-day ordinals: "third straight session", "fifth day of talks"
NOT_AN_EDITION = """straight consecutive successive trading running row day days week weeks month months year years
    time times hour подряд день дня дней неделя неделю раз kez gün gündür dəfə ngày jour jours día días dia dias tag
    tage mal previous preceding last next following closed-door past upcoming предыдущ* прошл* следующ* предстоящ*
    précédent précédente prochaine prochain anterior próxima próximo siguiente trước tới növbəti əvvəlki önceki
    gelecek vorige nächste nächsten سابقة مقبلة قادمة"""
#: words that end the reach of an ordinal: what follows belongs to something else
FUNCTION_WORDS = """of in at on for to from by as and or the a an is was are were will has have had since than with в
    на по о об и с за к у от до de du des le la les en au aux et el los las y por para con do da dos das em no na e o
    der die das des dem den im am von zu und für mit của tại và trong về ở từ với في من على إلى و عن ve və ilə ile"""

ACTS = {
    "notice": """notice notices announcement avis aviso уведомлени* thông_báo duyuru* bildiriş* bekanntmachung إعلان
        إشعار""",
    "decision": """decision decisions décision decisión decisão решени* quyết_định qərar* karar* entscheidung
        beschluss قرار قرارات""",
    "decree": "decree decrees décret decreto указ* постановлени* nghị_định sắc_lệnh fərman* kararname* مرسوم",
    "regulation": """regulation verordnung durchführungsverordnung* regulations règlement reglamento regulamento
        регламент* положени* yönetmeli* qaydalar نظام لائحة""",
    "circular": "circular circulars circulaire циркуляр* thông_tư genelge* sirkulyar* rundschreiben تعميم منشور",
    "order": "order orders arrêté orden portaria приказ* распоряжени* lệnh əmr* emir sərəncam* anordnung أمر",
    "resolution": "resolution résolution resolución resolução резолюци* nghị_quyết qətnamə*",
    "directive": "directive directiva diretiva директив* chỉ_thị direktiv* yönerge* richtlinie توجيه",
    "instruction": "instruction instrucción instrução инструкци* hướng_dẫn təlimat* tebliğ* talimat*",
    "law": "law loi ley lei закон* luật qanun* kanun* gesetz قانون",
    "letter": "letter dispatch công_văn письм* carta ofício",
    "bulletin": "bulletin bulletins boletín boletim бюллетен* bülten* bülleten* نشرة",
}
NUMBER_WORDS = "no nos nr number numero número núm num số رقم номер номером numarali sayili sayli nömrəli"
#: an act behind one of these is the ground of the news or what is amended, not its subject
CITED = """under pursuant per amendments changes revised amending amend amends amended replacing replaces replaced
    repealing repeals implementing implements guiding according accordance based supersedes following theo căn_cứ
    sửa_đổi thay_thế bổ_sung hướng_dẫn согласно соответствии изменени* основании отмен* исполнени* conformément vertu
    selon modifiant abrogeant application según conforme modifica virtud altera revoga revogando gemäß nach aufgrund
    ändert بموجب وفق بناء تعديل əsasən uyarinca"""
#: what stands so before an act is a part of its name
IMPLEMENTING = "implementing delegated"
#: the same for what follows an act: "Decree 12 amended"
AMENDED = """amended replaced repealed revised superseded annulled suspended sửa_đổi bãi_bỏ изменен* отменен* измен*
    modifié modifiée abrogé modificado modificada derogado derogada alterado alterada revogado revogada geändert
    aufgehoben değişti* değiştirildi ləğv dəyişdiril*"""
ISSUED = """issued issues issuing published publishes signed signs adopted adopts approved approves promulgated
    released ban_hành ký công_bố издал* издан* утвердил* утвержден* опубликовал* опубликован* подписал* подписан*
    принял* принят* publié publie adopté adopte signé publicó publica emitió aprobó firmó publicou publica emitiu
    aprovou assinou veröffentlicht erlassen verabschiedet أصدر أصدرت نشر نشرت imzaladi imzalayib təsdiq yayimladi"""

OPERATIONS = "operation opération operación operação операци* chiến_dịch əməliyyat* operasyon* exercise عملية учени*"
#: the count of an operation that has no numeral in its name
INSTALMENTS = """round edition phase iteration year season wave stage раунд* этап* фаз* год волн* édition phase année
    vague edición fase año ola edição ano mərhələ* aşama* etap* phase runde auflage giai_đoạn đợt lần مرحلة"""

#: what a word may stand for: category, value and words of every table
TABLES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("noun", NOUNS),
    ("body", BODIES),
    ("part", PARTS),
    ("report", REPORT),
    ("act", ACTS),
    ("month", {str(i): names for i, names in enumerate(MONTHS, 1)}),
    ("months", {"": MONTHS_WORD}),
    ("ahead", {"": AHEAD}),
    ("plan", {"": PLANS}),
    ("than", {"": NOT_THE_PERIOD}),
    ("than_after", {"": NOT_THE_PERIOD_AFTER}),
    ("first", {"": FIRST}),
    ("fiscal", {"": FISCAL}),
    ("to", {"": TO}),
    ("and", {"": AND}),
    ("between", {"": BETWEEN}),
    ("talks", {"": TALKS}),
    ("from", {"": FROM}),
    ("unit", {"": UNITS}),
    ("change", {"": CHANGE}),
    ("year", {"": YEAR_WORDS}),
    ("no_edition", {"": NOT_AN_EDITION}),
    ("function", {"": FUNCTION_WORDS}),
    ("number", {"": NUMBER_WORDS}),
    ("operation", {"": OPERATIONS}),
    ("instalment", {"": INSTALMENTS}),
    ("cited", {"": CITED}),
    ("implementing", {"": IMPLEMENTING}),
    ("issued", {"": ISSUED}),
    ("amended", {"": AMENDED}),
)
