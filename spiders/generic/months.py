"""Names of months in the languages that college and news sites are written in."""

from __future__ import annotations

# a line a language, drawn in where it goes on: full name, then the abbreviations that are no prefix of it; every
# prefix of three letters or more is understood
_NAMES = """
january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct|
  november nov|december dec
januar jänner|februar feber|märz maerz mär mrz|april|mai|juni|juli|august|september|oktober okt|november|dezember dez
janvier janv|février fevrier févr fevr|mars|avril avr|mai|juin|juillet juil|août aout|septembre|octobre|
  novembre|décembre decembre déc
enero ene|febrero|marzo|abril abr|mayo|junio|julio|agosto ago|septiembre setiembre|octubre|noviembre|diciembre dic
gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|luglio lug|agosto|settembre set|ottobre ott|novembre|dicembre
janeiro|fevereiro fev|março marco|abril|maio|junho|julho|agosto|setembro|outubro out|novembro|dezembro
januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december
januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|desember des
stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia
ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince
января янв|февраля фев|марта мар|апреля апр|мая май|июня июн|июля июл|августа авг|сентября сен|октября окт|
  ноября ноя|декабря дек
січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня
ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık
ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie|decembrie
januar|februar|mart|april|maj|juni|juli|avgust|septembar|oktobar|novembar|decembar
januára|februára|marca|apríla|mája|júna|júla|augusta|septembra|októbra|novembra|decembra
január|február|március|április|május|június|július|augusztus|szeptember|október|november|december
tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|heinäkuuta|elokuuta|syyskuuta|lokakuuta|
  marraskuuta|joulukuuta
sausio|vasario|kovo|balandžio|gegužės|birželio|liepos|rugpjūčio|rugsėjo|spalio|lapkričio|gruodžio
januari|februari|mac|april|mei|jun|julai|ogos|september|oktober|november|disember
يناير|فبراير|مارس|أبريل ابريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر
januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember
มกราคม ม.ค|กุมภาพันธ์ ก.พ|มีนาคม มี.ค|เมษายน เม.ย|พฤษภาคม พ.ค|มิถุนายน มิ.ย|กรกฎาคม ก.ค|สิงหาคม ส.ค|
  กันยายน ก.ย|ตุลาคม ต.ค|พฤศจิกายน พ.ย|ธันวาคม ธ.ค
ιανουαρίου ιαν|φεβρουαρίου φεβ|μαρτίου μαρ|απριλίου απρ|μαΐου μαΐ|ιουνίου ιουν|ιουλίου ιουλ|αυγούστου αυγ|
  σεπτεμβρίου σεπ|οκτωβρίου οκτ|νοεμβρίου νοε|δεκεμβρίου δεκ
जनवरी|फ़रवरी फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर|नवंबर नवम्बर|दिसंबर दिसम्बर
januar|februar|mars|april|maí|júní|júlí|ágúst|september|október|nóvember|desember
януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември
"""
_LANGUAGES = _NAMES.strip().replace("|\n", "|").splitlines()  # a line that ends in a bar goes on


def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for language in _LANGUAGES:
        for number, names in enumerate(language.split("|"), 1):
            for name in names.split():
                table.setdefault(name, number)
    for language in _LANGUAGES:  # whole names first: a short form never hides one
        for number, names in enumerate(language.split("|"), 1):
            table.setdefault(names.split()[0][:3], number)
    return table


MONTHS = _table()  # lower-case name or short form -> 1..12
