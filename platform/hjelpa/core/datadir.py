"""Where the embedded servers keep their data, and which places are refused."""

import hashlib
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# The line of postmaster.pid that names the folder of the server's socket, counted from 0.
SOCKET_LINE = 4


class EmbeddedError(Exception):
    """The embedded servers cannot start here; the message says why and what to do."""


def default_data_dir(root: Path, environ: Mapping[str, str]) -> Path:
    """HJELPA_DATA_DIR, else `.hjelpa` in the checkout, else (as root) a folder outside any home, one per checkout."""
    if environ.get("HJELPA_DATA_DIR"):
        return Path(environ["HJELPA_DATA_DIR"]).expanduser().resolve()
    if os.geteuid() != 0:
        return root / ".hjelpa"
    mark = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:10]
    return Path("/var/lib/hjelpa") / mark


def find_socket_dirs(data_dir: Path) -> set[Path]:
    """Where the embedded server of this data folder may listen: beside its data or, where that path is too long for
    a socket, in the folder that it has written down there itself."""
    cluster = (data_dir / "postgres").resolve()
    found = {cluster}
    with suppress(OSError, IndexError, UnicodeError):
        named = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[SOCKET_LINE].strip()
        if named.startswith("/"):
            found.add(Path(named).resolve())
    return found


def first_private_folder(path: Path) -> Path | None:
    """The outermost existing folder above (or at) `path` that other users may not walk through."""
    for folder in reversed((path, *path.parents)):
        if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    return None


def refuse_private_data_dir(data_dir: Path) -> None:
    """As root, refuses a data folder whose parents would have to be opened to everyone."""
    private = first_private_folder(data_dir.parent)
    if os.geteuid() == 0 and private is not None:
        raise EmbeddedError(
            f"The data folder {data_dir} lies below {private}, which only its owner may enter, and the embedded "
            "database would open it to everyone. Set HJELPA_DATA_DIR to a folder elsewhere, such as /var/lib/hjelpa."
        )
