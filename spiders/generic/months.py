"""Names of months in the languages that college and news sites are written in."""

from __future__ import annotations

import unicodedata

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
ינואר בינואר|פברואר בפברואר|מרץ במרץ מרס במרס|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט|
  ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר
জানুয়ারি জানুয়ারি জানুয়ারী জানুয়ারী|ফেব্রুয়ারি ফেব্রুয়ারি ফেব্রুয়ারী ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|
  আগস্ট আগষ্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর
იანვარი|თებერვალი|მარტი|აპრილი|მაისი|ივნისი|ივლისი|აგვისტო|სექტემბერი|ოქტომბერი|ნოემბერი|დეკემბერი
հունվարի|փետրվարի|մարտի|ապրիլի|մայիսի|հունիսի|հուլիսի|օգոստոսի|սեպտեմբերի|հոկտեմբերի|նոյեմբերի|դեկտեմբերի
ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்
జనవరి|ఫిబ్రవరి|మార్చి|ఏప్రిల్|మే|జూన్|జూలై జులై|ఆగస్టు|సెప్టెంబర్|అక్టోబర్|నవంబర్|డిసెంబర్
जानेवारी|फेब्रुवारी|मार्च|एप्रिल|मे|जून|जुलै|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर
જાન્યુઆરી|ફેબ્રુઆરી|માર્ચ|એપ્રિલ|મે|જૂન|જુલાઈ|ઓગસ્ટ ઑગસ્ટ|સપ્ટેમ્બર|ઓક્ટોબર ઑક્ટોબર|નવેમ્બર|ડિસેમ્બર
جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر
ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|اوت|سپتامبر|اکتبر|نوامبر|دسامبر
janvāris|februāris|marts|aprīlis|maijs|jūnijs|jūlijs|augusts|septembris|oktobris|novembris|decembris
jaanuar|veebruar|märts|aprill|mai|juuni|juuli|august|september|oktoober|november|detsember
gener|febrer|març|abril|maig|juny|juliol|agost|setembre|octubre|novembre|desembre
januarja|februarja|marca|aprila|maja|junija|julija|avgusta|septembra|oktobra|novembra|decembra
januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba
enero|pebrero|marso|abril|mayo|hunyo|hulyo|agosto|setyembre|oktubre|nobyembre|disyembre
ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr
januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december
janúar|febrúar|mars|apríl|maí|júní|júlí|ágúst|september|október|nóvember|desember
xaneiro|febreiro|marzo|abril|maio|xuño|xullo|agosto|setembro|outubro|novembro|decembro
yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr
janar|shkurt|mars|prill|maj|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor
јануари|февруари|март|април|мај|јуни|јули|август|септември|октомври|ноември|декември
januarie|februarie|maart|april|mei|junie|julie|augustus|september|oktober|november|desember
ιανουαρίου|φεβρουαρίου|μαρτίου|απριλίου|μαΐου|ιουνίου|ιουλίου|αυγούστου|σεπτεμβρίου|οκτωβρίου|νοεμβρίου|δεκεμβρίου
"""
# names in other cases, and in languages whose short forms are words of others: understood whole only
_WHOLE = """
styczeń|luty|marzec|kwiecień|maj|czerwiec|lipiec|sierpień|wrzesień|październik|listopad|grudzień
leden|únor|březen|duben|květen|červen|červenec|srpen|září|říjen||prosinec
январь|февраль|март|апрель|май|июнь|июль|август|сентябрь|октябрь|ноябрь|декабрь
січень|лютий|березень|квітень|травень|червень|липень|серпень|вересень|жовтень|листопад|грудень
студзеня студзень|лютага люты|сакавіка сакавік|красавіка красавік|мая май|чэрвеня чэрвень|ліпеня ліпень|
  жніўня жнівень|верасня верасень|кастрычніка кастрычнік|лістапада лістапад|снежня снежань
ιανουάριος|φεβρουάριος|μάρτιος|απρίλιος|μάιος μάϊος|ιούνιος|ιούλιος|αύγουστος|σεπτέμβριος|οκτώβριος|νοέμβριος|
  δεκέμβριος
sausis|vasaris|kovas|balandis|gegužė|birželis|liepa|rugpjūtis|rugsėjis|spalis|lapkritis|gruodis
tammikuu|helmikuu|maaliskuu|huhtikuu|toukokuu|kesäkuu|heinäkuu|elokuu|syyskuu|lokakuu|marraskuu|joulukuu
јануар јануара|фебруар фебруара|марта|априла|маја|јуна|јула|августа|септембар септембра|октобар октобра|
  новембар новембра|децембар децембра
januara|februara|marec|aprila|||||septembra|oktobra|novembra|decembra
||||maja|junij junija|julij julija|avgusta||||
siječnja|veljače|ožujka|travnja|svibnja|lipnja|srpnja|kolovoza|rujna||studenoga|prosinca
eanáir|feabhra|márta|aibreán|bealtaine|meitheamh|iúil|lúnasa|meánfómhair|deireadhfómhair|samhain|nollaig
қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан
||||||||sentabr|oktabr||
январ|феврал||апрел|||||сентябр|октябр|ноябр|декабр
jannar|frar|marzu||mejju|ġunju|lulju|awwissu|settembru|ottubru|novembru|diċembru
urtarrilaren|otsailaren|martxoaren|apirilaren|maiatzaren|ekainaren|uztailaren|abuztuaren|irailaren|urriaren|
  azaroaren|abenduaren
