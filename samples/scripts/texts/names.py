"""Names of people, organisations, places and other things: lists of common ones, and makers of ones that nobody bears."""
import zlib

FIRST = """Aaron Abigail Adam Adele Agnes Ahmed Aiko Alan Albert Alejandra Alex Alice Alina Amara Amelia Amina Amir Amy Ana Andrea Andrew Angela Anita Anna Anne Anton
Antonio Arjun Arthur Asha Astrid Barbara Beatrice Ben Bernard Bianca Boris Brenda Brian Bruno Camila Carl Carla Carlos Carmen Caroline Catherine Cecilia Charles Charlotte
Chen Chidi Chloe Christian Christine Clara Claude Colin Connor Daniel Daniela Darius David Deborah Denise Dennis Diana Diego Dmitri Dolores Dominic Dorothy Edgar Edith Eduardo
Elena Eli Elif Elizabeth Ella Ellen Elsa Emeka Emil Emily Emma Enrique Erik Erika Ernest Esther Eva Evelyn Fatima Felix Fernando Fiona Florence Frances Francesca Frank
Franz Frederik Gabriel Gareth George Georgia Gerhard Gina Giovanni Giulia Gloria Grace Greta Guillaume Gustav Hana Hannah Hans Harold Harriet Hassan Heather Heinrich Helen Helena
Henri Henry Hiroshi Hugo Ibrahim Ida Ines Ingrid Irene Iris Isaac Isabel Ivan Jack Jacob Jacques James Jan Jane Janet Javier Jean Jennifer Jessica Joan Johan Johanna John
Jonas Jose Joseph Juan Judith Julia Julian Karen Karim Karl Katarina Kate Keiko Kenneth Kofi Kwame Laila Lars Laura Lea Leila Lena Leo Leon Leonie Liam Lina Linda Lisa
Louis Louise Lucas Lucia Luis Lukas Lydia Mads Magda Manuel Marc Marcel Marco Margaret Maria Marie Mario Mark Marta Martin Mary Mateo Matilda Matthew Maurice Max Maya Mehmet
Mei Michael Michel Miguel Mila Milan Miriam Mohammed Monica Nadia Naomi Natalie Nathan Neil Nia Nicholas Nicole Nina Noah Nora Olga Oliver Olivia Omar Oscar Otto Pablo
Pamela Patricia Paul Paula Pedro Peter Petra Philip Pierre Priya Rachel Rafael Raj Ralph Raul Ravi Rebecca Renate Ricardo Richard Rita Robert Rosa Ruth Salma Samir
Samuel Sandra Sanjay Sara Sean Sebastian Sergei Sigrid Silvia Simon Sofia Sophie Stefan Stella Stephen Susan Sven Tamara Teresa Theo Theresa Thomas Tim Tobias Tomas Ursula
Valentina Vera Victor Victoria Viktor Vincent Walter Wanda Wei Werner William Xavier Yasmin Yuki Yusuf Zara Zoe""".split()
LAST = """Abbott Achterberg Adeyemi Ahmed Albrecht Almeida Alvarez Andersen Anderson Aoki Arnold Bailey Baker Bakker Banerjee Barnes Bauer Becker Bennett Berger Bernard Bianchi Blake Bogdanov
Bos Brandt Brooks Brown Bruun Campbell Carter Castillo Chandra Chen Clarke Collins Cooper Costa Cruz Dahl Davies Delacroix Delgado Desai Diallo Dubois Dupont Edwards Ekström Eriksen Evans
Fabre Farah Fernandes Ferrari Fischer Fisher Fontaine Foster Fournier Fraser Fuchs Garcia Gauthier Gibson Gomez Gonzalez Graham Green Gruber Gupta Haddad Hall Hansen Harris Hartmann
Hayes Hernandez Hill Hoffmann Holm Horvath Huang Hughes Ibrahim Ivanova Jackson Jansen Jensen Johansson Johnson Jones Jung Kaya Keller Kelly Khan Kim Kimura King Klein Koch Kovacs
Kowalski Krause Kruger Kumar Lang Larsen Laurent Lee Lehmann Lemoine Leroy Lewis Lindberg Lopez Lund Maier Marino Marsh Martin Martinez Mason Mendes Mensah Meyer Miller Mitchell
Molina Moore Morales Moreau Morgan Moretti Morris Müller Murphy Mwangi Nakamura Navarro Nguyen Nielsen Novak Nowak Nunez O'Brien O'Connor Oduya Okafor Okoye Olsen Ortega Osei Osman Owen
Pappas Park Parker Patel Pereira Perez Petersen Petrov Pham Phillips Popescu Price Quinn Rahman Ramirez Reid Reyes Ricci Richter Rivera Roberts Robinson Rossi Roux Russell
Saito Salazar Sanders Santos Sato Schmidt Schneider Schulz Schwarz Shah Sharma Silva Simmons Singh Smith Sokolov Sommer Sorensen Stewart Sullivan Suzuki Svensson Tan Tanaka Taylor Thompson
Torres Turner Vargas Vasquez Vogel Volkov Wagner Walker Walsh Wang Ward Watson Weber Weiss White Williams Wilson Winter Wolf Wong Wright Yamamoto Yilmaz Young Zhang Zimmermann""".split()
PLACES = """Aberdeen|Accra|Africa|Alaska|Albania|Algeria|Alps|Amsterdam|Andalusia|Andes|Ankara|Antarctica|Antwerp|Arctic|Argentina|Armenia|Asia|Athens|Atlantic|Auckland|Australia|Austria|Baghdad|Baltic|Bangkok|Bangladesh|Barcelona|Basel|Bavaria
Beijing|Belfast|Belgium|Belgrade|Bergen|Berlin|Bern|Bilbao|Birmingham|Bogotá|Bolivia|Bordeaux|Boston|Brazil|Bremen|Bristol|Britain|Brittany|Brussels|Bucharest|Budapest|Bulgaria|Cairo|California|Cambodia|Cambridge|Canada|Cape Town|Cardiff
Caribbean|Chicago|Chile|China|Cologne|Colombia|Copenhagen|Cork|Cornwall|Costa Rica|Croatia|Cuba|Cyprus|Dakar|Damascus|Danube|Delhi|Denmark|Dresden|Dublin|Edinburgh|Egypt|England|Estonia|Ethiopia|Europe|Finland|Florence|Florida|France|Frankfurt
Galicia|Gdansk|Geneva|Genoa|Germany|Ghana|Glasgow|Gothenburg|Greece|Greenland|Hamburg|Hanoi|Hanover|Havana|Helsinki|Hong Kong|Houston|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Istanbul|Italy|Jakarta|Jamaica|Japan|Jerusalem|Johannesburg
Jordan|Kenya|Kiel|Kyiv|Kyoto|Lagos|Latvia|Lebanon|Leeds|Leipzig|Libya|Lille|Lima|Lisbon|Lithuania|Liverpool|London|Los Angeles|Luxembourg|Lyon|Madagascar|Madrid|Malaysia|Malta|Manchester|Manila|Marseille|Mediterranean|Melbourne|Mexico|Mexico City|Miami|Milan
Mongolia|Montreal|Morocco|Moscow|Mozambique|Mumbai|Munich|Nairobi|Namibia|Nantes|Naples|Nepal|Netherlands|New York|New Zealand|Nice|Nigeria|Normandy|North Sea|Norway|Oslo|Oxford|Pacific|Pakistan|Palermo|Panama|Paris|Patagonia|Peru|Philadelphia|Philippines|Poland
Porto|Portugal|Prague|Provence|Pyrenees|Quebec|Rhine|Riga|Rio de Janeiro|Romania|Rome|Rotterdam|Russia|Salzburg|San Francisco|Santiago|Saxony|Scotland|Seattle|Senegal|Seoul|Serbia|Seville|Shanghai|Sheffield|Siberia|Sicily|Singapore|Slovakia|Slovenia|Sofia|South Africa
South Korea|Spain|Stockholm|Strasbourg|Stuttgart|Sudan|Sweden|Switzerland|Sydney|Syria|Taiwan|Tallinn|Tanzania|Texas|Thailand|Thames|Tokyo|Toronto|Toulouse|Trieste|Tunisia|Turin|Turkey|Tuscany|Uganda|Ukraine|United Kingdom|United States|Uruguay|Valencia|Vancouver|Venice
Vienna|Vietnam|Vilnius|Wales|Warsaw|Washington|Wellington|Yemen|Zambia|Zurich|Deutschland|Österreich|Bayern|München|Köln|Frankreich|Allemagne|Espagne|Italie|España|Alemania|Francia|Sevilla|Bretagne|Genève|Londres|Wien|Schweiz|Suisse""".replace("\n", "|").split("|")
PEOPLES = """African American Argentine Asian Australian Austrian Basque Belgian Brazilian British Bulgarian Canadian Catalan Chilean Chinese Colombian Cuban Czech Danish Dutch Egyptian English
Ethiopian European Finnish French German Ghanaian Greek Hungarian Icelandic Indian Indonesian Iranian Irish Israeli Italian Jamaican Japanese Jewish Kenyan Korean Latin Lebanese Mexican
Moroccan Muslim Nigerian Norwegian Polish Portuguese Romanian Russian Scottish Serbian Spanish Swedish Swiss Syrian Thai Turkish Ukrainian Vietnamese Welsh""".split()
TRADES = "Motors Airlines Energy Foods Pharma Shipping Textiles Media Robotics Semiconductors Insurance Steel Logistics Brewery Publishing Records Studios Systems Labs Optics Telecom Ferries Outfitters Instruments Games Railways Chemicals Analytics Footwear Capital Partners Technologies Solar Mining".split()
ABSTRACT = "Northern Light|Blue Harbour|Silver Lining|Second Spring|Long Road|Open Sky|Quiet River|Golden Hour|Last Winter|Deep Water|Paper Moon|Glass Garden|Iron Coast|Wild Orchid|Broken Compass|Morning Star|Salt and Stone|Red Horizon|Night Train|Hidden Valley".split("|")
EVENTS = "Winter Olympics|World Cup|Champions League|Summer Games|Film Festival|Book Fair|Grand Prix|Marathon|Jazz Festival|Biennale|Nobel Prize|Independence Day|Easter|Christmas|Ramadan|World Expo|Europa League|Tour de France|Eurovision|Design Week|Climate Summit|Renaissance|Cold War|Second World War|Middle Ages".split("|")
STARTS = "Al An Ar Bal Bel Bor Bra Bren Cal Car Cas Cor Dal Dan Dor Dun Ed El Er Est Fal Fen Fin Gal Gar Gil Gor Hal Har Hel Hol Ir Jar Jor Kal Kar Kel Kir Kor Lan Lar Lin Lor Mal Mar Mer Mil Mor Nar Nor Ol Or Pal Per Pol Ral Ren Ros Sal San Sel Sil Sol Stan Sul Tal Tar Tel Tor Tur Ul Val Var Vel Vin Wal Wen Wil Yar Zan Zel".split()
MIDDLES = "a e i o u an en in on ar er or al el il and end ing is us am em im os ad ed id ov ev av as es at et it".split()
SURNAME_ENDS = "son sen man mann berg ström ski ska ov ova ev eva ini elli etti ez es dez ard eau ier ton field wood worth ley by ford well er ers ak ek ic ich ian yan oglu awa moto mura shi ota ama ele oye unda ira edo".split()
PLACE_ENDS = "burg berg ville ton ford mouth haven stad dorf heim wick by borough bridge field minster pool port gate dale grad ovo ice ica ia land shire mere ness holm vik sund fjord minde lund".split()
LETTERS = "ABCDEFGHIJKLMNOPRSTUVWZ"


