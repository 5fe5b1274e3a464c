"""`make module name=x` lays out a module that works at once: tried in a copy of the house."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = ("pyproject.toml", "package.json", "package-lock.json", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
FOLDERS = ("platform", "scripts", "requirements", "docs")
UNNEEDED = shutil.ignore_patterns("__pycache__", "*.egg-info")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=UNNEEDED)
    shutil.copytree(ROOT / "tests" / "house", tmp_path / "tests" / "house", ignore=UNNEEDED)
    (tmp_path / "tests" / "modules").mkdir()
    (tmp_path / "tests" / "modules" / "__init__.py").touch()
    for name in ("__init__.py", "conftest.py", "people.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    return tmp_path


def run(copy: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy / "platform"), "PYTEST_XDIST_WORKER": ""}
    return subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


HOUSE = [f"tests/house/test_{what}.py" for what in ("structure", "texts", "migrations", "tables")]


@pytest.mark.parametrize(
    ("name", "house"), [("meetings", HOUSE), ("a" + "bcdefghijklmnopqrstuvwxyz" + "abcd", [])]
)
def test_a_new_module_works_at_once(copy: Path, name: str, house: list[str]) -> None:
    """With a name of usual length and with the longest one; the house's own tests once."""
    laid_out = run(copy, "scripts/new_module.py", name, "--root", str(copy))
    assert laid_out.returncode == 0, laid_out.stderr
    python = [file for file in laid_out.stdout.split() if file.endswith(".py")]
    assert len(python) == 8
    for tool in (("ruff", "format", "--check"), ("ruff", "check")):
        checked = run(copy, "-m", *tool, *python)
        assert checked.returncode == 0, checked.stdout
    tested = run(
        copy, *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"), f"tests/modules/{name}", *house
    )
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-1000:]


@pytest.mark.parametrize("name", ["Meetings", "a", "two words", "../out", "class", "contacts", "1st"])
def test_a_name_that_does_not_fit_is_refused_and_nothing_written(copy: Path, name: str) -> None:
    before = sorted(path for path in copy.rglob("*") if "__pycache__" not in path.parts)
    refused = run(copy, "scripts/new_module.py", name, "--root", str(copy))
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert sorted(path for path in copy.rglob("*") if "__pycache__" not in path.parts) == before
