"""Units, magnitudes and currencies as customs news writes them, each with what one of it is in the base unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.stories.fact_words import plain

#: units that other words than goods are counted in
COUNTED = frozenset(["container", "truck", "parcels", "passenger", "ship", "train", "flight", "luggage", "firm"])

_CONVERSIONS = {
    ("kg", 1.0): """kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes kilogramm kilogramo kilogramos quilo
        quilos quilograma quilogramas кг килограмм килограмма килограммов kiloqram kq كيلوغرام كيلوجرام كغ كيلو كغم
        cân ký 公斤 千克""",
    ("kg", 1000.0): """t ton tons tonne tonnes tonelada toneladas tonnen т тонна тонны тонн тонну ton tấn طن أطنان 吨
        metric-ton metric-tonne metric-tons metric-tonnes""",
    ("kg", 0.001): "g gram grams gramme grammes gramos gramas gramm г грамм грамма граммов qram gam غرام جرام 克",
    ("kg", 0.45359237): "lb lbs pound-weight libras",
    ("kg", 0.0283495231): "oz ounce ounces onzas onces унция унций",
    ("kg", 100.0): "quintal quintals quintales центнер центнеров",
    ("litre", 1.0): """l litre litres liter liters litro litros литр литра литров litr litrə lít لتر لترات 升 公升""",
    ("litre", 158.987295): "barrel barrels barril barriles barris баррель баррелей barel برميل 桶",
    ("litre", 1000.0): "m³ cubic-metres cubic-meters кубометр кубометров",
    (
        "stick",
        1.0,
    ): """stick sticks cigarette cigarettes cigarrillos cigarros zigaretten сигарета сигареты сигарет siqaret
        سيجارة điếu 支""",
    (
        "stick",
        20.0,
    ): """pack packs packet packets paquets cajetilla cajetillas maços packungen schachteln пачка пачки пачек
        qutu paket علبة علب bao 包""",
    ("stick", 200.0): "carton cartons cartouches stangen блок блоков karton 条",
    ("m", 1.0): "m metre metres meter meters metros mètres метр метров متر mét 米",
    ("m", 1000.0): "km kilometre kilometres kilometer kilometers км километр километров كيلومتر 公里",
    (
        "%",
        1.0,
    ): "% percent per-cent pct prozent процент процента процентов faiz yüzde بالمائة بالمئة por-ciento por-cento "
    "pour-cent phần-trăm",
    ("hour", 1.0): "hour hours heures heure horas hora stunden час часа часов saat ساعة ساعات giờ 小时",
    ("day", 1.0): "day days jours jour días dia dias tage tagen день дня дней gün أيام يوم ngày 天",
    (
        "tablet",
        1.0,
    ): """tablet tablets pill pills capsule capsules comprimés comprimidos pastillas tabletten pillen таблетка
        таблетки таблеток həb حبة حبوب قرص أقراص viên 粒 片""",
    ("pair", 1.0): "pair pairs paires pares paar пара пары пар cüt çift زوج đôi 双",
}

_MAGNITUDES = {
    1e2: "hundred cent cientos hundert сто yüz trăm مئة 百",
    1e3: "thousand k mille mil tausend тыс тысяча тысячи тысяч min bin nghìn ngàn ألف آلاف الف 千",
    1e4: "万 萬",
    1e5: "lakh lakhs lac lacs",
    1e6: "million millions m mn mln millón millones milhão milhões millionen mio млн миллион миллиона миллионов milyon "
    "triệu مليون ملايين",
    1e7: "crore crores cr",
    1e8: "亿 億",
    1e9: "billion billions bn bln milliard milliards milliarden mrd млрд миллиард миллиарда миллиардов milyard milyar "
    "tỷ tỉ مليار",
    1e12: "trillion trillions tn трлн триллион trilyon تريليون",
}

_CURRENCIES = {
    "USD": "$ usd us$ dollar dollars dólares dólar доллар доллара долларов dollar dolar đô-la دولار 美元",
    "EUR": "€ eur euro euros евро avro يورو 欧元",
    "GBP": "£ gbp sterling pounds",
    "CNY": "¥ cny rmb yuan юань юаней 元 人民币",
    "INR": "₹ inr rs rupee rupees",
    "RUB": "₽ rub rouble roubles ruble rubles руб рубль рубля рублей",
    "VND": "₫ vnd dong đồng",
    "TRY": "₺ tl try lira lirası",
    "NGN": "₦ ngn naira",
    "KES": "kes ksh sh shilling shillings",
    "AZN": "₼ azn manat manats манат манатов",
    "GEL": "₾ gel lari лари",
    "KZT": "₸ kzt tenge тенге",
    "UAH": "₴ uah hryvnia гривна гривен гривень",
    "UZS": "uzs sum soum сум сумов",
    "AED": "aed dirham dirhams درهم دراهم",
    "SAR": "sar riyal riyals ريال",
    "BRL": "brl reais real",
    "MXN": "mxn pesos peso",
    "PEN": "pen soles",
    "THB": "thb baht",
    "XOF": "xof fcfa cfa",
    "ZAR": "zar rand",
    "PKR": "pkr",
}

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
WORDS_FOR_NUMBERS: Mapping[str, int] = {word: value for value, word in enumerate(_SMALL)}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
TENS: Mapping[str, int] = {word: 10 * value for value, word in enumerate(_TENS, start=2)}


def _split(written: str) -> Iterator[str]:
    """Yield the words of a table; those that are joined by a hyphen stand apart in a text."""
    return (" ".join(map(plain, word.split("-"))) for word in written.split())


UNITS: Mapping[str, tuple[str, float]] = {
    word: base for base, listed in _CONVERSIONS.items() for word in _split(listed)
}
MAGNITUDES: Mapping[str, float] = {word: value for value, listed in _MAGNITUDES.items() for word in _split(listed)}
CURRENCIES: Mapping[str, str] = {word: code for code, listed in _CURRENCIES.items() for word in _split(listed)}
