"""Makes the environment that everything runs in. Needs only Python 3.11 or newer; run by make.

    setup.py runtime     .venv with what the demo needs
    setup.py dev         .venv with what tests and checks need as well
    setup.py chromium    prints the path of a Chromium for the tests

Every failure is one sentence on stderr and exit code 1.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STATE = ROOT / ".setup"
LOG = STATE / "setup.log"
GIGABYTE = 1024**3
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

STARTED = time.monotonic()


class SetupError(Exception):
    """Setting up cannot go on; the message is one sentence that says what to do."""


def main(arguments: Sequence[str]) -> int:
    try:
        if list(arguments) in (["runtime"], ["dev"]):
            set_up(arguments[0])
        elif list(arguments) == ["chromium"]:
            print(find_chromium())
        else:
            raise SetupError("Usage: setup.py runtime|dev|chromium")
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Setting up was interrupted; run make again to go on.", file=sys.stderr)
        return 130
    return 0


def say(sentence: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.1f} s] {sentence}", file=sys.stderr, flush=True)


def set_up(kind: str) -> None:
    """Brings .venv to what the lock says; does nothing when it is there."""
    if is_ready(kind):
        return
    STATE.mkdir(exist_ok=True)
    with only_one():
        if is_ready(kind):
            return
        if shutil.disk_usage(ROOT).free < 2 * GIGABYTE:
            raise SetupError(
                "Less than two gigabytes are free for the Python packages: free some and run make again."
            )
        for stamp in (stamp_of("runtime"), stamp_of("dev")):
            stamp.unlink(missing_ok=True)
        make_venv()
        install(kind)
        stamp_of(kind).write_text(key_of(kind), encoding="ascii")
        say("The Python packages are in place")


def is_ready(kind: str) -> bool:
    """The environment of the tests holds everything that the demo needs."""
    kinds = ("runtime", "dev") if kind == "runtime" else ("dev",)
    return PYTHON.exists() and any(
        stamp_of(kind).is_file() and stamp_of(kind).read_text(encoding="ascii") == key_of(kind) for kind in kinds
    )


def stamp_of(kind: str) -> Path:
    return VENV / f".hjelpa-{kind}"


def key_of(kind: str) -> str:
    """Changes with anything that the environment is made from, the place of the checkout included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [str(ROOT), repr(project["project"]), repr(project["build-system"]), repr(project["tool"]["uv"])]
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update((ROOT / "requirements" / f"{kind}.lock").read_bytes())
    return digest.hexdigest()


@contextmanager
def only_one() -> Iterator[None]:
    with (STATE / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    if can_run(PYTHON, "import pip, sys; sys.exit(sys.version_info < (3, 11))"):
        return
    say(f"Making .venv with Python {sys.version_info.major}.{sys.version_info.minor}")
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        maker = "venv"
    elif importlib.util.find_spec("virtualenv"):
        maker = "virtualenv"
    else:
        raise SetupError(
            "Python cannot make environments here: install the package python3-venv and run make again."
        )
    run([sys.executable, "-m", maker, "--clear", str(VENV)], "The environment .venv could not be made")


def can_run(python: Path, code: str) -> bool:
    if not python.exists():
        return False
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def install(kind: str) -> None:
    lock = ROOT / "requirements" / f"{kind}.lock"
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())
    say(f"Installing {count} locked Python packages (some minutes the first time)")
    pip = [
        str(PYTHON),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "install",
        "--progress-bar",
        "off",
    ]
    run([*pip, "--require-hashes", "-r", str(lock)], "The Python packages could not be fetched")
    project = ["--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)]
    run([*pip, *project], "The project itself could not be installed in .venv")


def run(command: Sequence[str], failure: str) -> None:
    """Runs a step with its output in the log; says every 20 seconds that it is still at work."""
    with LOG.open("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            # The build backend looks for its program on the path.
            env=os.environ | {"PATH": f"{PYTHON.parent}{os.pathsep}{os.environ.get('PATH', '')}"},
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            while True:
                try:
                    code = process.wait(20)
                    break
                except subprocess.TimeoutExpired:
                    say("Still at it")
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
        log.seek(0)
        lines = [line.strip() for line in log if line.strip()]
    if code != 0:
        raise SetupError(f"{failure} ({reason_in(lines)}): {advice_for(lines)} (See {LOG}.)")


def reason_in(lines: Sequence[str]) -> str:
    errors = [line.partition(": ")[2] for line in lines if line.lower().startswith("error: ")]
    return (errors or list(lines) or ["no reason given"])[-1][:200].rstrip(".")


def advice_for(lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    if "No space left on device" in text:
        return "free some disk space and run make again."
    if "HASHES" in text or "hash" in text.lower():
        return "a download was broken or is not what the lock names; run make again, and ask if it stays so."
    return "check the network and run make again."


def find_chromium() -> str:
    """CHROMIUM, else the system's browser, else playwright's own, fetched if need be."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        found = shutil.which(chosen)
        if found is None:
            raise SetupError(f"CHROMIUM is {chosen}, which cannot be run: set it to a Chromium, or unset it.")
        return found
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return found
    return playwrights_own()


def playwrights_own() -> str:
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as w: print(w.chromium.executable_path)"
    path = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    if path and not Path(path).exists():
        say("No Chromium found; fetching playwright's own")
        subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    if not path or not Path(path).exists():
        raise SetupError(
            "The tests need Chromium: install it (apt-get install chromium) or set CHROMIUM to its path."
        )
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
