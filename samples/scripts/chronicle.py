"""The long document of samples/media: a hundred and seventy years of a harbour town that never was, about 20,000 words."""
import numpy as np

FIRST = "Agnes Albert Anna Arthur Beatrice Carl Clara Edith Edward Elias Emma Ernst Frederik George Greta Gustav Hannah Harald Helena Henry Ida Ingrid Jacob Johan Julia Karl Laura Leo Magda Maria Martin Niels Olga Oscar Paul Petra Robert Rosa Samuel Sigrid Sofia Stefan Theodor Ursula Victor Walter".split()
LAST = "Ahlberg Bergmann Brandt Carlsen Dahl Ekman Falk Fischer Grant Hansen Hartmann Holm Iversen Jansen Keller Larsen Lindqvist Lorenz Mercer Moller Nordahl Olsen Petersen Quist Reimers Sander Sommer Steen Thorsen Ulrich Vogel Wagner Winther Young".split()
FIRMS = ["Lindqvist Shipping", "Brandt & Sons", "the Merrowby Railway Company", "Nordahl Furniture", "the Alder Cannery", "Falk Shipyards", "the Harbour Bank", "Keller Rope Works", "the Tarn Valley Dairy", "Steen Brewery"]
TOWNS = ["Merrowby", "Saint Anselm", "Karlsby", "Cape Ferrin", "Ostmere", "Linden", "Valmont", "Brighthaven", "Copenhagen", "Hamburg", "Glasgow", "Rotterdam", "Bergen", "Lisbon"]
SHIPS = ["Solveig", "Marigold", "Second Spring", "Northern Star", "Anna Louise", "Albatross", "Concordia", "Prospero", "Evening Tide", "Halcyon"]
MONTHS = "January February March April May June July August September October November December".split()

