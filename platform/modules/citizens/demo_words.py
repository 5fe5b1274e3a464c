"""Names and sentences of the demo's citizens: all made up, and made to look it."""

from collections.abc import Mapping, Sequence
from random import Random

FIRST_NAMES = (
    *("Ada", "Aksel", "Alma", "Amalie", "Amir", "Anton", "Aurora", "Bendik", "Birk", "Ella", "Elias", "Emil"),
    *("Emma", "Eva", "Even", "Filip", "Frøya", "Gustav", "Hanna", "Hedda", "Henrik", "Iben", "Ida", "Ingrid"),
    *("Isak", "Iver", "Jakob", "Jenny", "Johannes", "Jonas", "Kaja", "Kasper", "Lars", "Lea", "Leon", "Live"),
    *("Ludvig", "Maja", "Malin", "Marius", "Mathea", "Mikkel", "Mina", "Nora", "Oda", "Olav", "Oskar", "Sanna"),
    *("Sara", "Selma", "Signe", "Sigurd", "Sofie", "Storm", "Tiril", "Tobias", "Tuva", "Vilde", "Yasmin"),
)
# Nobody has these surnames, so that every name tells that the person does not exist.
LAST_NAMES = (
    *("Påfunn", "Oppdiktet", "Fabel", "Eventyr", "Fantasi", "Diktet", "Tenkt", "Innbilt", "Attrapp", "Mønster"),
    *("Figur", "Dukke", "Teater", "Rollespill", "Fiksjon", "Tegneserie", "Mellomnavn", "Plassholder"),
)

MATTERS: Mapping[str, Sequence[str]] = {
    "child": (
        "At vi får rolige morgener igjen før skolen.",
        "At hun vil være med på bursdager.",
        "At vi slipper å krangle om leggetid hver kveld.",
        "At han har noen å være sammen med i friminuttene.",
        "Å ha det fint hjemme hos både mamma og pappa.",
        "Å tørre å sove på eget rom.",
        "At vi voksne blir enige om hvordan vi gjør det.",
        "At noen hører på meg når jeg blir sint.",
    ),
    "adolescent": (
        "Å komme meg på skolen uten vondt i magen.",
        "Å sove om natta.",
        "At foreldrene mine skjønner hvordan jeg har det.",
        "Å finne igjen gleden ved fotballen.",
        "Å ha en voksen som ikke maser.",
        "Å tørre å si fra når noe er dumt.",
        "Å slippe å tenke så mye hele tiden.",
        "Å ha venner jeg kan være meg selv med.",
    ),
    "adult": (
        "Å få overskudd til ungene igjen.",
        "Å komme tilbake på jobb litt etter litt.",
        "Å klare en handletur uten å snu i døra.",
        "At vi kan snakke sammen uten at det blir krangel.",
        "Å få orden på dagene.",
        "Å slippe å bære alt alene.",
        "Å sørge uten å forsvinne helt.",
        "Å kjenne at jeg duger til noe.",
        "Å drikke mindre i helgene.",
        "Å få ro om pengene.",
    ),
}

HAPPENED: Mapping[str, Sequence[str]] = {
    "child": (
        "Vi flyttet i høst, og alt ble nytt på en gang.",
        "Foreldrene bor hver for seg siden i vår.",
        "Det har vært mye bråk i klassen.",
        "Bestefar døde, og vi snakker lite om det.",
        "Lillebror ble født, og kveldene ble lange.",
        "Det begynte etter at bestevennen byttet skole.",
        "Det var en stygg episode på vei hjem fra skolen.",
    ),
    "adolescent": (
        "Jeg ble holdt utenfor etter ungdomsskolen.",
        "Det har vært mye krangling hjemme i det siste.",
        "Jeg ble skadet og mistet plassen på laget.",
        "Det ble slutt, og alle visste om det.",
        "Jeg har flyttet tre ganger på to år.",
        "Noen la ut et bilde av meg.",
        "Karakterene falt, og så turte jeg ikke møte opp.",
    ),
    "adult": (
        "Jeg mistet jobben før jul.",
        "Vi gikk fra hverandre etter mange år.",
        "Mor ble syk, og jeg har stått i det alene.",
        "Det har vært for mye på jobben for lenge.",
        "Jeg mistet en venn i fjor.",
        "Vi har hatt det trangt siden renta gikk opp.",
        "Jeg har sovet dårlig siden sommeren.",
        "Jeg vokste opp med lite trygghet, og nå merker jeg det.",
        "Ingenting spesielt, det har bare bygget seg opp.",
    ),
}

LATER = (
    "Det har gått litt lettere siden sist.",
    "Denne uka var tung, men jeg kom meg hit.",
    "Vi prøvde det vi ble enige om, og det hjalp litt.",
    "Det er mye som før.",
    "Det ble en bra helg, og det var lenge siden.",
    "Det vi prøvde, passet ikke for oss.",
    "Søvnen er bedre, men dagene er lange.",
    "Jeg sa fra til læreren, og det gikk fint.",
)

NEXT_STEPS = (
    "Vi snakkes igjen, samme sted.",
    "Vi går en tur neste gang.",
    "Hjelper ringer først og hører hvordan uka har vært.",
    "Vi møtes på skolen sammen med kontaktlæreren.",
    "Prøve én ting om dagen og fortelle hvordan det gikk.",
    "Begge foreldrene blir med neste gang.",
    "Vi tar neste prat på telefon.",
    "Vi ser på kurva sammen og bestemmer veien videre.",
    "Besøke frisklivssentralen sammen.",
)

GOODBYES = (
    "Vi er enige om å avslutte. Døra er åpen.",
    "Ferdig for nå, og kan ta kontakt igjen når som helst.",
    "Klarer seg fint på egen hånd nå.",
    "Vi takket hverandre for laget.",
)


def make_name(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def make_phone(random: Random) -> str:
    """A number that cannot be called: no Norwegian number of eight digits begins with 0."""
    return f"000 {random.randrange(100):02} {random.randrange(1000):03}"
