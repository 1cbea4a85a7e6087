"""Places that English stories of colleges name: countries, states and provinces, and cities that need no other name
beside them. None that is as often a person's."""

from __future__ import annotations

PLACES = frozenset(
    """Afghanistan|Albania|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bangladesh|Belarus|Belgium
    Bolivia|Bosnia|Botswana|Brazil|Britain|Bulgaria|Cambodia|Cameroon|Canada|Chile|China|Colombia|Congo|Costa Rica
    Croatia|Cuba|Cyprus|Czech Republic|Denmark|Dominican Republic|Ecuador|Egypt|El Salvador|England|Estonia|Ethiopia
    Fiji|Finland|France|Germany|Ghana|Great Britain|Greece|Greenland|Guatemala|Haiti|Honduras|Hungary|Iceland|India
    Indonesia|Iran|Iraq|Ireland|Israel|Italy|Jamaica|Japan|Kazakhstan|Kenya|Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia
    Lebanon|Liberia|Libya|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Mali|Malta|Mauritius|Mexico|Moldova
    Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria
    North Korea|Northern Ireland|Norway|Oman|Pakistan|Palestine|Panama|Paraguay|Peru|Philippines|Poland|Portugal
    Puerto Rico|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Scotland|Senegal|Serbia|Sierra Leone|Singapore|Slovakia
    Slovenia|Somalia|South Africa|South Korea|South Sudan|Soviet Union|Spain|Sri Lanka|Sudan|Sweden|Switzerland
    Syria|Taiwan|Tajikistan|Tanzania|Thailand|Tibet|Tunisia|Turkey|Turkmenistan|Uganda|Ukraine|United Arab Emirates
    United Kingdom|United States|UK|U.K.|US|U.S.|USA|Uruguay|Uzbekistan|Venezuela|Vietnam|Wales|Yemen|Zambia
    Zimbabwe|Africa|Asia|Europe|North America|South America|Latin America|Middle East|Antarctica|Arctic|Alabama
    Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|Iowa
    Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska
    Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon
    Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|West Virginia|Wisconsin
    Wyoming|Washington, D.C.|Alberta|British Columbia|Manitoba|Ontario|Quebec|Saskatchewan|Nova Scotia|Queensland
    New South Wales|Catalonia|Bavaria|Siberia|Kashmir|Punjab|Gaza|West Bank|Crimea|Himalayas|Anhui|Fujian|Gansu
    Guangdong|Guangxi|Guizhou|Hainan|Hebei|Heilongjiang|Henan|Hubei|Hunan|Jiangsu|Jiangxi|Jilin|Liaoning|Ningxia
    Qinghai|Shaanxi|Shandong|Shanxi|Sichuan|Xinjiang|Yunnan|Zhejiang|Inner Mongolia|Beijing|Chongqing|Shanghai
    Tianjin|Hong Kong|Macau|Macao|Guangzhou|Shenzhen|Hangzhou|Nanjing|Wuhan|Chengdu|Xi'an|Xi’an|Suzhou|Qingdao
    Dalian|Xiamen|Harbin|Kunming|Changsha|Zhengzhou|Jinan|Hefei|Ningbo|Wuxi|Lanzhou|Urumqi|Lhasa|Kashgar|Sanya
    Zhuhai|Pudong|Yangtze River|Yellow River|Taipei|Kaohsiung|Taichung|Tokyo|Osaka|Kyoto|Seoul|Busan|Bangkok|Hanoi
    Jakarta|Manila|Kuala Lumpur|Delhi|New Delhi|Mumbai|Kolkata|Bangalore|Chennai|Karachi|Lahore|Islamabad|Dhaka
    Kathmandu|Kabul|Tehran|Baghdad|Dubai|Abu Dhabi|Doha|Riyadh|Jerusalem|Tel Aviv|Istanbul|Ankara|Cairo|Nairobi
    Lagos|Accra|Johannesburg|Cape Town|Pretoria|London|Manchester|Liverpool|Birmingham|Leeds|Oxford|Edinburgh
    Glasgow|Dublin|Belfast|Cardiff|Plymouth|Paris|Lyon|Marseille|Berlin|Munich|Hamburg|Frankfurt|Cologne|Vienna
    Zurich|Geneva|Basel|Bern|Brussels|Amsterdam|Rotterdam|The Hague|Copenhagen|Stockholm|Oslo|Helsinki|Warsaw|Krakow
    Prague|Budapest|Bucharest|Athens|Rome|Milan|Venice|Bologna|Naples|Madrid|Barcelona|Valencia|Lisbon|Moscow
    St. Petersburg|Kyiv|Minsk|Riga|Vilnius|Tallinn|Sydney|Melbourne|Brisbane|Perth|Adelaide|Canberra|Auckland
    Wellington|Toronto|Montreal|Vancouver|Ottawa|Calgary|Edmonton|Los Angeles|San Francisco|San Diego|San Jose
    Sacramento|Oakland|Seattle|Portland|Denver|Chicago|Detroit|Minneapolis|Milwaukee|Des Moines|St. Louis
    Kansas City|Dallas|Houston|San Antonio|New Orleans|Atlanta|Miami|Orlando|Tampa|Nashville|Memphis|Pittsburgh
    Philadelphia|Baltimore|Boston|New York City|Brooklyn|Manhattan|Cleveland|Cincinnati|Indianapolis|Phoenix
    Las Vegas|Reno|Salt Lake City|Honolulu|Mexico City|Havana|Bogota|Caracas|Lima|Santiago|Buenos Aires
    Rio de Janeiro|Sao Paulo|Brasilia""".replace("\n    ", "|").split("|")
)

# institutions that one word names, and that is no other word's beginning of a sentence
WELL_KNOWN = frozenset(
    "Adobe Airbus Alibaba Amazon Baidu Bloomberg Boeing Bosch Cisco Congress Dell Disney Ericsson Facebook Fulbright"
    " Gallup Goldman Google Greenpeace Honda Huawei IBM Infosys Instagram Intel Interpol LinkedIn Microsoft NASA NATO"
    " Nato Netflix Nike Nokia Nvidia Oracle PayPal Pfizer Pixar Reuters Samsung Siemens Sony SpaceX Starbucks Tencent"
    " Tesla TikTok Toyota Twitter UN UNESCO UNICEF Uber Unesco Unicef Volkswagen Walmart WeChat Wikipedia Xiaomi"
    " Xinhua YouTube".split()
)
