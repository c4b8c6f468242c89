"""The ordinals 1 to 199 in words, made by rule for the languages that write them out.

Endings are those of case and gender; forms are lower case, their parts split at blanks as a text is cut into words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator

LAST = 199


def _split(words: str) -> list[str]:
    """Return the words of a table."""
    return words.split()


_EN_UNITS = _split("""first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""")
_EN_TENS = _split("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth")

_RU_UNITS = _split("""перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат четырнадцат
    пятнадцат шестнадцат семнадцат восемнадцат девятнадцат""")
_RU_TENS = _split("двадцат тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност")
_RU_CARDINALS = _split("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_RU_ENDINGS = _split("ый ой ая ое ые ого ому ому ую ым ом ых")
_RU_THIRD = _split("ий ья ье ьи ьего ьему ьей ью ьим ьем ьих")

_AZ_UNITS = _split("birinci ikinci üçüncü dördüncü beşinci altıncı yeddinci səkkizinci doqquzuncu")
_AZ_TENS = _split("onuncu iyirminci otuzuncu qırxıncı əllinci altmışıncı yetmişinci səksəninci doxsanıncı")
_AZ_CARDINALS = _split("on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan")
_TR_UNITS = _split("birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu")
_TR_TENS = _split("onuncu yirminci otuzuncu kırkıncı ellinci altmışıncı yetmişinci sekseninci doksanıncı")
_TR_CARDINALS = _split("on yirmi otuz kırk elli altmış yetmiş seksen doksan")

_DE_UNITS = _split("""erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt
    fünfzehnt sechzehnt siebzehnt achtzehnt neunzehnt""")
_DE_DIGITS = _split("ein zwei drei vier fünf sechs sieben acht neun")
_DE_TENS = _split("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")

_ES_UNITS = _split("primer segund tercer cuart quint sext séptim octav noven")
_ES_TENS = _split("décim vigésim trigésim cuadragésim quincuagésim sexagésim septuagésim octogésim nonagésim")
_PT_UNITS = _split("primeir segund terceir quart quint sext sétim oitav non")
_PT_TENS = _split("décim vigésim trigésim quadragésim quinquagésim sexagésim septuagésim octogésim nonagésim")

_FR_CARDINALS = _split("""un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
    dix_sept dix_huit dix_neuf""")
_FR_TENS = _split("vingt trente quarante cinquante soixante")

_VI_DIGITS = _split("một hai ba bốn năm sáu bảy tám chín")

_AR_UNITS = _split("اول ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر")
_AR_TENS = _split("عشر ثلاث اربع خمس ست سبع ثمان تسع")

_TEN, _TWENTY, _SEVENTY, _EIGHTY, _HUNDRED = 10, 20, 70, 80, 100


def ordinal_words() -> Iterator[tuple[str, int]]:
    """Yield every form with its value; a form is never given two values."""
    makers: tuple[Callable[[int], Iterable[str]], ...] = (
        english, russian, azerbaijani, turkish, german, spanish, portuguese, french, vietnamese, arabic,
    )  # fmt: skip
    for make in makers:
        for number in range(1, LAST + 1):
            for form in make(number):
                yield form, number
                if make is not vietnamese and (plain := _plain(form)) != form:
                    yield plain, number


def english(number: int) -> list[str]:
    """Return forms such as "eighty eighth" and "one hundred and forty first"."""
    hundreds, rest = divmod(number, _HUNDRED)
    if not rest:
        return ["hundredth", "one hundredth"]
    words = _EN_UNITS[rest - 1] if rest < _TWENTY else _joined_english(rest)
    return [f"one hundred and {words}", f"one hundred {words}", f"hundred and {words}"] if hundreds else [words]


def _joined_english(rest: int) -> str:
    """Return the words of 20 to 99."""
    tens, unit = divmod(rest, _TEN)
    tenth = _EN_TENS[tens - 2]
    return f"{tenth.removesuffix('ieth')}y {_EN_UNITS[unit - 1]}" if unit else tenth


def russian(number: int) -> list[str]:
    """Return forms such as "восемьдесят восьмая" in all cases and genders."""
    hundreds, rest = divmod(number, _HUNDRED)
    lead = "сто " if hundreds else ""
    if not rest:
        return [f"сот{ending}" for ending in _RU_ENDINGS]
    if rest < _TWENTY:
        return [lead + form for form in _russian_unit(rest)]
    tens, unit = divmod(rest, _TEN)
    if unit:
        return [f"{lead}{_RU_CARDINALS[tens - 2]} {form}" for form in _russian_unit(unit)]
    return [lead + _RU_TENS[tens - 2] + ending for ending in _RU_ENDINGS]


def _russian_unit(unit: int) -> list[str]:
    """Return the forms of 1 to 19."""
    endings = _RU_THIRD if _RU_UNITS[unit - 1] == "трет" else _RU_ENDINGS
    return [_RU_UNITS[unit - 1] + ending for ending in endings]


def azerbaijani(number: int) -> list[str]:
    """Return forms such as "səksən səkkizinci"."""
    return _turkic(number, (_AZ_UNITS, _AZ_TENS, _AZ_CARDINALS), "yüz")


def turkish(number: int) -> list[str]:
    """Return forms such as "seksen sekizinci"."""
    return _turkic(number, (_TR_UNITS, _TR_TENS, _TR_CARDINALS), "yüz")


def _turkic(number: int, parts: tuple[list[str], list[str], list[str]], hundred: str) -> list[str]:
    """Return the form of a number in Azerbaijani or Turkish."""
    units, ten_ordinals, ten_cardinals = parts
    hundreds, rest = divmod(number, _HUNDRED)
    if not rest:
        return [f"{hundred}üncü"]
    tens, unit = divmod(rest, _TEN)
    words = ten_ordinals[tens - 1] if not unit else units[unit - 1]
    lead = [hundred] * hundreds + ([ten_cardinals[tens - 1]] if unit and tens else [])
    return [" ".join([*lead, words])]


def german(number: int) -> list[str]:
    """Return forms such as "achtundachtzigste" with all endings."""
    hundreds, rest = divmod(number, _HUNDRED)
    leads = ["hundert", "einhundert"] if hundreds else [""]
    stem = _german_stem(rest) if rest else "st"
    stems = [stem, "siebent"] if rest == _DE_DIGITS.index("sieben") + 1 else [stem]
    return [f"{lead}{one}e{ending}" for lead in leads for one in stems for ending in ("", "r", "n", "s", "m")]


def _german_stem(rest: int) -> str:
    """Return the stem of 1 to 99."""
    if rest < _TWENTY:
        return _DE_UNITS[rest - 1]
    tens, unit = divmod(rest, _TEN)
    lead = f"{_DE_DIGITS[unit - 1]}und" if unit else ""
    return f"{lead}{_DE_TENS[tens - 2]}st"


def spanish(number: int) -> list[str]:
    """Return forms such as "octogésima octava", "decimotercera" and "tercer"."""
    short = {1: ["primer"], 3: ["tercer"]}.get(number, [])
    eleventh = {11: ["undécimo", "undécima"], 12: ["duodécimo", "duodécima"]}.get(number, [])
    return short + eleventh + _iberian(number, _ES_UNITS, _ES_TENS, "centésim")


def portuguese(number: int) -> list[str]:
    """Return forms such as "octogésima oitava"."""
    return _iberian(number, _PT_UNITS, _PT_TENS, "centésim")


def _iberian(number: int, units: list[str], tens: list[str], hundred: str) -> list[str]:
    """Return the forms of a number in Spanish or Portuguese, both genders, split and joined."""
    hundreds, rest = divmod(number, _HUNDRED)
    ten, unit = divmod(rest, _TEN)
    stems = [hundred] * hundreds + ([tens[ten - 1]] if ten else []) + ([units[unit - 1]] if unit else [])
    forms = [" ".join(stem + gender for stem in stems) for gender in "oa"]
    if ten in {1, 2} and unit and not hundreds:
        joined = _plain(tens[ten - 1]) + "o" + units[unit - 1]
        forms += [joined + "o", joined + "a", tens[ten - 1] + "o " + units[unit - 1] + "a"]
    return forms


def french(number: int) -> list[str]:
    """Return forms such as "quatre vingt huitième", "premier" and "vingt et unième"."""
    hundreds, rest = divmod(number, _HUNDRED)
    lead = "cent " if hundreds else ""
    if number <= 2:  # noqa: PLR2004 - the two irregular ones
        return [["premier", "première"], ["deuxième", "second", "seconde"]][number - 1]
    if not rest:
        return ["centième"]
    *before, last = _french_cardinal(rest).replace("_", " ").split()
    return [lead + " ".join([*before, _french_last(last)])]


def _french_cardinal(rest: int) -> str:
    """Return the cardinal of 1 to 99, its parts split at blanks."""
    if rest < _TWENTY:
        return _FR_CARDINALS[rest - 1]
    base = _EIGHTY if rest >= _EIGHTY else min(rest // _TEN, 6) * _TEN
    tens = "quatre vingt" if base == _EIGHTY else _FR_TENS[base // _TEN - 2]
    if rest == base:
        return tens
    joint = " et " if (rest - base) in {1, 11} and base != _EIGHTY else " "
    return f"{tens}{joint}{_FR_CARDINALS[rest - base - 1]}"


def _french_last(word: str) -> str:
    """Return the ordinal of the last part of a cardinal."""
    if word in {"cinq", "neuf"}:
        return {"cinq": "cinquième", "neuf": "neuvième"}[word]
    return word.removesuffix("e") + "ième"


def vietnamese(number: int) -> list[str]:
    """Return forms such as "thứ tám mươi tám" and "thứ một trăm bốn mươi mốt"."""
    hundreds, rest = divmod(number, _HUNDRED)
    lead = "một trăm " if hundreds else ""
    if not rest:
        return ["thứ một trăm"]
    special = {1: ["nhất"], 4: ["tư"]}.get(number, [])
    joint = ["linh ", "lẻ "] if hundreds and rest < _TEN else [""]
    return [f"thứ {lead}{one}{words}" for one in joint for words in [*special, *_vietnamese_forms(rest)]]


def _vietnamese_forms(rest: int) -> list[str]:
    """Return the forms of 1 to 99."""
    tens, unit = divmod(rest, _TEN)
    base = {0: "", 1: "mười "}.get(tens, f"{_VI_DIGITS[tens - 1]} mươi ")
    if not unit:
        return [base.strip()]
    others = {1: ["mốt"], 4: ["tư"]} if tens > 1 else {}
    fifth = {5: ["lăm", "nhăm"]} if tens else {}
    return [base + word for word in [_VI_DIGITS[unit - 1], *others.get(unit, []), *fifth.get(unit, [])]]


def arabic(number: int) -> list[str]:
    """Return forms such as "ثامنة وثمانون", both genders and cases, as they are after folding."""
    hundreds, rest = divmod(number, _HUNDRED)
    hundred_words = ["مائة", "مئة"]
    if not rest:
        return hundred_words
    return [
        form + tail
        for form in _arabic_forms(rest)
        for tail in ([f" بعد ال{h}" for h in hundred_words] if hundreds else [""])
    ]


def _arabic_forms(rest: int) -> list[str]:
    """Return the forms of 1 to 99."""
    tens, unit = divmod(rest, _TEN)
    if rest <= _TEN:
        return [_AR_UNITS[rest - 1], "اولي" if rest == 1 else _AR_UNITS[rest - 1] + "ة"]
    feminine = "حادية" if unit == 1 else (_AR_UNITS[unit - 1] + "ة" if unit else "")
    masculine = "حادي" if unit == 1 else (_AR_UNITS[unit - 1] if unit else "")
    if tens == 1:
        return [f"{masculine} عشر", f"{feminine} عشرة"]
    ending = [_AR_TENS[tens - 2] + case for case in ("ون", "ين")]
    return [f"{one} وال{ten}" if one else ten for one in dict.fromkeys([masculine, feminine]) for ten in ending]


def _plain(form: str) -> str:
    """Return a form without its accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", form) if not unicodedata.combining(c))
