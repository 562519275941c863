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
    "en": """able about above accept according account across act action actually add added address afraid after again against agree air all allow almost alone along
already also always among amount and angry animal announce another answer any anyone anything appear are area argue arm arms around article as asked asking
at attack attempt attention autumn average avoid award away baby back bad badly ball base basic be beautiful became because become been before began begin
beginning behind being believe belong below beside best better between big bit black blow board body born borrow both bottom bought box boy break brief
bright bring broke broken brother brought brown building built burn busy but button buy by call came can care careful carried carry catch caught cause
cellar centre century chair chance change chapter cheap check child choice choose church circle claim class clean clear climb close closer clothes coast
coffee cold colleague collect colour come common complain complete concern condition confirm connect consider contain continue control cook cool copy
corner correct cost costs could country couple course cover create crew cross crowd cruel cry current curtain customers cut daily damage dance danger dark
date daughter day days dead deal dear decide decision declare deep deny depend describe design desire despite detail develop device did die difference
different difficult dinner direct direction discover discuss distance divide do doctor document does dog dollars done door doubt down draft dream dress
drink drive drop dry due during dust duty each eager ear early earn earth east easy eat edge effect effort eight eighteen eighty either eleven else empty
end energy engine engineer enjoy enough enter entire escape especially euro euros even evening event every everyone everything evidence exactly example
except exist expect expected expensive experience explain explained express extra eye eyes face fact fail failed fair fall family famous far farmer fast
fat father favourite fear feel fell fever few fewer fifteen fifth fifty fight figure fill filled final finally find fine finger finish finished fire first
fit five fix flat floor flow fly follow followed food foot for force foreign forest forget form former forty forward found four fourth free fresh friends
from front frozen fruit full fun funny future game gas gave general gentle get girl give glad glass go going gold gone good got grand grandfather grave
great greatest green grew grey ground group grow guard guess guest guide had hair half hall hand hands hang happen happened happy hard hardly has hat hate
have he head hear heard heart heavy height hello help her here herself hide high him his hit hold hole holiday home honest hope horse hot hotel hour hours
how however huge human hundred hundreds hung hungry hurry husband ice idea if immediately important impossible in inch including increase indeed inner
inside instead intend interest interview into introduce is island it item its itself join joined jump just keep kept kick kill kilometres kind kitchen knee
knew knock know known labour lack lady land language large larger last late later laugh laughed law lay lead leader leading learn learned least leave led
left leg length less lesson let letter level lie life lift light lights like line lips list listen little live lived living load local lock lonely long
look loose lord lose lost lot loud love low lower luck lunch machine made main make man manage manager many map mark marry match material matter may me
meal mean meet meeting member memory men mention mere merely message metal metre middle might mild mile million mind mine minute minutes mirror miss
mistake mix model moment money month months mood moon more morning most mother motor mountain mouth move moved movement much music must my mystery name
narrow natural nature near nearly neck need needed neighbour neither nervous never new news next nice night nine nineteen ninety no nobody noise none noon
normal north nose not note nothing notice novel now number object observe obvious occur of off offer office officer official often okay old on once one
only open opinion opposite or order ordinary original other ought our out outer outside over own owner page paid pain paint pair pale paper parent parents
park part particular partly party pass passed past path pause pay peace pencil people per percent perfect perhaps period permit person phone photo pick
picture piece pink place plain plan plane plant plastic plate play played player please pleasure plenty pocket point poor popular position possible
possibly pot pound pour power practice prefer prepare present press pretty prevent price print prison private probably problem produce product project
promise promised proper protect proud prove provide public pull purpose push put quality quarter question quick quickly quiet quietly quite race radio rain
raise raised ran range rare rate rather reach reached read reader ready real really reason receive recent recently record reduce refuse regular remain
remained remember remove repeat reply report reported reporters request respect rest result results return returned rich ride right ring rise risk road
rock role roll room round row rule run running rush sad safe said sail sale salt same sand sat save saw say says scene school score sea search season seat
second secret see seem seen sell send sense sent separate series serious serve service set seven seventeen seventy several shade shake shall shape share
sharp she shelf shift shine ship shirt shock shoe shoot shop short shot should shoulder shout show shut sick side sight sign signal silence silent silver
similar simple simply since single sister sit sitting situation six sixteen sixty size skill skin sky sleep slept slide slight slow slowly small smaller
smell smile smoke smooth snow so social soft soil sold soldier solid solve some somebody someone something sometimes somewhere son song soon sorry sort
sound source south space spare speak speaker special speech speed spend spent spirit spoke spoken spokesman spokeswoman spot spread spring square staff
stage stairs standing stars state station stay steady steal steep steps stick still stone stood stop store storm story strange stranger street strength
stretch strike strong student study stuff stupid subject success such sudden suddenly suffer sugar suggest suit summer sun supply support suppose sure
surely surface surprise surprised sweet swim swing system table tail take taken talk talked tall taste taught teach teacher team tear teeth tell ten term
test than thank thanked that the their them then there these they thick thin thing think thinks third thirteen thirty this those though thousand three
threw throat through throw ticket tied tight till time times tiny tip tired title to today together told tomorrow tone tongue too took tool top total touch
toward towards tower town track trade train travel tree tried trip trouble truck true trust truth try turn twelve twenty two type uncle under understand
unit unless unlikely until up upon us use used usual usually valley value various version very view village visit visitors voice vote wage wait wake walk
walked wall want warm warn warned was wash watch watched water wave way we wear weather wedding week weekly weeks weight welcome well went were west wet
what wheel when whenever where wherever whether which while whisper white who whole whose why wide wild will win wind window wing winner winter wise wish
with within without woman women wonder wonderful wood wooden word wore worker world worn worried worry worse worst worth would write wrong wrote yard year
years yellow yes yesterday yet you young your""".split(),
    "de": "der die das und oder aber nicht ist sind war waren wird wurde werden hat haben hatte ein eine einer eines einem im in am an auf aus bei bis durch für gegen mit nach ohne seit über um unter von vor zu zum zur auch noch schon nur sehr mehr viel viele alle heute gestern morgen jahr jahre woche tag tage stunde menschen zeit neue neuen alte erste letzten sagte sich dass wie wenn weil als er sie es wir ihr kein keine".split(),
    "fr": "le la les un une des du de et ou mais pas ne est sont était a ont avait au aux dans en par pour avec sans sous sur depuis entre vers plus moins très aussi encore déjà seulement tous toutes aujourd'hui hier demain an ans année semaine jour jours heure gens temps nouveau nouvelle vieux premier dernier dit que qui quand comme il elle nous vous ils ce cette ces son sa ses leur".split(),
    "es": "el la los las un una unos de del y o pero no es son era fue han ha había en por para con sin sobre desde entre hacia más menos muy también aún ya solo todos todas hoy ayer mañana año años semana día días hora gente tiempo nuevo nueva viejo primero último dijo que quien cuando como él ella nosotros ellos este esta estos su sus lo se al".split(),
}
# What stands around a name: before | after.
CUES = {
    "en": {"PER": "said| / by| / with| / Mr| / Mrs| / Dr| / Professor| / captain| / coach| / mayor| / minister| / photographer| / the painter| / spokesman| / |said / |, who / |'s / |told / |and others / |added / for| / to| / and| / Photo:| / chief executive| / | / |, 34,",
           "ORG": "at| / by| / the| / for| / of| / with| / from| / joined| / |said / |announced / company| / |'s / and| / between| / against| / club| / works at| / |, a start-up",
           "LOC": "in| / near| / from| / to| / at| / of| / off| / between| / and| / outside| / |'s / through| / north of| / across| / reached| / (|)", "MISC": "the| / a| / an| / the new| / in| / at the| / of the| / during the| / |team / |government / |speakers"},
    "de": {"PER": "sagte| / von| / mit| / Herr| / Frau| / Professor| / der Forscher| / Bürgermeisterin| / |sagte / |, der / und| / für|", "ORG": "bei| / die| / der| / von| / an der| / |teilte mit / vom|",
           "LOC": "in| / bei| / nach| / aus| / von| / zwischen| / und| / an der|", "MISC": "der| / die| / beim| / ein|"},
    "fr": {"PER": "selon| / par| / avec| / M.| / Mme| / la directrice| / le maire| / |a dit / |, qui / et| / de| / explique|", "ORG": "chez| / de la| / la| / par| / selon| / l'entreprise|",
           "LOC": "à| / de| / en| / près de| / vers| / au musée de| / d'|", "MISC": "le| / la| / un| / du|"},
    "es": {"PER": "según| / por| / con| / el alcalde| / la ministra| / don| / |dijo / dijo| / |, que / y| / de|", "ORG": "en| / de la| / la empresa| / por| / según| / el|",
           "LOC": "en| / de| / a| / entre| / y| / desde| / cerca de| / el Museo de|", "MISC": "el| / la| / un| / del|"},
}
# Made words that are no names: what a reader meets for the first time in small letters.
ROOTS = "abl act ard bask bat bend blim bor brack brin buck cant carv char clam clin cran crib dak dapp delv dit drav drill dron eff ench fal fant fet flam flick flur form fract frost gant glim glod grav grim grop gul hap harn heft hop imp jolt jut kin knap lam latch lev lim lod lurk man mark mend mol mort nib nod nurt ob pall pant pend perc pil plac plod port prim prob quil ramp rend rig riv rud sapp scal scor scrap sect shiv skim slac slop snar sol spind spir splin sprawl squ stag stamp stern stit strand strut sult swarm tamp tang tapp temp tend thick thrum till tink tract trem trill trim troll trud turb twin up val vent vers vill viv wan warp weld whit wind wist yarn".split()
ENDINGS = {"en": "s ed ing er ers ly tion ment ness able ful less al ous ive ity ance ies le y ish est".split(), "de": "en er ung ungen lich keit isch te ten bar ig los heit schaft".split(), "fr": "er é ée és ment tion eur eux euse age ait ant ique".split(), "es": "ar ado ada ando ción dad oso mente ero aba ando ía".split()}
DAYS = {"en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday", "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag", "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche", "es": "lunes martes miércoles jueves viernes sábado domingo"}
MONTHS = {"en": "January February March April May June July August September October November December", "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
          "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"}