EVENTS = {
    "storm": ["On the night of {day} {month} a storm from the north-west drove the {ship} onto the breakwater. {rescued} sailors were pulled from the water by fishermen of the lower town, and {person}, who had rowed out three times, was given a silver watch by the council.",
              "The autumn gales took the roof of the fish hall and {number} metres of the quay. {firm} lost two boats at their moorings. It was said in {town} that the waves had reached the church steps, which was not true, though the verger did find a cod in the yard.",
              "A flood came down the Tarn in {month} after nine days of rain. The millers' bridge was swept away, and the cellars of Harbour Street stood under water until Easter. {person} opened the school to the families who had lost their homes.",
              "Lightning struck the lighthouse in {month}. The keeper, {person}, kept the lamp burning by hand for eleven nights until the new mechanism came from {town}."],
    "trade": ["{firm} took over the warehouse on the east quay and hired {number} hands. The price of herring rose by a third before the summer was out, and the {ship} made the run to {town} twice a month.",
              "It was a poor year for the port. Only {number} ships called, a third fewer than the year before; {firm} paid no dividend, and forty dockers left for {town} to look for work.",
              "The dockers went on strike on {day} {month}. Their speaker, {person}, asked for a ten-hour day. After three weeks {firm} gave way on the hours but not on the pay, and both sides called it a victory.",
              "{person} founded a shop for ship's lamps in Rope Lane with money borrowed from {firm}. Within five years the lamps were sold as far as {town}.",
              "The savings bank of {town} failed in {month}, and {number} families of Port Alder lost what they had put by. A committee under {person} gathered coal and flour through the winter."],
    "council": ["The council elected {person} mayor by {votes} votes to {fewer}. The new mayor promised paving for the upper town, a second pump in Well Yard and shorter speeches; the paving was begun in {month}.",
                "After long debate the councillors voted to sell the common meadow to {firm}. {person} left the hall in protest and printed a pamphlet, copies of which can still be bought in {town}.",
                "A tax on dogs was passed and, after {number} letters, withdrawn. The clerk, {person}, noted in the minutes that no measure had ever brought so many citizens to the town hall.",
                "The frontier commission met in the town hall for six days. An agreement with the neighbours about the fishing grounds off Cape Ferrin was signed on {day} {month}; {person} kept the pen."],
    "building": ["The railway from {town} reached Port Alder on {day} {month}. The first train, drawn by the engine {ship}, was an hour late, because the band on the platform at Linden would not stop playing.",
                 "Work on the new bridge over the Tarn was begun under the engineer {person}. It was to have five arches of granite; in the end there were four, as the quarry at {town} had closed.",
                 "The hospital on Chapel Hill was opened with {number} beds. Doctor {person} treated the first patient, a boy who had fallen from the scaffolding of the hospital.",
                 "Gas lamps were lit along the seafront for the first time in {month}. {firm} had laid the pipes. Older people complained that the stars could no longer be seen from the pier.",
                 "The old castle above the harbour was given to the town by {person}, who could no longer pay for the roof. It became a museum, then a school of navigation, then a museum again."],
    "people": ["{person} died in {month} at the age of {age}. The flags on the ships were lowered, and {firm} closed its offices for the afternoon.",
               "In the same year {person} was born in a back room of the inn by the ferry. The child would later paint the harbour {number} times; the largest of these pictures hangs in {town}.",
               "The teacher {person} took the upper class to the beach at Cape Ferrin to collect fossils. A jawbone as long as an oar was found in the cliff and sent to the university in {town}, where it is still called the Alder whale.",
               "{person}, who had sailed as a cook on the {ship}, published a book of recipes. The chapter on eel was banned from the school library and therefore read by everybody.",
               "A letter arrived from {town}: {person}, believed drowned with the {ship} nine years before, was alive, married and in good health, and asked for a pair of boots to be sent on."],
    "health": ["Fever broke out in the lanes behind the tannery. {number} people fell ill and {fewer} died before the wells were closed on the advice of Doctor {person}.",
               "The nurses of Chapel Hill vaccinated {number} schoolchildren against smallpox in four days. Only one, a nephew of {person}, bit the doctor.",
               "A hard winter: the harbour froze from {month} to March, and bread was brought over the ice from {town} on sledges."],
    "culture": ["A company of players from {town} gave three evenings in the sail loft. The great scene of the third act was stopped when {person}, in the front row, recognised a stolen coat on the leading man.",
                "The first moving pictures were shown in the hall of {firm} on {day} {month}. People at the back stood up when the train came towards them, and those in front were told to sit down.",
                "The orchestra of the dockers' union played its first concert under {person}. The critic from {town} praised the trombones and left it at that.",
                "The football club was founded in the back room of the Anchor. {person} was its first goalkeeper; the first match, against {town}, was lost by seven goals, the return was won by one.",
                "The regatta was won by the {ship} under {person}, ahead of two boats from {town}. A protest over a buoy is still before the sailing committee."],
    "crime": ["Thieves broke into the counting house of {firm} and carried off a chest that turned out to hold {number} dried figs. A man was arrested in {town}; he had eaten most of the evidence.",
              "Customs officers found tobacco under the floor of the {ship}. The trial lasted two days. {person}, who defended the captain, spoke for six hours, and the judge sentenced the captain to as many months.",
              "A fire that began in the tar store destroyed eleven houses in Rope Lane. The fire brigade of {town} came by boat in under an hour, and {person} was named a citizen of honour for ringing the bell."],
    "nature": ["The harvest in the Tarn valley was the best since the records began. So many apples were brought down to the quay that {firm} sold them by the rowing boat.",
               "No rain fell between {month} and the autumn. The wells gave out one by one, and water was sold from barrels at the station. {person} prayed, measured and wrote down both.",
               "The oak wood above Saint Anselm was felled for the shipyards. {person} planted ten thousand firs in its place with the help of two school classes; hikers walk there now.",
               "Storks nested on the chimney of {firm} and could not be persuaded to leave. The works stood still until August, which the directors of the company announced as a holiday for the staff."],
}
LINKS = ["", "", "", "Meanwhile, ", "In the same month, ", "Not everything went badly: ", "The papers wrote little of it, but ", "As the chronicle of Saint Anselm adds, "]
CODA = ["At the end of the year the town counted {people:,} inhabitants.", "The harbour books show {number} arrivals.", "Of the winter that followed nothing is recorded but the price of coal.", "The parish noted {number} baptisms and {fewer} burials.", ""]


def write(seed=1848, first=1848, last=2020):
    rng = np.random.default_rng(seed)

    def pick(items):
        return items[int(rng.integers(len(items)))]

    people, parts, decks = 6200, ["A chronicle of Port Alder, 1848 to 2020", "Compiled from the council's minutes, the harbour books and the memories of those who were there."], {}
    for year in range(first, last + 1):
        people = int(people * (1 + rng.normal(0.008, 0.012)))
        paragraphs = []
        for number, kind in enumerate(rng.permutation(list(EVENTS))[:3]):
            if not decks.get(kind):
                decks[kind] = list(rng.permutation(len(EVENTS[kind])))  # every telling once before any comes again
            text = EVENTS[kind][decks[kind].pop()].format(
                day=rng.integers(1, 29), month=pick(MONTHS), ship=pick(SHIPS), firm=pick(FIRMS), town=pick(TOWNS), person=f"{pick(FIRST)} {pick(LAST)}", rescued=pick(["Four", "Six", "Nine", "Eleven"]),
                number=rng.integers(12, 480), votes=rng.integers(14, 22), fewer=rng.integers(3, 13), age=rng.integers(61, 97))
            text = (text[0].upper() + text[1:]).replace(". the ", ". The ")
            link = pick(LINKS) if number else ""
            paragraphs.append(link + (text[0].lower() + text[1:] if link and text.split()[0] in ("A", "The", "It", "After", "In", "On", "No", "Work", "Thieves", "Customs", "Storks") else text))
        coda = pick(CODA).format(people=people, number=rng.integers(40, 900), fewer=rng.integers(20, 200))
        parts.append(f"{year}\n\n" + "\n\n".join(paragraphs) + (f" {coda}" if coda else ""))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    print(write())
