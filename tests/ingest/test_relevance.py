"""What is about customs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.relevance import judge, judge_with, load_terms

TERMS = load_terms()


def keeps(title: str, text: str = "") -> bool:
    """Tell whether the shipped vocabulary keeps a piece."""
    return judge(title, text, terms=TERMS).keep


@pytest.mark.parametrize(
    "title",
    [
        "Customs officers find 40 kg of cocaine in pineapple crates",
        "World Customs Organization adopts new work plan",
        "Lawmakers vote for higher import duties on steel",
        "Anti-dumping duty on ceramic tiles extended",
        "Gömrük postunda qaçaqmalçılığın qarşısı alınıb",
        "Таможенники нашли в фуре контрабанду",
        "На таможне внедрили электронное декларирование",
        "Hải quan cửa khẩu phát hiện lô hàng lậu",
        "Les douaniers saisissent deux tonnes de tabac",
        "La aduana decomisa relojes falsos",
        "الجمارك تحبط تهريب شحنة سجائر",
        "جمارك الميناء تضبط حاوية",
        "海关查获走私香烟",
        "海关总署发布新规",
        "Gümrük ekipleri kaçak sigara ele geçirdi",
        "Zollbeamte stellen Kokain sicher",
        "Der Zoll findet gefälschte Uhren im Container",
        "Alfândega apreende cigarros no porto",
    ],
)
def test_headlines_about_customs_are_kept(title: str) -> None:
    """A headline that names the service or its work is enough, in every language."""
    assert keeps(title)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Village keeps its old customs",
            "The customs and traditions of the valley are taught at school. Customs matter here.",
        ),
        (
            "Wedding customs of the coast",
            "Such wedding customs cross every border. The customs of the bride's family come first.",
        ),
        (
            "Regulator raises electricity tariffs",
            "The electricity tariff rises by 4 per cent, the power tariff for plants by 6.",
        ),
        ("Tariffs", "Tariffs, tariffs and again tariffs: the word of the year is tariff."),
        ("Gentler ways with smugglers in fiction", "The smuggler of the novel smuggles nothing but smuggled kisses."),
        ("Officer on duty saves child", "The duty officer was on duty when the call came, in the line of duty."),
        ("Повышены тарифы ЖКХ", "Тарифы на электроэнергию и тарифы на воду вырастут летом."),
        ("55 Zoll groß", "Der neue 55-Zoll-Monitor ist günstig."),
        ("", ""),
        ("Team wins the cup", "A late goal decided the final."),
    ],
)
def test_other_meanings_are_dropped(title: str, text: str) -> None:
    """Traditions, electricity prices, people on duty and a single ambiguous word do not suffice."""
    assert not keeps(title, text)


def test_several_weak_terms_suffice_together() -> None:
    """Without the word customs, enough words of the trade say the same."""
    assert keeps(
        "Scanner finds tobacco", "The container was declared as tea; importer and forwarder at the port are questioned."
    )


def test_title_counts_more_than_text() -> None:
    """The same words weigh more in the title."""
    words = "Customs officers at work"
    assert judge(words, "", terms=TERMS).score > judge("", words, terms=TERMS).score


def test_repetition_counts_ever_less() -> None:
    """The tenth mention adds next to nothing, so a long text does not win by length."""
    scores = [judge("", "tariff " * count, terms=TERMS).score for count in (1, 2, 3, 50)]
    assert scores == sorted(scores)
    assert scores[1] - scores[0] > scores[2] - scores[1] > scores[3] - scores[2]
    assert scores[3] <= 2 * scores[0]


def test_end_of_a_long_text_is_not_read() -> None:
    """News is at the top; what stands at the very end of a long text does not count."""
    assert not keeps("Cup final", "goal " * 1000 + "customs officers seized cocaine")


def test_verdict_explains_itself() -> None:
    """Terms and reason name what decided, the heaviest first."""
    verdict = judge("Customs officers seize cigarettes", "", terms=TERMS)
    assert verdict.terms == ("customs officers", "cigarettes")
    assert verdict.reason == f"score {verdict.score:g} of 3 needed: customs officers, cigarettes"
    assert judge("Cup", "", terms=TERMS).reason == "no term of customs in it"


def test_threshold_of_ones_own() -> None:
    """A higher threshold keeps less, also through the ready-made stage."""
    assert judge_with()("Customs officers meet", "").keep
    assert not judge_with(None, 9.0)("Customs officers meet", "").keep


def test_terms_of_ones_own() -> None:
    """Own terms add or take away, and replace a shipped term of the same words."""
    own = judge_with({"en": {"harbour dues": 3.5, "customs officers": -2.0}, "eo": {"doganist*": 3.0}})
    assert own("Harbour dues rise", "").keep
    assert own("Doganistoj trovas drogon", "").keep
    assert not own("Customs officers meet", "").keep
    assert load_terms({}) is load_terms()


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=150)
def test_any_text_gets_a_finite_score(title: str, text: str) -> None:
    """No text raises, the score is not negative, and keeping agrees with it."""
    verdict = judge(title, text, terms=TERMS)
    assert 0 <= verdict.score < 100
    assert verdict.keep == (verdict.score >= TERMS.threshold)


#: headlines as outlets write them, not taken from any: the vocabulary is wider than that of the corpora it was measured on
HEADLINES = [
    ("en", "New HS codes for electric bicycles enter into force in January", True),
    ("en", "WTO members review implementation of the Trade Facilitation Agreement", True),
    ("en", "Country joins ATA carnet system to ease temporary imports", True),
    ("en", "Ministry abolishes export duty on scrap metal", True),
    ("en", "Free zone operators ask for simpler transit procedures", True),
    ("en", "Smugglers' warehouse with 2 million contraband cigarettes found near border", True),
    ("en", "Government raises import tariffs on sugar to 40 percent", True),
    ("en", "AEO programme: 15 companies receive certificates", True),
    ("en", "Single window platform processed 2 million declarations", True),
    ("en", "CBP officers intercept counterfeit watches at airport", True),
    ("en", "HMRC launches consultation on import VAT and duty deferment", True),
    ("en", "Anti-dumping duty on Chinese steel extended five years", True),
    ("en", "Carbon border adjustment mechanism: importers must report emissions", True),
    ("en", "De minimis threshold for low-value parcels abolished", True),
    ("az", "Dövlət Gömrük Komitəsinin sədri Brüsseldə görüş keçirib", True),
    ("az", "Sərhəddə 20 kq narkotik vasitə aşkarlanıb, qaçaqmalçı saxlanılıb", True),
    ("az", "İdxal rüsumları yeni il üçün dəyişdirilib", True),
    ("az", "ATA kitabçası ilə müvəqqəti idxal sadələşir", True),
    ("az", "Azad ticarət zonasında ixrac güzəştləri tətbiq olunacaq", True),
    ("az", "Səlahiyyətli iqtisadi operator statusu verilib", True),
    ("ru", "На границе пресечена попытка провоза 200 кг гашиша в тайнике грузовика", True),
    ("ru", "Правительство обнулило ввозные пошлины на оборудование", True),
    ("ru", "Коды ТН ВЭД для электромобилей изменены с января", True),
    ("ru", "Книжки МДП и карнет АТА будут оформлять в электронном виде", True),
    ("ru", "Статус УЭО получили ещё десять компаний", True),
    ("ru", "В порту изъяли контрафактные кроссовки", True),
    ("ru", "Свободная экономическая зона получила новые льготы для импортеров", True),
    ("vi", "Bắt giữ 30 kg ma túy tại cửa khẩu quốc tế", True),
    ("vi", "Giảm thuế nhập khẩu xăng dầu từ tháng sau", True),
    ("vi", "Doanh nghiệp ưu tiên được công nhận thêm 5 đơn vị", True),
    ("vi", "Triển khai cơ chế một cửa quốc gia ASEAN", True),
    ("vi", "Áp thuế chống bán phá giá tạm thời với thép Trung Quốc", True),
    ("vi", "Phát hiện container hàng lậu tại cảng Cát Lái", True),
    ("fr", "Saisie record de 3 tonnes de cannabis par les douaniers du Havre", True),
    ("fr", "Hausse des droits de douane sur l'acier américain", True),
    ("fr", "Le guichet unique du commerce extérieur dématérialise les déclarations", True),
    ("fr", "Contrebande de cigarettes : cinq interpellations à la frontière", True),
    ("fr", "Les droits antidumping sur les vélos électriques prolongés", True),
    ("fr", "Zone franche : nouveau régime suspensif pour les importateurs", True),
    ("es", "La aduana incauta 500 kilos de cocaína en el puerto", True),
    ("es", "Gobierno elimina aranceles a la importación de alimentos", True),
    ("es", "Contrabando de cigarrillos: decomisan un camión en la frontera", True),
    ("es", "Nueva ventanilla única de comercio exterior", True),
    ("es", "La SUNAT intervino mercancía sin declarar en el aeropuerto", True),
    ("es", "Zona franca amplía el régimen de admisión temporal", True),
    ("ar", "الجمارك تضبط 20 كيلو من الكوكايين في المطار", True),
    ("ar", "رفع الرسوم الجمركية على السيارات المستوردة", True),
    ("ar", "إحباط تهريب مليون حبة كبتاغون عبر منفذ حدودي", True),
    ("ar", "توقيع اتفاقية للاعتراف المتبادل بالمشغل الاقتصادي المعتمد", True),
    ("ar", "هيئة الزكاة والضريبة والجمارك تطلق منصة جديدة", True),
    ("ar", "مصادرة بضائع مقلدة في الميناء", True),
    ("zh", "海关总署发布新版商品编码目录", True),
    ("zh", "拱北海关查获走私香烟一千条", True),
    ("zh", "财政部下调部分商品进口关税", True),
    ("zh", "商务部对进口钢材征收反倾销税", True),
    ("zh", "AEO互认安排签署，企业通关提速", True),
    ("zh", "国际贸易单一窗口覆盖全部口岸", True),
    ("tr", "Gümrük Muhafaza ekipleri 300 kilo esrar ele geçirdi", True),
    ("tr", "İthalatta ilave gümrük vergisi oranları değişti", True),
    ("tr", "Kapıkule'de kaçak sigara yakalandı", True),
    ("tr", "Yetkilendirilmiş yükümlü statüsü alan firma sayısı arttı", True),
    ("tr", "Serbest bölgeler yönetmeliği değişti, ihracatçıya kolaylık", True),
    ("de", "Zoll findet 200 Kilo Kokain im Hamburger Hafen", True),
    ("de", "EU senkt Einfuhrzölle auf Düngemittel", True),
    ("de", "Schmuggel von Zigaretten: Zollfahndung durchsucht Lagerhallen", True),
    ("de", "Neue Warennummern im Zolltarif ab Januar", True),
    ("de", "Antidumpingzölle auf E-Autos aus China beschlossen", True),
    ("pt", "Receita Federal apreende 1 tonelada de cocaína no Porto de Santos", True),
    ("pt", "Governo zera imposto de importação de arroz", True),
    ("pt", "Alfândega destrói mercadorias contrafeitas", True),
    ("pt", "Medida antidumping sobre pneus é prorrogada", True),
    ("pt", "Portal Único do comércio exterior terá nova declaração de importação", True),
    ("pt", "AT e alfândegas reforçam controlo de encomendas", True),
    ("en", "Local customs and traditions shape the wedding season in the valley", False),
    ("en", "Police officer off duty saves child from river", False),
    ("en", "Phone company announces new tariffs for mobile data", False),
    ("en", "Parliament adopts budget for schools and hospitals", False),
    ("en", "Football: national team qualifies after penalty shoot-out", False),
    ("en", "Company imports workers' ideas into its culture", False),
    ("en", "Court sentences man for drug dealing near school", False),
    ("en", "Port city celebrates jazz festival with cargo of talent", False),
    ("az", "Bakıda qış mövsümü üçün mobil tarif paketləri təqdim olunub", False),
    ("az", "Milli komanda oyunda qalib gəlib", False),
    ("ru", "Сборная выиграла матч благодаря голу на последней минуте", False),
    ("ru", "Тарифы на проезд в метро вырастут с января", False),
    ("ru", "Полиция изъяла наркотики у жителя пригорода", False),
    ("vi", "Đội tuyển quốc gia giành chiến thắng trên sân nhà", False),
    ("vi", "Giá điện tăng từ tháng sau", False),
    ("fr", "Les coutumes locales célébrées au festival d'été", False),
    ("fr", "La police saisit du cannabis dans un appartement", False),
    ("fr", "Le tarif réduit des trains prolongé", False),
    ("es", "La selección gana el partido en los últimos minutos", False),
    ("es", "La policía incauta marihuana en una casa del barrio", False),
    ("es", "Sube la tarifa de luz en enero", False),
    ("ar", "المنتخب يفوز في المباراة النهائية", False),
    ("ar", "ارتفاع رسوم الجامعات الخاصة", False),
    ("ar", "الشرطة تضبط مخدرات في منزل", False),
    ("zh", "国家队在最后时刻赢得比赛", False),
    ("zh", "警方在住宅查获毒品", False),
    ("zh", "居民电价下月调整", False),
    ("tr", "Milli takım son dakikada kazandı", False),
    ("tr", "Polis evde uyuşturucu ele geçirdi", False),
    ("tr", "Elektrik tarifesi ocakta değişiyor", False),
    ("de", "Nationalmannschaft gewinnt in letzter Minute", False),
    ("de", "Polizei stellt Rauschgift in Wohnung sicher", False),
    ("de", "27 Zoll Monitor im Test", False),
    ("pt", "Seleção vence partida nos últimos minutos", False),
    ("pt", "Polícia apreende maconha em casa", False),
    ("pt", "Tarifa de ônibus sobe em janeiro", False),
]


@pytest.mark.parametrize(("lang", "headline", "about_customs"), HEADLINES)
def test_headlines_of_eleven_languages(lang: str, headline: str, about_customs: bool) -> None:
    """A headline alone shows what is about customs, its instruments included, and what only sounds like it."""
    assert judge(headline, "", terms=TERMS).keep is about_customs, lang