كانونالثاني|شباط|آذار اذار|نيسان|أيار ايار|حزيران|تموز||أيلول ايلول|تشرينالأول|تشرينالثاني|كانونالأول
جانفي|فيفري||أفريل|ماي|جوان|جويلية يوليوز|أوت غشت|شتنبر||نونبر|دجنبر
មករា|កុម្ភៈ|មីនា|មេសា|ឧសភា|មិថុនា|កក្កដា|សីហា|កញ្ញា|តុលា|វិច្ឆិកា|ធ្នូ
ಜನವರಿ|ಫೆಬ್ರವರಿ|ಮಾರ್ಚ್|ಏಪ್ರಿಲ್|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗಸ್ಟ್|ಸೆಪ್ಟೆಂಬರ್|ಅಕ್ಟೋಬರ್|ನವೆಂಬರ್|ಡಿಸೆಂಬರ್
ജനുവരി|ഫെബ്രുവരി|മാർച്ച്|ഏപ്രിൽ|മേയ് മെയ്|ജൂൺ|ജൂലൈ|ഓഗസ്റ്റ്|സെപ്റ്റംബർ|ഒക്ടോബർ|നവംബർ|ഡിസംബർ
ਜਨਵਰੀ|ਫ਼ਰਵਰੀ ਫਰਵਰੀ|ਮਾਰਚ|ਅਪ੍ਰੈਲ|ਮਈ|ਜੂਨ|ਜੁਲਾਈ|ਅਗਸਤ|ਸਤੰਬਰ|ਅਕਤੂਬਰ|ਨਵੰਬਰ|ਦਸੰਬਰ
ජනවාරි|පෙබරවාරි|මාර්තු|අප්‍රේල්|මැයි|ජූනි|ජූලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්
հունվար|փետրվար|մարտ|ապրիլ|մայիս|հունիս|հուլիս|օգոստոս|սեպտեմբեր|հոկտեմբեր|նոյեմբեր|դեկտեմբեր
januwari|februwari|mashi|ephreli|meyi||julayi|agasti|septhemba|okthoba||disemba
janaayo|febraayo|maarso|abriil|maajo|juun|luulyo|agoosto|sebteembar|oktoobar|nofeembar|diseembar
ጃንዩወሪ ጃንዋሪ|ፌብሩወሪ ፌብሯሪ|ማርች|ኤፕሪል|ሜይ|ጁን|ጁላይ|ኦገስት|ሴፕቴምበር|ኦክቶበር|ኖቬምበር|ዲሴምበር
ມັງກອນ|ກຸມພາ|ມີນາ|ເມສາ|ພຶດສະພາ|ມິຖຸນາ|ກໍລະກົດ|ສິງຫາ|ກັນຍາ|ຕຸລາ|ພະຈິກ|ທັນວາ
"""
_VIETNAMESE = "một hai ba tư năm sáu bảy tám chín mười mườimột mườihai".split()  # by their numbers, behind "tháng"


def _languages(names: str) -> list[str]:
    # a line goes on in the next where that is drawn in
    return names.strip().replace("|\n  ", "|").splitlines()


_LANGUAGES = _languages(_NAMES)


def _table() -> dict[str, int]:
    table: dict[str, int] = {}
    for language in _LANGUAGES:
        for number, names in enumerate(language.split("|"), 1):
            for name in names.split():
                table.setdefault(name, number)
    for language in _LANGUAGES:  # whole names first: a short form never hides one
        short = [names.split()[0][:3] for names in language.split("|")]
        for number, name in enumerate(short, 1):
            if short.count(name) == 1:  # jui is none: juin, juillet
                table.setdefault(name, number)
    for language in _languages(_WHOLE):
        for number, names in enumerate(language.split("|"), 1):
            for name in names.split():
                table.setdefault(unicodedata.normalize("NFC", name), number)
    for number, name in enumerate(_VIETNAMESE, 1):
        table[f"tháng{name}"] = number
    return table


MONTHS = _table()  # lower-case name or short form -> 1..12
# where listopad is October, and not November as for Poles and Czechs
_CROATIAN = dict(
    zip(
        "siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga prosinca"
        " sij velj ožu tra svi lip srp kol ruj lis stu pro".split(),
        2 * tuple(range(1, 13)),
        strict=True,
    )
)


# October in Zagreb, November in Warsaw and Prague; June or July: on pages from nobody knows where they name no month
_OF_TWO = frozenset(("listopada", "listopad", "lis", "lip"))
# names of days of the week, full and short, as they stand before a date
WEEKDAYS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
    segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
    lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag
    poniedziałek wtorek środa czwartek piątek sobota niedziela pazartesi salı çarşamba perşembe cuma cumartesi pazar
    понедельник вторник среда четверг пятница суббота воскресенье
    الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت
    """.split()
)


def month(name: str, country: str = "") -> int:
    """1 to 12; 0 for what names none, and for what names another month in a country that nobody told."""
    name = unicodedata.normalize("NFC", name.lower().replace(" ", "").rstrip(".،"))
    if country in ("HR", "BA") and name in _CROATIAN:
        return _CROATIAN[name]
    if name in _OF_TWO and country not in ("PL", "CZ", "*"):
        return 0
    return MONTHS.get(name, 0)
