"""Invented words for invented plans, by age band."""

MATTERS = {
    "child": ("At det er rolig hjemme om kvelden.", "Å få være med venner.", "At vi finner på noe sammen."),
    "adolescent": ("Å bestemme mer selv.", "Å ha noen å spise med på skolen.", "Å få sove."),
    "adult": ("Å komme tilbake til hverdagen.", "Å være der for ungene.", "Å ha noe å stå opp til."),
}
WORKS = ("Frokosten.", "Vi ler sammen på fredager.", "Mormor henter på onsdager.", "Turene med hunden.")
HARD = ("Morgenene.", "Det blir høylytt når vi er slitne.", "Lekser etter middag.", "Søndagskveldene.")
WISH = ("At noen kan avlaste én kveld i uka.", "En fast voksen på skolen.", "Å møte andre som har det likt.")
GOALS = {
    "child": (
        "Jeg sovner før klokka ni.",
        "Vi spiser middag sammen tre ganger i uka.",
        "Jeg går på skolen på mandager.",
    ),
    "adolescent": (
        "Jeg er på skolen hver dag.",
        "Jeg trener én gang i uka igjen.",
        "Jeg sier ifra når det blir for mye.",
    ),
    "adult": ("Jeg går ut hver dag.", "Vi snakker sammen uten å bli sinte.", "Jeg jobber to dager i uka."),
}
# (whose effort, what, who; who empty is the helper)
MEASURES = (
    ("own", "Gå en tur etter middag", "Mamma og jeg"),
    ("own", "Legge bort telefonen klokka ti", "Jeg"),
    ("own", "Skrive ned tre ting som gikk bra", "Jeg"),
    ("community", "Turgruppa i frivilligsentralen", "Frivilligsentralen"),
    ("community", "Fotballtrening på mandager", "Treneren"),
    ("community", "Leksehjelp på biblioteket", "Biblioteket"),
    ("municipality", "Samtaler hver fjortende dag", ""),
    ("municipality", "Møte med skolen og helsesykepleier", ""),
    ("municipality", "Foreldreveiledning hjemme", ""),
)
AGREEMENTS = (
    ("Ringe skolen og avtale et møte", "Hjelperen"),
    ("Spørre tante om onsdagene", "Mamma"),
    ("Melde på til turgruppa", "Jeg"),
    ("Lage en plan for morgenen", "Vi hjemme"),
)
CHANGES = ("Litt sjeldnere, men fast dag.", "Gå heller på kvelden.", "Ingenting, det er fint slik.", "")
WANTED = ("Noen å ringe i helgene.", "Et sted å være etter skolen.", "Hjelp til å komme i gang hjemme.")
