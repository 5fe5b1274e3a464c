"""docs/operations.md names every setting that the code reads, and no other."""

import re
from pathlib import Path

from hjelpa.core.config import ROLES

ROOT = Path(__file__).resolve().parents[2]
# app.config's own name for the mode, and the one f-string, apart.
NAME = re.compile(r"""["'](HJELPA_[A-Z_]+|HJELPA_\{role\.upper\(\)\}_PASSWORD)["']""")


def settings_in_code() -> set[str]:
    files = [*(ROOT / "platform").rglob("*.py"), *(ROOT / "scripts").rglob("*.py"), ROOT / "wsgi.py"]
    found = {name for file in files for name in NAME.findall(file.read_text("utf-8"))}
    by_role = {name for name in found if "{" in name}
    assert by_role, "passwords are read by the role's name"
    return (found - by_role) | {f"HJELPA_{role.upper()}_PASSWORD" for role in ROLES}


def test_every_setting_is_explained_and_none_is_made_up() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    table = {
        name
        for row in text.splitlines()
        if row.startswith("| `HJELPA_")
        for name in re.findall(r"HJELPA_[A-Z_]+", row)
    }
    assert table == settings_in_code()
