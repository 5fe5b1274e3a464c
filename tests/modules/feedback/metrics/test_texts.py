"""Every sentence of the figures can be said in the reader's language, and is in the catalogue's hands."""

import io

from flask import Flask

from hjelpa.web.catalogue import extract
from modules.feedback.metrics.formulas import FORMULAS, REGRESSION
from modules.feedback.metrics.reading import read_courses
from modules.feedback.metrics.texts import title_of, translate, words_of


def test_pages_can_say_all_of_it(app: Flask) -> None:
    reading = read_courses(io.BytesIO(b"course\n"))
    with app.test_request_context("/?lang=en"):
        for problem in reading.problems:
            assert translate(problem.reason) == str(problem.reason)
        for formula in FORMULAS.values():
            assert (title_of(formula), words_of(formula)) == (formula.title, formula.words)


def test_the_catalogue_finds_each_formula() -> None:
    known = {str(message.id) for message in extract()}
    assert {text for formula in FORMULAS.values() for text in (formula.title, formula.words)} | {
        REGRESSION
    } <= known
