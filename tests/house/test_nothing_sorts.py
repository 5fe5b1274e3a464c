"""Nobody is sorted at the door or later: no field, column, question or text for it exists in the citizen's ring."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from marshmallow import Schema, class_registry

from hjelpa.core.database import Base
from hjelpa.registry import find_features
from hjelpa.web.catalogue import extract, read

assert find_features().manifests  # every model and schema is known from here on

MODULES = Path(__file__).parent.parent.parent / "platform" / "modules"
RING = ("contacts", "citizens", "plans", "services")

# English in names and message ids, bokmål in what people read; parts of words, since names are written together.
SORTING = re.compile(
    r"sever(?!al)|urgen|priorit|triage|diagnos|symptom|referral|referred|expected_?(length|duration)|duration|risk_?(level|score)"
    r"|alvorlighet|alvorsgrad|hastegrad|henvis(ning|t)|varighet|risikoniv|\bgradering",
    re.I,
)


def part_of_ring(module: str) -> bool:
    return module.startswith(tuple(f"modules.{name}." for name in RING))


def columns() -> Iterator[str]:
    for mapper in Base.registry.mappers:
        if part_of_ring(mapper.class_.__module__):
            yield from (f"{mapper.local_table.name}.{column.name}" for column in mapper.local_table.columns)


def choices() -> Iterator[str]:
    for mapper in Base.registry.mappers:
        if part_of_ring(mapper.class_.__module__):
            yield from (str(rule.sqltext) for rule in mapper.local_table.constraints if hasattr(rule, "sqltext"))


def questions() -> Iterator[str]:
    known: set[type[Schema]] = set()
    for found in class_registry._registry.values():
        known.update(schema for schema in found if isinstance(schema, type))
    for schema in known:
        if not part_of_ring(schema.__module__):
            continue
        for name, field in schema._declared_fields.items():
            about = field.metadata
            yield from (name, str(about.get("label", "")), str(about.get("hint", "") or ""))
            yield from (f"{key} {title}" for key, title in dict(about.get("choices", {})).items())


def templates() -> Iterator[tuple[str, str]]:
    for name in RING:
        for file in sorted((MODULES / name).rglob("*.html")):
            yield f"{name}/{file.name}", file.read_text("utf-8")


def texts() -> Iterator[str]:
    """Every text of the ring in both languages."""
    catalogue = read("nb")
    for message in extract():
        places = [place for place, _ in message.locations]
        if any(f"modules/{name}/" in place for place in places for name in RING):
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            known = catalogue.get(message.id)
            words = known.string if known else ()
            yield from map(str, ids)
            yield from map(str, words if isinstance(words, tuple | list) else (words,))


@pytest.mark.parametrize("gather", [columns, choices, questions, texts], ids=lambda gather: gather.__name__)
def test_there_is_no_word_for_it(gather) -> None:
    found = list(gather())
    assert len(found) > 20
    assert [text for text in found if text and SORTING.search(text)] == []


def test_no_page_asks_for_it() -> None:
    found = dict(templates())
    assert len(found) > 10
    wrong = [
        f"{page}: {line.strip()}"
        for page, text in found.items()
        for line in text.splitlines()
        if SORTING.search(line)
    ]
    assert wrong == []


@pytest.mark.parametrize("word", ["severity", "urgency_level", "expected_duration", "hastegrad", "Henvisning fra"])
def test_the_test_itself_would_see_it(word: str) -> None:
    assert SORTING.search(word)


@pytest.mark.parametrize(
    "word", ["received_at", "agreed", "answer_by", "several", "Bruk varsomt", "henvendelse", "During the talk"]
)
def test_everyday_words_are_left_alone(word: str) -> None:
    assert not SORTING.search(word)


# What somebody answered, what was noticed in it, and how much of it there is.
ANSWERED = re.compile(
    r"\b(?:Answer\.(?:total|items|scale|state|words)|(?:FeedbackSignal|Signal)\.(?:kind|done|words)"
    r"|\w*(?:score|total|signs|kinds|threshold)\w*)\b"
)
# Marks of one conversation stand in the order of its two scales: before it, and after it.
FINE = {"Answer.scale"}


def orders() -> Iterator[tuple[str, str]]:
    """Every order that rows of the modules are asked for in, and every key by which a list of them is sorted."""
    for file in sorted(MODULES.rglob("*.py")):
        # Arithmetic shows nobody a list, and neither does the making of invented data.
        if {"metrics", "trajectory", "demo"} & {*file.parts, file.stem}:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "order_by"
            ):
                yield f"{file.relative_to(MODULES)}:{node.lineno}", ", ".join(map(ast.unparse, node.args))
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sorted", "max", "min"):
                keys = [ast.unparse(word.value) for word in node.keywords if word.arg == "key"]
                yield f"{file.relative_to(MODULES)}:{node.lineno}", ", ".join(keys)


def by_answers(order: str) -> set[str]:
    return set(ANSWERED.findall(order)) - FINE


def test_no_list_stands_by_what_somebody_answered() -> None:
    found = list(orders())
    assert len(found) > 60
    assert [(where, order) for where, order in found if by_answers(order)] == []


@pytest.mark.parametrize(
    "order",
    ["Answer.total.desc(), Course.id", "FeedbackSignal.kind", "lambda row: row.last_score", "len(row.kinds)"],
)
def test_the_test_of_orders_would_see_it(order: str) -> None:
    assert by_answers(order)
