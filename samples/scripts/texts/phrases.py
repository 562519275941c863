"""Sentences with gaps. {PER}, {ORG}, {LOC}, {MISC} take names; {last} and {first} parts of a person; {thing}, {action}, {place} words of a topic."""

TAGGED = {
    "en": """{PER} said on {day} that the {thing} in {LOC} had been {action}.
{PER}, a spokeswoman for {ORG}, told {ORG} that the {thing} would open in {month}.
{ORG} plans to build a new {place} in {LOC}, near {LOC}.
{PER} of {ORG} called it "the best {thing} in years".
The {MISC} {thing} {action} in {LOC} last {day}.
{PER} and {PER} met in {LOC} to talk about the {thing}.
{LOC} ({ORG}) - {PER} won the {MISC} on {day} after a long {thing}.
According to {ORG}, the {thing} {action} by {number} per cent in {month}.
{ORG} has bought {ORG} for {number} million euros, {PER} confirmed.
{PER}, {age}, grew up in {LOC} and studied at {ORG}.
The {thing} was {action}, {last} said.
{last} added that {ORG} had no plans for a second {thing}.
"We never expected the {thing}," said {PER}, who has worked for {ORG} since {year}.
Trains between {LOC} and {LOC} were stopped because of {thing}.
{PER} ({MISC}) beat {PER} ({MISC}) in {LOC}.
The {MISC} will be held in {LOC} in {month} {year}.
Shares in {ORG} {action} after {PER} resigned as chief executive.
Photographer {PER} travelled from {LOC} to {LOC} for the {thing}.
A {MISC} company, {ORG}, makes the {thing} in its {place} in {LOC}.
In {LOC}, the mayor, {PER}, thanked the {thing}.
Mayor {PER} and council leader {PER} {action} the {thing}.
Dr {PER} from the {ORG} explained the {thing} to reporters.
{PER}'s {thing} was shown at the {ORG} in {LOC}.
{ORG} and {ORG} signed an agreement about {thing} in {LOC}.
The {thing} reached {LOC} in the early morning, the {ORG} reported.
The new {MISC} from {ORG} is a {thing} with {number} hours of use.
Born in {LOC} in {year}, {last} moved to {LOC} and joined {ORG}.
{PER} scored twice as {ORG} won against {ORG} on {day}.
{ORG} coach {PER} was happy with the {thing}.
Captain {PER} and the crew of the {MISC} were {action} off {LOC}.
The {thing} is made in {LOC} by {ORG}.
Minister {PER} visited the {place} in {LOC} on {day}.
On {day}, {ORG} said that {PER} would lead its {thing}.
In a letter to {PER}, dated {month} {year}, {PER} describes the {thing}.
{PER} directs the {MISC} film "{MISC}", which {action} in {LOC}.
Both {ORG} and the {MISC} government {action} the {thing}.
The {place} at {LOC} has been closed since {month}.
Officials in {LOC} said that {number} people had been {action}.
{first} {last} from {LOC} bought the {thing} and gave it four stars.
The {ORG} warned of {thing} along the coast near {LOC}.
{LOC} and {LOC} are {number} kilometres apart.
{PER} took the {thing} from {LOC} to {LOC}.
"{PER} knows the {thing} better than anyone," {PER} said.
{ORG} opened its first {place} outside {LOC}, in {LOC}.
The {MISC} team arrived in {LOC} on {day}.
Professor {PER} won the {MISC} for work on {thing} at {ORG}.
Report by {PER} in {LOC}
By {PER}, {LOC}
Photo: {PER} / {ORG}
{LOC}, {month} {age} - The {thing} {action} on {day}.
{PER} is the new head of {ORG}.
{MISC} speakers in {LOC} {action} the {thing}.""".split("\n"),
    "de": """{PER} sagte am {day}, dass {thing} in {LOC} {action} worden sei.
{ORG} will in {LOC} {thing} bauen, teilte {PER} mit.
{PER} von {ORG} sprach von {thing} in {LOC}.
Der Bürgermeister von {LOC}, {PER}, dankte der {thing}.
Nach Angaben von {ORG} wurden {number} Menschen in {LOC} {action}.
In {LOC} {action} am {day} {thing}.
{PER} aus {LOC} gewann den {MISC}.
Die Züge zwischen {LOC} und {LOC} fielen wegen {thing} aus.
{last} sagte, die {thing} sei {action}.
Die {ORG} warnte vor {thing} bei {LOC}.
{PER} und {PER} trafen sich in {LOC} mit {ORG}.
Der Winzer {PER} arbeitet seit {year} bei {LOC}.""".split("\n"),
    "fr": """{PER} a déclaré {day} que le {thing} à {LOC} avait été {action}.
{ORG} va construire un {thing} à {LOC}, selon {PER}.
La maire de {LOC}, {PER}, a remercié les {thing}.
Selon {ORG}, {number} personnes ont été {action} à {LOC}.
{PER}, directrice de {ORG}, parle de {thing}.
Le {thing} de {LOC} a été {action} en {month} {year}.
{PER} et {PER} se sont rencontrés à {LOC}.
{last} travaille pour {ORG} depuis {year}.
Né à {LOC} en {year}, {PER} a étudié à {ORG}.
L'équipe de {ORG} a battu {ORG} {day}.""".split("\n"),
    "es": """{PER} dijo el {day} que el {thing} en {LOC} fue {action}.
{ORG} construirá un {thing} en {LOC}, según {PER}.
La alcaldesa de {LOC}, {PER}, agradeció a los {thing}.
Según {ORG}, {number} personas fueron {action} en {LOC}.
{PER}, director de {ORG}, habló de {thing}.
El {thing} de {LOC} fue {action} en {month} de {year}.
{PER} y {PER} se reunieron en {LOC}.
{last} trabaja en {ORG} desde {year}.
Nacido en {LOC} en {year}, {PER} estudió en {ORG}.
El equipo de {ORG} ganó a {ORG} el {day}.""".split("\n"),
}

