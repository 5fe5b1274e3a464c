"""The house keeps its shape: what the import contracts cannot say."""

import ast
import platform as standard_platform
import re
import tokenize
from pathlib import Path

import pytest

from hjelpa.core.contract import ORGANISATION_ROLES, SHELLS, TENANT_ROLES
from hjelpa.registry import find_features
from hjelpa.web.icons import ICONS

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "platform"
PYTHON = sorted(SOURCE.rglob("*.py"))
IGNORED_WITH_REASON = r"ignore\[[\w, -]+\]\s+# (?!noqa)\S"


def test_the_source_root_is_no_package() -> None:
    """A package named platform would shadow Python's own module, which half of our libraries import."""
    assert not (SOURCE / "__init__.py").exists()
    assert standard_platform.system()


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{file.relative_to(ROOT)}:{inner.lineno}"
        for file in PYTHON
        for outer in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_type_that_is_ignored_says_why() -> None:
    """`# type: ignore[code]  # the reason`: without it the next reader can only guess whether it may go."""
    silent = [
        f"{file.relative_to(ROOT)}:{token.start[0]}"
        for folder in (SOURCE, *(ROOT / name for name in ("tests", "bench", "scripts")))
        for file in sorted(folder.rglob("*.py"))
        for token in _comments(file)
        if re.match("# type: ignore", token.string) and not re.search(IGNORED_WITH_REASON, token.string)
    ]
    assert silent == []


def _comments(file: Path) -> list[tokenize.TokenInfo]:
    if b"type: ignore" not in file.read_bytes():
        return []
    with file.open("rb") as text:
        return [token for token in tokenize.tokenize(text.readline) if token.type == tokenize.COMMENT]


@pytest.mark.parametrize(
    ("comment", "fine"),
    [
        ("# type: ignore[misc]  # the library has no types", True),
        ("# type: ignore[misc]", False),
        ("# type: ignore", False),
        ("# type: ignore  # why, but not what", False),
        ("# type: ignore[misc]  # noqa: B010", False),
    ],
)
def test_the_test_itself_knows_a_reason(comment: str, fine: bool) -> None:
    assert bool(re.search(IGNORED_WITH_REASON, comment)) is fine


def test_raw_sql_stays_in_the_core() -> None:
    """Only the ORM's statements carry the tenant of their own accord."""
    allowed = (
        "hjelpa/core/",
        "hjelpa/migrations/",
        "hjelpa/web/health.py",
        "hjelpa/relay.py",
        "hjelpa/dispatch.py",
    )
    raw = []
    for file in PYTHON:
        place = file.relative_to(SOURCE).as_posix()
        if place.startswith(allowed) or "models" in file.stem.split("_"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            imported = isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
            if imported and any(alias.name == "text" for alias in node.names):
                raw.append(f"{place}:{node.lineno}")
            if isinstance(node, ast.Attribute) and node.attr == "exec_driver_sql":
                raw.append(f"{place}:{node.lineno}")
    assert raw == []


def test_every_manifest_speaks_of_what_exists() -> None:
    features = find_features()
    endpoints = {f"{b.name}" for m in features.manifests for b in m.blueprints}
    permissions = {permission.id for permission in features.permissions}
    for manifest in features.manifests:
        assert manifest.folder.name == manifest.name
        for permission in manifest.permissions:
            assert permission.id.partition(".")[0] == manifest.name, permission.id
            assert set(permission.roles) <= {*TENANT_ROLES, *ORGANISATION_ROLES}
        for item in manifest.navigation:
            assert item.endpoint.partition(".")[0] in endpoints
            assert item.permission in permissions and item.shell in SHELLS and item.icon in ICONS
        for job in manifest.jobs:
            assert job.name.partition(".")[0] == manifest.name
        for passage in manifest.guide:
            for language in ("nb", "en"):
                file = manifest.folder / "guide" / f"{passage.slug}.{language}.md"
                assert file.read_text("utf-8").startswith("# "), file


def test_nothing_names_this_machine_or_a_registry() -> None:
    for file in [
        *ROOT.glob("requirements/*"),
        ROOT / "package.json",
        ROOT / "package-lock.json",
        ROOT / "pyproject.toml",
    ]:
        text = file.read_text("utf-8")
        for unwanted in ("index-url", "find-links", "pythonhosted", "registry.npmjs", str(ROOT), str(Path.home())):
            assert unwanted not in text, (file.name, unwanted)


def test_every_link_in_the_documents_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if not target.startswith(("http", "mailto:")) and not (page.parent / target).exists()
    ]
    assert dead == []
