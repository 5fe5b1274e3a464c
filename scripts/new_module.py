"""Lays out a new module that works at once: folder, page, table, migration, guide, texts and tests.

    new_module.py NAME [--root FOLDER]

Afterwards every word of it is yours to change; `make check` and `make test` pass from the start.
"""

import argparse
import keyword
import re
import subprocess
import sys
from pathlib import Path
from string import Template

from hjelpa.web import catalogue

TEMPLATES = Path(__file__).resolve().parent / "module_template"
NAME = re.compile(r"[a-z][a-z0-9]{2,29}")


class Refused(Exception):
    """The module cannot be made; the message says why."""


def places_for(name: str, revision: str) -> dict[str, str]:
    """Where each file of the template goes, from the repository's root."""
    module, tests = f"platform/modules/{name}", f"tests/modules/{name}"
    files = {f"{part}.py.tmpl": f"{module}/{part}.py" for part in ("__init__", "manifest", "models", "queries")}
    files |= {f"{part}.py.tmpl": f"{module}/{part}.py" for part in ("schemas", "routes")}
    files["templates/index.html.tmpl"] = f"{module}/templates/{name}/index.html"
    files |= {f"guide/{code}.md.tmpl": f"{module}/guide/{name}.{code}.md" for code in ("nb", "en")}
    files["migration.py.tmpl"] = f"platform/hjelpa/migrations/versions/{revision}_{name}.py"
    files["test.py.tmpl"] = f"{tests}/test_{name}.py"
    return files


def lay_out(name: str, root: Path) -> list[Path]:
    """Writes the files and returns them; raises Refused without having written anything."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise Refused("A module's name is one word of three letters or more, a–z and digits, such as meetings.")
    if (root / "platform" / "modules" / name).exists():
        raise Refused(f"There is a module called {name} already.")
    versions = sorted(path.name[:4] for path in (root / "platform/hjelpa/migrations/versions").glob("[0-9]*.py"))
    revision = f"{int(versions[-1]) + 1:04d}"
    words = {
        "name": name,
        "words": name,
        "Title": name.capitalize(),
        "Class": f"{name.capitalize()}Entry",
        "revision": revision,
        "previous": versions[-1],
    }
    written = []
    for source, target in places_for(name, revision).items():
        file = root / target
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template((TEMPLATES / source).read_text("utf-8")).substitute(words), encoding="utf-8")
        written.append(file)
    (root / "tests" / "modules" / name / "__init__.py").touch()
    tidy([file for file in written if file.suffix == ".py"], root)
    add_texts(words)
    return written


def tidy(files: list[Path], root: Path) -> None:
    """Wraps lines and orders imports, which depend on how long the name is."""
    for task in (("check", "--quiet", "--select", "I", "--fix"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *task, *map(str, files)], cwd=root, check=True)


def add_texts(words: dict[str, str]) -> None:
    """Gives the new texts a bokmål version, so that nothing is missing from the start."""
    own = {
        words["Title"]: words["Title"],
        f"Keeps a list of {words['words']}.": f"Holder en liste over {words['words']}.",
        f"See {words['words']}": f"Se {words['words']}",
        f"Add to {words['words']}": f"Legge til i {words['words']}",
        "Title": "Tittel",
        "Saved.": "Lagret.",
        "Nothing here yet": "Ingenting her ennå",
        "What you add below stands here.": "Det du legger til under, står her.",
        "Save": "Lagre",
    }
    for language in catalogue.TRANSLATED:
        catalogue.update(language, words=own)


def main() -> int:
    parser = argparse.ArgumentParser(description="Lay out a new module.")
    parser.add_argument("name")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    chosen = parser.parse_args()
    try:
        written = lay_out(chosen.name, chosen.root)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    for file in written:
        print(file.relative_to(chosen.root))
    return 0


if __name__ == "__main__":
    sys.exit(main())
