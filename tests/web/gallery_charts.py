"""Made-up charts for the gallery and the tests, among them ones meant to be difficult."""

from __future__ import annotations

from hjelpa.web import charts

HOSTILE = '"><script>alert(1)</script><style>*{display:none}</style> Særdeles langt navn uten ende & \u202esnudd'


def course(key: str = "course") -> charts.Chart:
    values = [16.2, 17.8, 15.4, 19.0, None, 22.5, 24.2, 27.9, None, None, None, None]
    lower = [14, 15.5, 16.6, 17.5, 18.2, 18.8, 19.3, 19.7, 20.1, 20.5, 20.8, 21]
    return charts.course_curve(
        [charts.CurvePoint(str(number), value) for number, value in enumerate(values, 1)],
        key=key,
        maximum=40,
        cutoff=25,
        cutoff_label="Grenseverdi 25",
        band=charts.Band(lower, [low + 4 for low in lower], [low + 9 for low in lower]),
        texts=charts.CourseTexts(
            title="Skår per samtale",
            sentence="Siste skår er over grenseverdien 25 og innenfor forventet område.",
            axis="Samtale nr.",
            point="Samtale",
            value="Skår",
            missing="Ikke målt",
            expected="Forventet område",
        ),
    )


def sparse() -> charts.Chart:
    values = [38.5, None, 36, 12, None, None, 9.5]
    return charts.course_curve(
        [charts.CurvePoint(f"{day}. mars", value) for day, value in enumerate(values, 3)],
        key="sparse",
        maximum=40,
        events=[
            charts.CurveEvent(0, "Første samtale"),
            charts.CurveEvent(1, "Nytt mål i planen"),
            charts.CurveEvent(5, "Overlevering til en annen kommune ble godtatt"),
            charts.CurveEvent(6, "Farvel"),
        ],
        texts=charts.CourseTexts(
            "Skår per uke",
            "Skåren har gått ned siden mars.",
            "Dato",
            "Dato",
            "Skår",
            "Ikke målt",
            event="Hendelse",
        ),
    )


def distribution() -> charts.Chart:
    rows = [
        charts.DistributionRow("Forløp med minst tre målinger", 78, 57, 66, 74),
        charts.DistributionRow("Bedring etter avsluttet forløp", 61, 52, 58, 65),
        charts.DistributionRow(
            "Kontakt samme dag, også når noen andre ringer på vegne av den det gjelder", 69, value=66
        ),
        charts.DistributionRow("Svarprosent på tilbakemelding", 54),
        charts.DistributionRow("Avsluttet i samråd", None, 58, 66, 74),
    ]
    return charts.distribution(rows, key="distribution", texts=_distribution_texts())


def _distribution_texts() -> charts.DistributionTexts:
    return charts.DistributionTexts(
        title="Egen kommune mot nettverket",
        sentence="Fjellfjord ligger over medianen i to av tre tall som er publisert med fordeling.",
        indicator="Tall",
        own="Fjellfjord",
        q1="Nedre kvartil",
        median="Median",
        q3="Øvre kvartil",
        value="Nettverket samlet",
        missing="Ikke publisert",
    )


def trend() -> charts.Chart:
    return charts.trend(
        [
            charts.Series("Fjellfjord", [48, 52, None, 54, 59, 63, 66]),
            charts.Series("Nettverket", [51, 52, 53, 55, 56, 57, 58]),
        ],
        ["V23", "H23", "V24", "H24", "V25", "H25", "V26"],
        "%",
        key="trend",
        maximum=100,
        texts=charts.TrendTexts(
            "Utvikling", "Fjellfjord har økt mer enn nettverket siden våren 2025.", "Publisering", "–"
        ),
    )


def crowded() -> charts.Chart:
    names = [
        "Barn og unge",
        "Voksne i alle aldre i hele kommunen",
        "Familier",
        "Samlet",
        "Nettverket",
        "Landet",
        "Ingen tall",
    ]
    series = [
        charts.Series(name, [40 + index, 44, None, 50 + index * 0.4]) for index, name in enumerate(names[:5])
    ]
    series += [charts.Series(names[5], [30, 31, None, None]), charts.Series(names[6], [None] * 4)]
    return charts.trend(
        series,
        ["Høsten 2024", "Våren 2025", "Høsten 2025", "Våren 2026"],
        "%",
        key="crowded",
        texts=charts.TrendTexts(
            "Mange linjer", "Alle grupper ligger nær hverandre.", "Publisering", "Ikke publisert"
        ),
    )


def hostile() -> charts.Chart:
    texts = charts.TrendTexts(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return charts.trend(
        [charts.Series(HOSTILE, [1, 2, 3]), charts.Series("W" * 90, [3, 2, 1])],
        [HOSTILE, "M" * 60, "漢字" * 30],
        HOSTILE[:12],
        key="hostile",
        texts=texts,
    )


def all_charts() -> dict[str, charts.Chart]:
    return {
        "course": course(),
        "sparse": sparse(),
        "distribution": distribution(),
        "trend": trend(),
        "crowded": crowded(),
        "hostile": hostile(),
    }