# Sentences in which nothing is a name, though much is written with a capital.
PLAIN = {
    "en": """The {thing} was {action} on {day}, and nobody knows why.
{number} people waited at the {place} for the {thing}.
How the {Thing} {Action} the {Thing}
The President and the Prime Minister {action} the {thing}.
{Thing}, {thing} and {thing}
However, the {thing} {action} for the third time since {month} {year}.
{Day} was the warmest day of {month}.
There is little {thing} left, and the {place} is empty.
Contact: Press Office, phone {number}
In stock: {number}. Delivery in {age} days.
What to Know About the {Thing} in {year}
Nothing like it had been seen at the {place} before.
Mother, said the boy, the {thing} is {action}.
Breaking: {Thing} {Action}
Chief Executive, Head of Sales, Director of Marketing""".split("\n"),
    "de": """Die {thing} wurde am {day} {action}.
Am {day} war der {place} wegen {thing} geschlossen.
Für {number} Besucher gab es {thing}, {thing} und {thing}.
Viele Menschen warteten am {place} auf den Zug.""".split("\n"),
    "fr": """Le {thing} a été {action} {day}, sans que personne sache pourquoi.
Les {thing} attendaient depuis le mois de {month}.""".split("\n"),
    "es": """El {thing} fue {action} el {day} y nadie sabe por qué.
Los {thing} esperaban desde el mes de {month}.""".split("\n"),
}

