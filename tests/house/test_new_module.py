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
    return copied(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for every try that must leave it as it is."""
    return copied(tmp_path_factory.mktemp("untouched"))


def copied(folder: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=UNNEEDED)
    shutil.copytree(ROOT / "tests" / "house", folder / "tests" / "house", ignore=UNNEEDED)
    (folder / "tests" / "modules").mkdir()
    (folder / "tests" / "modules" / "__init__.py").touch()
    for name in ("__init__.py", "conftest.py", "people.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
    return folder


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
LONGEST_NAME = "a" + "bcdefghijklmnopqrstuvwxyz" + "abcd"


@pytest.mark.parametrize(
    ("name", "house"), [pytest.param("meetings", HOUSE, marks=pytest.mark.prove), (LONGEST_NAME, [])]
)
def test_a_new_module_works_at_once(copy: Path, name: str, house: list[str]) -> None:
    """With the longest name that there may be; with one of usual length, and all that the house asks, in `make prove`."""
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
def test_a_name_that_does_not_fit_is_refused_and_nothing_written(untouched: Path, name: str) -> None:
    before = sorted(path for path in untouched.rglob("*") if "__pycache__" not in path.parts)
    refused = run(untouched, "scripts/new_module.py", name, "--root", str(untouched))
    assert refused.returncode == 2
    assert len(refused.stderr.strip().splitlines()) == 1
    assert sorted(path for path in untouched.rglob("*") if "__pycache__" not in path.parts) == before
