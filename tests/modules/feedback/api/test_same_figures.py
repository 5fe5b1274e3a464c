"""One set of figures: the team's page, the API, and the command on what the export gives."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hjelpa.cli import main
from tests.modules.feedback.exchange.files import export, make_file, random_rows, take_in
from tests.people import Town
from tests.tenants.api_access.test_tokens import METRICS, ask, make_token

PARTS = ("value", "numerator", "denominator", "completeness", "formula_version")


def run_command(folder: Path, content: bytes) -> dict[str, Any]:
    (folder / "sessions.csv").write_bytes(content)
    arguments = [
        "feedback",
        "compute",
        "--input",
        str(folder / "sessions.csv"),
        "--output",
        str(folder / "out.json"),
    ]
    ran = CliRunner().invoke(main, arguments)
    assert ran.exit_code == 0, ran.output
    found: dict[str, Any] = json.loads((folder / "out.json").read_text())
    return dict(found["metrics"])


@pytest.mark.parametrize("seed", range(3))
def test_the_command_on_the_export_gives_the_figures_of_the_api(town: Town, tmp_path: Path, seed: int) -> None:
    assert take_in(town, make_file(*random_rows(seed, courses=40))) == "done"
    theirs = ask(town, make_token(town), f"{METRICS}?period=all").json["metrics"]
    ours = run_command(tmp_path, export(town))
    assert set(ours) <= set(theirs)
    for key, metric in ours.items():
        for part in PARTS:
            same = pytest.approx(theirs[key][part]) if isinstance(metric[part], float) else theirs[key][part]
            assert metric[part] == same, (key, part)
        assert ("reason" in metric) == ("reason" in theirs[key]), key
    assert ours["start_score_mean"]["denominator"] > 20
    assert sum(theirs[f"ended_{how}_unmeasured"]["value"] for how in ("mutual", "unilateral")) > 5
