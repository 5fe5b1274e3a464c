"""`hjelpa feedback compute` as people run it: no settings, one file out, or nothing at all."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.modules.feedback.metrics.files import as_csv, row

ROOT = Path(__file__).parents[4]
SCALE = """
name = "Another"
[cut_off.adult]
value = 25
source = "a paper"
verification = "verified"
checked_on = 2026-11-01
[reliable_change]
value = 5
source = "a paper"
verification = "unverified"
"""


def run(folder: Path, *arguments: object) -> tuple[int, str, str]:
    told = subprocess.run(
        [sys.executable, "-m", "hjelpa.cli", "feedback", "compute", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT / "platform",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    assert "Traceback" not in told.stderr
    return told.returncode, told.stdout, told.stderr


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    path = tmp_path / "sessions.csv"
    path.write_bytes(as_csv([row(), row(session=2, item1=9)]))
    return path


def test_it_loads_neither_web_nor_database() -> None:
    asked = "import sys, hjelpa.commands.feedback; print([m for m in ('flask', 'sqlalchemy', 'redis', 'openpyxl') if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT / "platform"
    )
    assert told.stdout.strip() == "[]"


def test_it_writes_the_figures_and_prints_them_when_asked(sessions: Path, tmp_path: Path) -> None:
    output, scale = tmp_path / "metrics.json", tmp_path / "scale.toml"
    scale.write_text(SCALE)
    code, printed, said = run(tmp_path, "--input", sessions, "--output", output, "--scale", scale, "--json")
    assert (code, said) == (0, "reliable_change is not verified, so it is not used.\n")
    document = json.loads(output.read_text("utf-8"))
    assert json.loads(printed) == document
    assert document["metrics"]["start_score_mean"] == {
        "value": 20.0,
        "numerator": 20.0,
        "denominator": 1,
        "completeness": 1.0,
        "formula_version": "1",
    }
    assert document["target"]["adult"] == {"kind": "cut_off", "value": 25}
    assert document["scale"]["cut_off"]["adult"]["checked_on"] == "2026-11-01"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metrics.json", "scale.toml", "sessions.csv"]


def test_bad_input_is_told_and_nothing_is_written(sessions: Path, tmp_path: Path) -> None:
    output = tmp_path / "metrics.json"
    output.write_text("what was there")
    sessions.write_bytes(as_csv([row(item1=11), row(scale="mood")]))
    code, printed, said = run(tmp_path, "--input", sessions, "--output", output, "--json")
    assert (code, printed) == (2, "")
    assert said.splitlines() == [
        "line 2: item1 “11” is outside 0–10",
        "line 3: unknown scale “mood” (one of outcome, alliance)",
    ]
    assert output.read_text() == "what was there"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_scale_file_that_is_wrong_is_told_by_line(sessions: Path, tmp_path: Path) -> None:
    scale = tmp_path / "scale.toml"
    for text, expected in {
        SCALE.replace(
            'verification = "verified"', 'verification = "surely"'
        ): "line 6: cut_off.adult.verification must be",
        SCALE.replace("value = 5", 'value = "5"'): "line 9: reliable_change.value must be a number from 0 to 40",
        SCALE.replace("value = 25", "value = 41"): "line 4: cut_off.adult.value must be a number from 0 to 40",
        SCALE.replace("adult", "old"): "line 3: cut_off.old is not known",
        SCALE.replace('"Another"', '"Another'): "line 2: the scale file is not TOML",
        '{"name": "x",\n"kind": "alliance"}': "line 2: kind must be outcome",
        '{"name": "x",\n}': "line 2: the scale file is not JSON",
        'name = "x"\nreversed = ["item5"]': "line 2: reversed must be a list of item1",
        'name = "x"\nmay_miss = 4': "line 2: may_miss must be a whole number from 0 to 3",
        'name = "x"\nmaximum = ' + "9" * 400: "line 2: maximum must be a number from 0 to 40",
        '{"name": "x",\n"maximum": ' + "9" * 400 + "}": "line 2: maximum must be a number from 0 to 40",
        '{"name": "x", "items": ' + "9" * 5_000 + "}": "line 1: the scale file is not JSON",
        '{"a": ' * 9_000 + "1" + "}" * 9_000: "line 1: the scale file is not JSON",
        "a = " + "[" * 9_000: "line 1: the scale file is not TOML",
        'name = "x" #' + "y" * 65_536: "line 1: the scale file is larger than 64 KiB",
        "items = 4": "line 1: name must say which scale this is",
    }.items():
        scale.write_text(text)
        code, _, said = run(tmp_path, "--input", sessions, "--output", tmp_path / "out", "--scale", scale)
        assert (code, said[: len(expected)]) == (2, expected)
        assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_or_written_is_one_sentence(sessions: Path, tmp_path: Path) -> None:
    for arguments in (
        ("--input", tmp_path / "none.csv", "--output", tmp_path / "out"),
        ("--input", sessions, "--output", tmp_path / "none" / "out"),
        ("--input", sessions, "--output", tmp_path),
        ("--input", sessions, "--output", sessions),
        ("--input", sessions),
        ("--input", sessions, "--output", tmp_path / "out", "--scale", tmp_path / "none.toml"),
    ):
        code, printed, said = run(tmp_path, *arguments)
        assert (code, printed, said.count("\n")) == (2, "", 1), arguments
    assert [path.name for path in tmp_path.iterdir()] == ["sessions.csv"]


def test_the_examples_in_the_documentation_are_read(tmp_path: Path) -> None:
    told = (ROOT / "docs" / "formats.md").read_text("utf-8")
    blocks = dict(re.findall(r"```(toml|json)\n(.*?)```", told, re.DOTALL))
    rows = next(block for block in re.findall(r"```\n(.*?)```", told, re.DOTALL) if block.startswith("course,"))
    (tmp_path / "sessions.csv").write_text(rows)
    (tmp_path / "scale.toml").write_text(blocks["toml"])
    given = ("--input", tmp_path / "sessions.csv", "--scale", tmp_path / "scale.toml", "--json")
    code, printed, said = run(tmp_path, *given)
    assert (code, said) == (0, "cut_off.child is not verified, so it is not used.\n")
    assert set(json.loads(blocks["json"])) == set(json.loads(printed))
    for key in json.loads(printed)["formulas"]:
        assert key in told or key.startswith("ended_"), key
