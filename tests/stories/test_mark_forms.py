"""Editions in the forms and languages in which they are written: what differs is told apart, what agrees is not.

Each row is one pair of headlines, invented, that name two editions (`apart`) or one edition in two ways (`one`).
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.stories.marks import conflict, read_marks

NOW = datetime(2026, 11, 22, tzinfo=UTC)

#: language of the first, its headline, language of the second, its headline
Row = tuple[str, str, str, str]

SESSIONS_APART: list[Row] = [
    (
        "en",
        "Eighty-eighth session of the Tariff Council opens",
        "en",
        "Eighty-ninth session of the Tariff Council opens",
    ),
    ("en", "Tariff Council holds its 141st session", "en", "Tariff Council holds its 142nd session"),
    ("en", "LXXXVIII session of the Tariff Council", "en", "LXXXIX session of the Tariff Council"),
    ("en", "One hundred and twelfth session of the Council", "en", "One hundred and thirteenth session of the Council"),
    ("en", "The 23rd meeting of the Working Group", "en", "The 24th meeting of the Working Group"),
    ("en", "141st/142nd sessions of the Council", "en", "143rd/144th sessions of the Council"),
    ("fr", "88e session du Comité du tarif", "fr", "89e session du Comité du tarif"),
    ("fr", "La 12ème réunion du Comité technique", "fr", "La 13ème réunion du Comité technique"),
    ("fr", "Quatre-vingt-huitième session du Conseil", "fr", "Quatre-vingt-neuvième session du Conseil"),
    ("es", "88.ª sesión del Consejo de Aduanas", "es", "89.ª sesión del Consejo de Aduanas"),
    ("es", "La XXIV reunión de directores de aduanas", "es", "La XXV reunión de directores de aduanas"),
    ("es", "Octogésima octava sesión del Comité", "es", "Octogésima novena sesión del Comité"),
    ("ru", "88-я сессия Совета по тарифам", "ru", "89-я сессия Совета по тарифам"),
    ("ru", "Восемьдесят восьмая сессия Совета", "ru", "Восемьдесят девятая сессия Совета"),
    ("ru", "Состоялось 45-е заседание Комитета", "ru", "Состоялось 46-е заседание Комитета"),
    ("ru", "XVII заседание Коллегии", "ru", "XVIII заседание Коллегии"),
    ("az", "Şuranın 88-ci sessiyası keçirilib", "az", "Şuranın 89-cu sessiyası keçirilib"),
    ("az", "Komitənin səksən səkkizinci iclası", "az", "Komitənin səksən doqquzuncu iclası"),
    ("vi", "Kỳ họp lần thứ 88 của Hội đồng Hải quan", "vi", "Kỳ họp lần thứ 89 của Hội đồng Hải quan"),
    ("vi", "Hội nghị Tổng cục trưởng lần thứ ba mươi ba", "vi", "Hội nghị Tổng cục trưởng lần thứ ba mươi tư"),
    ("ar", "الدورة 88 لمجلس التعرفة", "ar", "الدورة 89 لمجلس التعرفة"),
    ("ar", "الدورة الثامنة والثمانون للمجلس", "ar", "الدورة التاسعة والثمانون للمجلس"),
    ("ar", "الاجتماع الثالث والعشرون للجنة", "ar", "الاجتماع الرابع والعشرون للجنة"),
    ("zh", "关税委员会第88届会议开幕", "zh", "关税委员会第89届会议开幕"),
    ("zh", "海关合作委员会第八十八次会议", "zh", "海关合作委员会第八十九次会议"),
    ("de", "88. Sitzung des Zollrats", "de", "89. Sitzung des Zollrats"),
    ("pt", "88.ª sessão do Conselho Aduaneiro", "pt", "89.ª sessão do Conselho Aduaneiro"),
    ("tr", "Konseyin 88'inci oturumu", "tr", "Konseyin 89'uncu oturumu"),
]

SESSIONS_ONE: list[Row] = [
    ("en", "Eighty-eighth session of the Tariff Council", "en", "88th session of the Tariff Council"),
    ("en", "LXXXVIII session of the Tariff Council", "ru", "88-я сессия Совета по тарифам"),
    ("en", "The 88th session of the Council", "fr", "88e session du Conseil"),
    ("en", "The 88th session of the Council", "es", "Octogésima octava sesión del Consejo"),
    ("en", "The 88th session of the Council", "az", "Şuranın 88-ci sessiyası"),
    ("en", "The 88th session of the Council", "vi", "Kỳ họp lần thứ 88 của Hội đồng"),
    ("en", "The 88th session of the Council", "ar", "الدورة الثامنة والثمانون للمجلس"),
    ("en", "The 88th session of the Council", "zh", "理事会第八十八届会议"),
    ("en", "141st/142nd sessions of the Council", "en", "The 141st session of the Council"),
    ("en", "141st/142nd sessions of the Council", "en", "142nd session of the Council"),
    ("fr", "141e et 142e sessions du Conseil", "en", "The 142nd session of the Council"),
]

OPERATIONS_APART: list[Row] = [
    ("en", "Operation Grey Heron IV nets 300 tonnes", "en", "Operation Grey Heron V nets 300 tonnes"),
    ("en", "Operation Grey Heron 2025: 300 seizures", "en", "Operation Grey Heron 2026: 400 seizures"),
    ("es", "Operación Garza Gris III: 300 detenidos", "es", "Operación Garza Gris IV: 310 detenidos"),
    ("fr", "Opération Héron Gris II : 12 pays", "fr", "Opération Héron Gris III : 14 pays"),
    ("ru", "Операция «Цапля-5» завершена", "ru", "Операция «Цапля-6» завершена"),
    ("az", "«Boz Durna-5» əməliyyatı başa çatıb", "az", "«Boz Durna-6» əməliyyatı başa çatıb"),
    ("vi", "Chiến dịch Diệc Xám III kết thúc", "vi", "Chiến dịch Diệc Xám IV kết thúc"),
    ("ar", "عملية «مالك الحزين 3» تنتهي", "ar", "عملية «مالك الحزين 4» تنتهي"),
    ("zh", "“苍鹭”第三期联合行动", "zh", "“苍鹭”第四期联合行动"),
]

ACTS_APART: list[Row] = [
    ("en", "Notice No. 741 on transit guarantees", "en", "Notice No. 742 on transit guarantees"),
    ("en", "Customs issues Circular 12/2026 on valuation", "en", "Customs issues Circular 13/2026 on valuation"),
    ("en", "Decision 2026/15 on codes published", "en", "Decision 2026/16 on codes published"),
    ("vi", "Quyết định số 135/QĐ-TCHQ về quản lý rủi ro", "vi", "Quyết định số 136/QĐ-TCHQ về quản lý rủi ro"),
    ("vi", "Thông tư 12/2026/TT-BTC về trị giá", "vi", "Thông tư 14/2026/TT-BTC về trị giá"),
    ("ru", "Приказ ФТС № 15 о транзите", "ru", "Приказ ФТС № 16 о транзите"),
    ("ru", "Постановление № 1204 о пошлинах", "ru", "Постановление № 1310 о пошлинах"),
    ("fr", "Arrêté n° 45 relatif au transit", "fr", "Arrêté n° 46 relatif au transit"),
    ("es", "Decreto n.º 45 sobre el tránsito", "es", "Decreto n.º 46 sobre el tránsito"),
    ("az", "Tranzit haqqında 12 nömrəli qərar", "az", "Tranzit haqqında 13 nömrəli qərar"),
    ("ar", "القرار رقم 45 بشأن العبور", "ar", "القرار رقم 46 بشأن العبور"),
    ("zh", "海关总署公告2026年第12号", "zh", "海关总署公告2026年第13号"),
]

ACTS_ONE: list[Row] = [
    ("en", "Circular 12 on valuation", "en", "Circular 12/2026 on valuation"),
    ("en", "Notice No. 741 on transit", "en", "Customs publishes Notice 741"),
    ("ru", "Приказ ФТС № 15 о транзите", "ru", "Опубликован приказ №15"),
]

PERIODS_APART: list[Row] = [
    ("en", "Customs revenue in September 2026 rises 4%", "en", "Customs revenue in October 2026 rises 6%"),
    ("en", "Exports in the third quarter of 2026", "en", "Exports in the second quarter of 2026"),
    ("en", "Customs revenue in Q3 2026", "en", "Customs revenue in Q2 2026"),
    ("en", "Imports in the first half of 2026", "en", "Imports in the second half of 2025"),
    ("en", "Customs revenue for fiscal year 2025-26", "en", "Customs revenue for fiscal year 2024-25"),
    ("en", "Revenue in Q1 FY2026 at customs", "en", "Revenue in Q2 FY2026 at customs"),
    ("en", "Customs revenue collection in 2024", "en", "Customs revenue collection in 2025"),
    ("fr", "Recettes douanières de septembre 2026", "fr", "Recettes douanières d'octobre 2026"),
    ("fr", "Exportations au troisième trimestre 2026", "fr", "Exportations au deuxième trimestre 2026"),
    ("es", "Recaudación aduanera de septiembre de 2026", "es", "Recaudación aduanera de octubre de 2026"),
    ("es", "Exportaciones del tercer trimestre de 2026", "es", "Exportaciones del segundo trimestre de 2026"),
    ("ru", "Таможенные доходы в сентябре 2026 года выросли", "ru", "Таможенные доходы в октябре 2026 года выросли"),
    ("ru", "Экспорт за третий квартал 2026 года", "ru", "Экспорт за второй квартал 2026 года"),
    ("ru", "Экспорт за первое полугодие 2026 года", "ru", "Экспорт за второе полугодие 2025 года"),
    ("az", "2026-cı ilin sentyabrında ixrac artıb", "az", "2026-cı ilin oktyabrında ixrac artıb"),
    ("vi", "Thu ngân sách hải quan tháng 9/2026 tăng", "vi", "Thu ngân sách hải quan tháng 10/2026 tăng"),
    ("vi", "Xuất khẩu quý III/2026 tăng 5%", "vi", "Xuất khẩu quý II/2026 tăng 5%"),
    ("ar", "إيرادات الجمارك في سبتمبر 2026 ترتفع", "ar", "إيرادات الجمارك في أكتوبر 2026 ترتفع"),
    ("zh", "2026年9月海关税收增长4%", "zh", "2026年10月海关税收增长6%"),
    ("zh", "2026年第三季度出口增长", "zh", "2026年第二季度出口增长"),
    ("zh", "2026年上半年进口下降", "zh", "2025年下半年进口下降"),
]

PERIODS_ONE: list[Row] = [
    ("en", "Customs revenue in September 2026 rises", "en", "Customs revenue in September rises 4%"),
    ("en", "Exports in Q3 2026 fall", "en", "Exports fell in the third quarter of 2026"),
    ("en", "Exports in the first quarter of 2026", "en", "Exports in January-March 2026"),
    ("en", "Customs revenue in September 2026 rises", "ru", "Таможенные доходы в сентябре 2026 года выросли"),
    ("en", "Customs revenue in September 2026 rises", "zh", "2026年9月海关税收增长4%"),
]

PLACES_APART: list[Row] = [
    (
        "en",
        "Forum of brokers in Lisbon on 3-5 November 2026",
        "en",
        "Forum of brokers in Nairobi on 10-12 November 2026",
    ),
    ("en", "Conference in Lisbon, 3-5 November 2026", "en", "Conference in Lisbon, 4-6 November 2025"),
    ("fr", "La conférence à Lisbonne du 3 au 5 novembre 2026", "fr", "La conférence à Dakar du 9 au 11 novembre 2026"),
    ("es", "La conferencia en Lisboa del 3 al 5 de marzo", "es", "La conferencia en Lisboa del 3 al 5 de noviembre"),
    ("ru", "Форум в Лиссабоне 3-5 ноября 2026 года", "ru", "Форум в Лиссабоне 5-7 марта 2026 года"),
    ("az", "Forum noyabrın 3-5-də Lissabonda keçirilir", "az", "Forum martın 3-5-də Lissabonda keçirilir"),
    ("vi", "Hội nghị tại Lisbon từ ngày 3 đến 5/11/2026", "vi", "Hội nghị tại Lisbon từ ngày 3 đến 5/3/2026"),
    ("ar", "المؤتمر في لشبونة من 3 إلى 5 نوفمبر 2026", "ar", "المؤتمر في لشبونة من 3 إلى 5 مارس 2026"),
    ("zh", "会议于2026年11月3日至5日在里斯本举行", "zh", "会议于2026年3月3日至5日在里斯本举行"),
]

PLACES_ONE: list[Row] = [
    (
        "en",
        "Forum of brokers in Lisbon on 3-5 November 2026",
        "en",
        "Forum of brokers in Lissabon on 6-7 November 2026",
    ),
    ("en", "Conference in Lisbon, 3-5 November 2026", "en", "Conference in Portugal, 4-5 November 2026"),
    ("en", "Conference in Lisbon, 3-5 November 2026", "ru", "Конференция в Лиссабоне 3-5 ноября 2026 года"),
]

APART = [*SESSIONS_APART, *OPERATIONS_APART, *ACTS_APART, *PERIODS_APART, *PLACES_APART]
ONE = [*SESSIONS_ONE, *ACTS_ONE, *PERIODS_ONE, *PLACES_ONE]


def verdict(row: Row) -> str | None:
    """Return why two headlines are about different editions."""
    lang, title, other_lang, other_title = row
    one = read_marks(title, "", lang=lang, published_at=NOW)
    other = read_marks(other_title, "", lang=other_lang, published_at=NOW)
    return conflict(one, other)


@pytest.mark.parametrize("row", APART, ids=lambda row: f"{row[0]}: {row[1]}")
def test_other_edition_is_told_apart(row: Row) -> None:
    """Two editions are told apart, whichever comes first."""
    assert verdict(row)
    assert verdict((row[2], row[3], row[0], row[1]))


@pytest.mark.parametrize("row", ONE, ids=lambda row: f"{row[1]} = {row[3]}")
def test_one_edition_in_two_forms_is_one(row: Row) -> None:
    """One edition that is written in two ways is not told apart, and both ways are read."""
    assert read_marks(row[1], "", lang=row[0], published_at=NOW)
    assert read_marks(row[3], "", lang=row[2], published_at=NOW)
    assert verdict(row) is None