def is_held_out(name):
    """A tenth of all people, peoples, places and made names, by their sum, is only ever used to measure."""
    return zlib.crc32(name.encode()) % 10 == 0


class Names:
    """Draws names; those of one side of the split only."""

    def __init__(self, rng, held_out=False):
        self.rng, self.held_out = rng, held_out
        self.lists = {key: [n for n in names if is_held_out(n) == held_out] for key, names in (("first", FIRST), ("last", LAST), ("place", PLACES), ("people", PEOPLES))}
        self.lists |= {"trade": TRADES, "abstract": ABSTRACT, "event": EVENTS}  # too few to set some aside

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def chance(self, p):
        return self.rng.random() < p

    def made(self, ends):
        while True:
            name = self.pick(STARTS) + "".join(self.pick(MIDDLES) for _ in range(int(self.rng.integers(0, 3)))) + self.pick(ends)
            if is_held_out(name) == self.held_out:
                return name

    def last(self):
        name = self.pick(self.lists["last"]) if self.chance(0.4) else self.made(SURNAME_ENDS)
        kind = self.rng.random()
        return name + "-" + self.pick(self.lists["last"]) if kind < 0.05 else self.pick(["van ", "de ", "von ", "Mac", "O'", "da "]) + name if kind < 0.12 else name

    def first(self):
        return self.pick(self.lists["first"]) if self.chance(0.75) else self.made(["a", "o", "ia", "an", "en", "in", "us", "e", "i", "ita", "el"])

    def person(self):
        kind = self.rng.random()
        middle = f" {self.pick(LETTERS)}." if kind < 0.08 else " " + self.first() if kind < 0.13 else ""
        return f"{self.first()}{middle} {self.last()}" if kind < 0.93 else f"{self.pick(LETTERS)}. {self.last()}"

    def place(self):
        kind = self.rng.random()
        if kind < 0.4:
            return self.pick(self.lists["place"])
        name = self.made(PLACE_ENDS)
        if kind < 0.8:
            return name
        return self.pick([f"Port {name}", f"New {name}", f"Lake {name}", f"Mount {name}", f"{name} Valley", f"{name} Bay", f"{name} Island", f"Upper {name}", f"St {self.first()}", f"{name} Square", f"North {name}",
                          f"{name} Street", f"Cape {name}", f"River {name}", f"{name} Forest", f"San {self.first()}", f"{name} Park", f"Bad {name}", f"Saint-{self.first()}"])

    def organisation(self):
        a, b = self.made(["a", "o", "ix", "on", "ex", "is", "ex", "um", "ora", "ent", "ion", "ara"]), self.last()
        trade = self.pick(self.lists["trade"])
        place = self.place()
        return self.pick([
            f"{a} {trade}", f"{a} {trade}", f"{b} {trade}", f"{b} & {self.last()}", f"{a}", f"{a} Group", f"{b} Ltd", f"{a} AG", f"{b} GmbH", f"{a} Inc", f"University of {place}", f"Bank of {place}", f"{place} United",
            f"{place} City Council", f"FC {place}", f"{place} Rovers", f"Ministry of {self.pick(['Health', 'Finance', 'Transport', 'Education', 'Justice', 'Culture', 'Defence'])}", f"{place} Chamber of Commerce",
            f"{place} Museum", f"National {self.pick(['Bank', 'Gallery', 'Library', 'Weather Service', 'Archive', 'Theatre', 'Assembly'])}", "".join(self.pick(LETTERS) for _ in range(int(self.rng.integers(3, 5)))), f"{place} Police",
            f"{place} Port Authority", f"{b} Foundation", f"{b} Institute", f"{place} General Hospital", f"{self.pick(self.lists['people'])} Red Cross", f"{place} Symphony Orchestra", f"{place} Observer", f"{a}.com",
            f"{self.pick(['Green', 'Labour', 'Liberal', 'Conservative', 'Civic', 'Farmers'])} Party", f"Institut {b}", f"Universität {place}", f"Université de {place}", f"Banco de {place}", f"Stadtwerke {place}", f"Musée de {place}",
        ])

    def other(self):
        a = self.made(["a", "o", "ix", "on", "ex", "is", "um", "ora"])
        return self.pick([self.pick(self.lists["people"])] * 4 + [self.pick(self.lists["event"])] * 3 + [self.pick(self.lists["abstract"]), f"The {self.pick(self.lists['abstract'])}", f"{a} {self.rng.integers(2, 900)}",
                          f"{a} {self.pick(['Pro', 'Mini', 'Max', 'Air', 'One', 'Plus', 'X', 'Trail', 'Classic'])}", f"{self.made(PLACE_ENDS)} Prize", f"{self.made(PLACE_ENDS)} Festival", f"Treaty of {self.place()}", f"{self.last()} Act",
                          f"{self.pick(LETTERS)}{self.rng.integers(2, 99)}"])

    def of(self, kind):
        return {"PER": self.person, "ORG": self.organisation, "LOC": self.place, "MISC": self.other}[kind]()
