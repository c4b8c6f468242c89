"""Titles of an invented multi-sport occasion in nine languages: one place, one fortnight, the same few hundred names.

Every event is one happening (a final, an injury, a count of the day); its titles come from several outlets, in one to
nine languages, in different words. All names, outlets and events are invented; results, days and wording are drawn with
a fixed seed. Names are spelt as each language's press spells foreign ones: Cyrillic, Arabic and Chinese by sound.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

Row = dict[str, str]

LANGUAGES = ("en", "es", "de", "fr", "pt", "ru", "sl", "ar", "zh")
#: how many titles of an event a language has, as weights of 0, 1, 2 and so on
_TITLES = {"en": (1, 2, 3, 2, 2, 1), "es": (3, 2, 2, 1), "de": (4, 2, 1, 1), "zh": (5, 2, 1), "ar": (6, 2, 1)}
_FEW = (5, 2, 1)
_START = datetime(2023, 7, 20, 8, tzinfo=UTC)
_DAYS = 16
_HOURS_OF_COVERAGE = 20

#: Latin, Cyrillic, Arabic, Chinese: first and last name
_PEOPLE = """
Mirela Dorcan|Мирела Доркан|ميريلا دوركان|米雷拉·多尔坎
Tomas Hedvall|Томас Хедвалль|توماس هيدفال|托马斯·赫德瓦尔
Keiko Aramori|Кейко Арамори|كيكو أراموري|荒森惠子
Joao Vilarte|Жоау Виларте|جواو فيلارتي|若昂·维拉特
Ngozi Adelanwa|Нгози Аделанва|نغوزي أديلانوا|恩戈齐·阿德兰瓦
Lukas Breitner|Лукас Брайтнер|لوكاس برايتنر|卢卡斯·布莱特纳
Chloe Marchand|Хлоя Маршан|كلوي مارشان|克洛伊·马尔尚
Dmitri Volgin|Дмитрий Волгин|دميتري فولغين|德米特里·沃尔金
Jaka Petrovnik|Яка Петровник|ياكا بيتروفنيك|亚卡·彼得罗夫尼克
Carmen Olivares|Кармен Оливарес|كارمن أوليفاريس|卡门·奥利瓦雷斯
Brandon Keller|Брэндон Келлер|براندون كيلر|布兰登·凯勒
Amira Haddadi|Амира Хаддади|أميرة حدادي|阿米拉·哈达迪
Zhou Lanting|Чжоу Ланьтин|تشو لانتينغ|周兰婷
Faith Kiprono|Фейт Кипроно|فيث كيبرونو|费思·基普罗诺
Rasmus Lindqvist|Расмус Линдквист|راسموس ليندكفيست|拉斯穆斯·林德奎斯特
Georgia Whitlam|Джорджия Уитлэм|جورجيا ويتلام|乔治娅·惠特拉姆
Mateus Ferraz|Матеус Ферраз|ماتيوس فيراز|马特乌斯·费拉兹
Elena Sorokina|Елена Сорокина|إيلينا سوروكينا|叶莲娜·索罗金娜
Hassan Berrada|Хассан Беррада|حسن برادة|哈桑·贝拉达
Ines Carvalhal|Инес Карвальял|إينيس كارفاليال|伊内斯·卡瓦利亚尔
"""
#: en, es, de, fr, pt, ru, sl, ar, zh
_COUNTRIES = """
Japan|Japón|Japan|Japon|Japão|Япония|Japonska|اليابان|日本
France|Francia|Frankreich|France|França|Франция|Francija|فرنسا|法国
Brazil|Brasil|Brasilien|Brésil|Brasil|Бразилия|Brazilija|البرازيل|巴西
Germany|Alemania|Deutschland|Allemagne|Alemanha|Германия|Nemčija|ألمانيا|德国
China|China|China|Chine|China|Китай|Kitajska|الصين|中国
Slovenia|Eslovenia|Slowenien|Slovénie|Eslovênia|Словения|Slovenija|سلوفينيا|斯洛文尼亚
Kenya|Kenia|Kenia|Kenya|Quênia|Кения|Kenija|كينيا|肯尼亚
Australia|Australia|Australien|Australie|Austrália|Австралия|Avstralija|أستراليا|澳大利亚
Egypt|Egipto|Ägypten|Égypte|Egito|Египет|Egipt|مصر|埃及
Spain|España|Spanien|Espagne|Espanha|Испания|Španija|إسبانيا|西班牙
Sweden|Suecia|Schweden|Suède|Suécia|Швеция|Švedska|السويد|瑞典
Canada|Canadá|Kanada|Canada|Canadá|Канада|Kanada|كندا|加拿大
"""
_SPORTS = """
judo|judo|Judo|judo|judô|дзюдо|judo|الجودو|柔道
swimming|natación|Schwimmen|natation|natação|плавание|plavanje|السباحة|游泳
fencing|esgrima|Fechten|escrime|esgrima|фехтование|sabljanje|المبارزة|击剑
rowing|remo|Rudern|aviron|remo|гребля|veslanje|التجديف|赛艇
weightlifting|halterofilia|Gewichtheben|haltérophilie|halterofilismo|тяжёлая атлетика|dvigovanje uteži|رفع الأثقال|举重
cycling|ciclismo|Radsport|cyclisme|ciclismo|велоспорт|kolesarstvo|الدراجات|自行车
climbing|escalada|Klettern|escalade|escalada|скалолазание|plezanje|التسلق|攀岩
tennis|tenis|Tennis|tennis|tênis|теннис|tenis|التنس|网球
"""
_TEAM_SPORTS = """
handball|balonmano|Handball|handball|handebol|гандбол|rokomet|كرة اليد|手球
hockey|hockey|Hockey|hockey|hóquei|хоккей|hokej|الهوكي|曲棍球
basketball|baloncesto|Basketball|basket|basquete|баскетбол|košarka|كرة السلة|篮球
volleyball|voleibol|Volleyball|volley|vôlei|волейбол|odbojka|الكرة الطائرة|排球
"""
#: {p} a person, {l} the last name, {c} and {d} countries, {s} a sport, {n} and {m} numbers, {g} the occasion
_TEMPLATES: dict[str, dict[str, tuple[str, ...]]] = {
    "gold": {
        "en": (
            "{p} wins {s} gold for {c} at {g}",
            "{g}: {c}'s {l} takes {s} title",
            "Golden night for {l} as {c} celebrates first {s} crown",
            "{l} storms to gold in {s} final",
            "'A dream come true': {p} on her {s} triumph",
        ),
        "es": (
            "{p} gana el oro en {s} en los {g}",
            "Oro para {c}: {l} reina en {s}",
            "{l} hace historia y se cuelga el oro",
        ),
        "de": ("{p} gewinnt Gold im {s}", "{g}: {l} holt Olympiagold für {c}", "Sensation perfekt: {l} ist Siegerin"),
        "fr": ("{p} sacrée en {s} aux {g}", "{s}: médaille d'or pour {l}", "{c}: l'or pour {l}"),
        "pt": ("{p} conquista o ouro no {s}", "{l} é campeã e dá ouro a {c}"),
        "ru": ("{p} завоевала золото {g}, {s}", "{s}: {l} стала чемпионкой", "{c} празднует победу: золото у {l}"),
        "sl": ("{p} osvojila zlato, {s}", "Zlata medalja za {l} na {g}"),
        "ar": ("{p} تفوز بالذهبية في {s}", "{c}: ذهبية {l} في {g}"),
        "zh": ("{p}夺得{s}金牌", "{g}：{c}选手{l}摘金"),
    },
    "injury": {
        "en": (
            "{p} out of {g} with knee injury",
            "{l} withdraws from {s} event",
            "Injury heartbreak for {c} star {l}",
            "{g}: {l} pulls out, citing injury",
            "Doctors rule {p} unfit to compete",
        ),
        "es": ("{p} se retira de los {g} por lesión", "{l} causa baja en {s}"),
        "de": ("{p} muss verletzt aufgeben", "{g}: Aus für {l}", "Verletzung: {s} ohne {l}"),
        "fr": ("{p}, blessée, renonce aux {g}", "Forfait de {l} en {s}"),
        "pt": ("{p} está fora dos {g} por lesão", "Lesão tira {l} do {s}"),
        "ru": ("{p} снялась с {g} из-за травмы", "Травма колена: {l} не выступит, {s}"),
        "sl": ("{p} zaradi poškodbe odstopila", "Konec iger za {l}"),
        "ar": ("{p} تنسحب من {g} بسبب الإصابة", "إصابة تبعد {l} عن {s}"),
        "zh": ("{p}因伤退出{g}", "{l}膝伤退赛 {s}"),
    },
    "doping": {
        "en": (
            "{p} fails drug test, sent home from {g}",
            "{c} {s} athlete {l} suspended over banned substance",
            "Doping: {l} provisionally banned",
            "{l} denies doping after positive sample",
        ),
        "es": ("{p} da positivo en un control antidopaje", "Dopaje: suspenden a {l}, de {c}"),
        "de": ("Dopingfall bei den Spielen: {p} gesperrt", "{l} positiv getestet"),
        "fr": ("Dopage: {p} exclue des {g}", "{l} contrôlée positive"),
        "pt": ("{p} é suspensa por doping", "Doping: {l} testa positivo"),
        "ru": ("Допинг-проба {p} дала положительный результат", "{l} отстранена от {g} за допинг"),
        "sl": ("{p} pozitivna na dopinškem testu",),
        "ar": ("إيقاف {p} بسبب المنشطات", "منشطات: استبعاد {l} من {g}"),
        "zh": ("{p}药检呈阳性被停赛", "{l}涉嫌兴奋剂 遭{g}禁赛"),
    },
    "record": {
        "en": (
            "{p} sets world record of {n} seconds",
            "World record! {l} clocks {n}",
            "{l} smashes {s} world record at {g}",
            "{n}: {c}'s {l} faster than ever",
        ),
        "es": ("Récord mundial de {p}: {n} segundos", "{l} bate el récord del mundo de {s}"),
        "de": ("Weltrekord: {p} in {n} Sekunden", "{l} verbessert Weltrekord auf {n}"),
        "fr": ("Record du monde pour {p} en {n}", "{l} pulvérise le record du monde"),
        "pt": ("{p} bate recorde mundial: {n}", "Recorde mundial de {l} em {g}"),
        "ru": ("{p} установила мировой рекорд: {n}", "Мировой рекорд на {g}: {l}, {n} секунды"),
        "sl": ("Svetovni rekord: {p} {n}", "{l} s svetovnim rekordom"),
        "ar": ("{p} تحطم الرقم القياسي العالمي: {n}", "رقم قياسي عالمي لـ {l} {n}"),
        "zh": ("{p}以{n}秒打破世界纪录", "{l}创世界纪录"),
    },
    "match": {
        "en": (
            "{c} beat {d} {n}-{m} in {s}",
            "{s}: {d} stunned by {c}",
            "{c} through to {s} semi-finals after win over {d}",
            "{g} {s}: {c} {n}-{m} {d}",
            "{d} crash out of {s} tournament",
        ),
        "es": ("{c} vence a {d} {n}-{m} en {s}", "{s}: {c} elimina a {d}"),
        "de": ("{s}: {c} schlägt {d} {n}:{m}", "{d} verliert gegen {c}"),
        "fr": ("{s}: {c} bat {d} {n}-{m}", "{d} éliminée par {c}"),
        "pt": ("{c} vence {d} por {n} a {m} no {s}", "{s}: {d} cai diante de {c}"),
        "ru": ("{s}: {c} — {d} {n}:{m}", "{c} обыграла команду {d} на {g}"),
        "sl": ("{s}: {c} premagala {d} {n}:{m}",),
        "ar": ("{c} تهزم {d} {n}-{m} في {s}", "{s}: خروج {d} أمام {c}"),
        "zh": ("{s}：{c}{n}比{m}战胜{d}", "{d}不敌{c} 无缘{s}四强"),
    },
    "village": {
        "en": (
            "{n} new virus cases among athletes at {g}",
            "{g}: infections in athletes' village rise by {n}",
            "Organisers report {n} positive tests",
            "Virus: {n} more cases linked to the Games",
        ),
        "es": ("{n} nuevos contagios en la villa de atletas", "Los {g} suman {n} positivos"),
        "de": ("{n} neue Infektionen im Athletendorf", "{g}: {n} positive Tests"),
        "fr": ("{n} nouveaux cas au village des athlètes", "{g}: {n} tests positifs"),
        "pt": ("{n} novos casos na vila dos atletas",),
        "ru": ("{n} новых случаев заражения на {g}", "В деревне спортсменов выявили {n} заболевших"),
        "sl": ("{n} novih okužb na {g}",),
        "ar": ("تسجيل {n} إصابة جديدة في {g}",),
        "zh": ("{g}新增{n}例确诊", "运动员村新增{n}例"),
    },
    "table": {
        "en": ("{g} medal table: {c} lead on day {n}", "Day {n}: {c} top the medals", "Medal count after day {n}"),
        "es": ("Medallero de los {g}: {c} lidera en la jornada {n}", "Así va el medallero, día {n}"),
        "de": ("Medaillenspiegel: {c} nach Tag {n} vorn",),
        "fr": ("Tableau des médailles, jour {n}: {c} en tête",),
        "pt": ("Quadro de medalhas: {c} lidera no dia {n}",),
        "ru": ("Медальный зачёт {g}, день {n}: лидирует {c}",),
        "sl": ("Lestvica medalj po {n}. dnevu: vodi {c}",),
        "ar": ("جدول الميداليات: {c} في الصدارة، اليوم {n}",),
        "zh": ("{g}奖牌榜第{n}日：{c}领先",),
    },
    "coach": {
        "en": (
            "{c} {s} coach sacked over insult to {l}",
            "Coach apologises to {p}",
            "{l} row: {c} dismiss {s} trainer",
            "Anger grows in {c} over coach's words about {l}",
        ),
        "es": ("{c} despide al entrenador que insultó a {p}", "El técnico de {s} pide perdón a {l}"),
        "de": ("Nach Entgleisung gegen {p}: Trainer muss gehen", "{s}: Eklat um {l}"),
        "fr": ("Insultes contre {p}: l'entraîneur limogé", "{s}: polémique autour de {l}"),
        "pt": ("Técnico é demitido após ofender {p}",),
        "ru": ("Тренера отстранили за оскорбление {p}", "Скандал вокруг {l}: {s}"),
        "sl": ("Trener odpuščen zaradi žalitve {p}",),
        "ar": ("إقالة مدرب {s} بعد إهانة {p}",),
        "zh": ("教练辱骂{p}被解职",),
    },
}
_OCCASION = dict(
    zip(
        LANGUAGES,
        (
            "Velmora Games",
            "Juegos de Velmora",
            "Velmora-Spiele",
            "Jeux de Velmora",
            "Jogos de Velmora",
            "Игры в Вельморе",
            "igrah v Velmori",
            "ألعاب فيلمورا",
            "维尔莫拉运动会",
        ),
        strict=True,
    )
)
_SCRIPT = {"ru": 1, "ar": 2, "zh": 3}
#: events of each kind
_EVENTS = {"gold": 26, "injury": 16, "doping": 8, "record": 12, "match": 30, "village": 12, "table": 14, "coach": 6}


def titles(seed: int = 1) -> list[Row]:
    """Return the titles in order of time as records of an import, each with its event."""
    draw = random.Random(seed)  # noqa: S311 - the same titles each time
    rows = [row for kind, count in _EVENTS.items() for n in range(count) for row in _event(kind, n, draw)]
    return sorted(rows, key=lambda row: (row["published"], row["id"]))


def _event(kind: str, number: int, draw: random.Random) -> Iterator[Row]:
    """Yield the titles of one event, each wording of a language at most once."""
    person = draw.choice(_lines(_PEOPLE))
    one, other = draw.sample(_lines(_COUNTRIES), 2)
    sport = draw.choice(_lines(_TEAM_SPORTS if kind == "match" else _SPORTS))
    figures = _figures(kind, number, draw)
    day = number if kind in {"table", "village"} else draw.randrange(_DAYS)
    begun = _START + timedelta(days=day, hours=draw.randrange(12))
    for place, lang in enumerate(LANGUAGES):
        wordings = _TEMPLATES[kind][lang]
        weights = _TITLES.get(lang, _FEW)
        count = min(len(wordings), draw.choices(range(len(weights)), weights)[0])
        for n, wording in enumerate(draw.sample(wordings, count)):
            name = person[_SCRIPT.get(lang, 0)]
            title = wording.format(
                p=name, l=_last(name), c=one[place], d=other[place], s=sport[place], g=_OCCASION[lang], **figures
            )
            at = begun + timedelta(hours=draw.random() * _HOURS_OF_COVERAGE)
            key = f"{kind}-{number}-{lang}-{n}"
            yield {
                "id": key, "outlet": f"Outlet {lang} {n}", "url": f"https://{lang}{n}.example/{key}", "title": title,
                "text": "", "published": at.isoformat(), "lang": lang, "event": f"{kind}-{number}",
            }  # fmt: skip


def _figures(kind: str, number: int, draw: random.Random) -> dict[str, str]:
    """Return the numbers of an event: seconds, a result, a count or a day."""
    if kind == "record":
        return {"n": f"{draw.randrange(9, 60)}.{draw.randrange(10, 100)}", "m": ""}
    if kind == "match":
        lost = draw.randrange(12, 30)
        return {"n": str(lost + draw.randrange(1, 9)), "m": str(lost)}
    return {"n": str(number + 2 if kind == "table" else draw.randrange(11, 80)), "m": ""}


def _last(name: str) -> str:
    """Return the last name; a Chinese one that is not divided stays whole."""
    return name.replace("·", " ").split(" ")[-1]


def _lines(table: str) -> list[list[str]]:
    """Return the rows of a table."""
    return [line.split("|") for line in table.strip().splitlines()]
