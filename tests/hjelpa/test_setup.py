"""The script behind every make target: when it has nothing to do, and what it says when it cannot go on."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "setup.py"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script with a checkout of its own."""
    spec = importlib.util.spec_from_file_location("setup_script", SCRIPT)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "requirements").mkdir()
    for name in ("runtime", "dev"):
        (tmp_path / "requirements" / f"{name}.lock").write_text("click==8.1\n")
    (tmp_path / "pyproject.toml").write_text("[project]\nname='x'\n[build-system]\n[tool.uv]\n[tool.ruff]\na=1\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    for name, value in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": python,
        "STATE": tmp_path / ".setup",
        "LOG": tmp_path / "setup.log",
    }.items():
        monkeypatch.setattr(script, name, value)
    return script


def mark_done(setup: ModuleType, kind: str) -> None:
    setup.stamp_of(kind).write_text(setup.key_of(kind))


def test_nothing_to_do_until_a_lock_or_the_project_changes(setup: ModuleType) -> None:
    assert not setup.is_ready("runtime")
    mark_done(setup, "runtime")
    assert setup.is_ready("runtime")
    project = setup.ROOT / "pyproject.toml"
    project.write_text(project.read_text().replace("a=1", "a=2"))
    assert setup.is_ready("runtime")
    (setup.ROOT / "requirements" / "runtime.lock").write_text("click==8.2\n")
    assert not setup.is_ready("runtime")


def test_what_the_tests_need_is_enough_for_the_demo_but_not_the_reverse(setup: ModuleType) -> None:
    mark_done(setup, "runtime")
    assert not setup.is_ready("dev")
    mark_done(setup, "dev")
    setup.stamp_of("runtime").unlink()
    assert setup.is_ready("runtime")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("ERROR: No matching distribution found for click==8.1", "check the network"),
        ("OSError: [Errno 28] No space left on device", "free some disk space"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "a download was broken"),
    ],
)
def test_a_failed_step_is_one_sentence(setup: ModuleType, output: str, sentence: str) -> None:
    with pytest.raises(setup.SetupError) as failure:
        setup.run(
            [sys.executable, "-c", f"print({output!r}); raise SystemExit(1)"], "The packages could not be fetched"
        )
    said = str(failure.value)
    assert said.startswith("The packages could not be fetched (")
    assert sentence in said
    assert "\n" not in said


def test_a_named_browser_that_is_none_is_refused(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(setup.SetupError, match="unset it"):
        setup.find_chromium()
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert setup.find_chromium() == sys.executable


def test_the_systems_browser_is_found(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "google-chrome"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert setup.find_chromium() == str(browser)


def test_a_python_without_environments_is_told_what_to_install(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.PYTHON.unlink()
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(setup.SetupError, match="python3-venv"):
        setup.make_venv()