TELLING = {
    "en": """The {a} {v} {b} at the {p}.
At the {p}, the {b} was {v} by the {a}.
{a} {v} the {b} near the {p} of {n}.
After the {a}, the {b} at the {p} {v}, {n} said.
People in {n} saw how the {a} {v} the {b}.
It was the {a} that {v} the {b}; the {p} stayed quiet.
{n}: {a} and {b} {v}
The {b} has been {v} since the {a} came to the {p}.""".split("\n"),
    "de": """Am {p} wurde {b} durch {a} {v}.
{a}: {b} in {n} {v}.
Nach {a} ist {b} am {p} {v}, sagte {n}.
In {n} {v} {a} die {b}.""".split("\n"),
    "fr": """Le {a} a {v} {b} près du {p}.
À {n}, {b} a été {v} après {a}.
Après le {a}, {b} du {p} {v}, dit {n}.""".split("\n"),
    "es": """El {a} {v} {b} cerca del {p}.
En {n}, {b} fue {v} tras {a}.
Tras el {a}, {b} del {p} {v}, dice {n}.""".split("\n"),
}

ASKING = ["{a}", "{v} {a}", "{a} {v}", "{a} {v} {b}", "{a} {p}", "{a} at the {p}", "{b} {v} by {a}", "what happened to the {b}", "where was the {b} {v}", "news about {a} and {b}", "{a} {b} {p}",
          "who {v} the {b}", "{n} {a}", "{b} {n}", "pictures of {a}", "{v} {b} in {n}", "articles on {a}", "{p}"]

COMMON = {
    "en": """about above across after again against all almost along already also always among and another any anyone anything are around as asked at away back be because been before behind being below
best better between big both bring brought but by call came can carry change clear close cold come common could country day days did different do does done down during each early either end enough even
evening every everyone everything example far fast few find first five for found four friends from full gave get give go going gone good got great group had half hand happened hard has have he head hear heard
help her here high him his hold hour hours how however hundred idea if important in inside instead into is it its itself just keep kept kind know known large last late later least leave left less let life like little
local long look made make man many matter may me mean meet men might minutes month months more morning most move much must my name near need never new news next night no nobody north not nothing now number of off often
old on once one only open or other our out outside over own part past people perhaps place plan point possible private problem public put question quite rather ready real really reason right said same saw say says second see
seem seen set several she short should show side simple since six small so some someone something soon south spokesman spokeswoman still stood stop story such sure take talk tell ten than that the their them then there these they thing think
third this those though thousand three through time times to today together told tomorrow too took toward town tried true try turn two under until up upon us use used usual very visit visitors wait walk want was water way we week weeks well went
were west what when where whether which while white who whole whose why will with within without woman women wonder word would write year years yesterday yet you young your million euro euros dollars percent according added including
during expected reported special special open minute daily weekly quality size weight length wide deep colour black green yellow grey dark bright light model series version piece item order price care warm cool dry wet""".split(),
    "de": "der die das und oder aber nicht ist sind war waren wird wurde werden hat haben hatte ein eine einer eines einem im in am an auf aus bei bis durch für gegen mit nach ohne seit über um unter von vor zu zum zur auch noch schon nur sehr mehr viel viele alle heute gestern morgen jahr jahre woche tag tage stunde menschen zeit neue neuen alte erste letzten sagte sich dass wie wenn weil als er sie es wir ihr kein keine".split(),
    "fr": "le la les un une des du de et ou mais pas ne est sont était a ont avait au aux dans en par pour avec sans sous sur depuis entre vers plus moins très aussi encore déjà seulement tous toutes aujourd'hui hier demain an ans année semaine jour jours heure gens temps nouveau nouvelle vieux premier dernier dit que qui quand comme il elle nous vous ils ce cette ces son sa ses leur".split(),
    "es": "el la los las un una unos de del y o pero no es son era fue han ha había en por para con sin sobre desde entre hacia más menos muy también aún ya solo todos todas hoy ayer mañana año años semana día días hora gente tiempo nuevo nueva viejo primero último dijo que quien cuando como él ella nosotros ellos este esta estos su sus lo se al".split(),
}
DAYS = {"en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche", "es": "lunes martes miércoles jueves viernes sábado domingo"}
MONTHS = {"en": "January February March April May June July August September October November December", "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
          "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"}
