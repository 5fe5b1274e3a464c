"""A copy opens without us, is signed, and holds nothing that is not its taker's: tested on the bytes themselves."""

import io
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from hjelpa.core.signing import public_key, verify_file
from modules.plans.models import Plan
from tests.guests import let_in
from tests.modules.door import get, post, rows
from tests.modules.plans.family import (
    CHILD_ADDRESS,
    DAD_SAID,
    MUM_ADDRESS,
    MUM_CONTACT,
    MUM_SAID,
    Family,
    make_family,
)
from tests.modules.plans.test_plan import plan_of
from tests.people import Town

KINDS = ("html", "pdf")


@pytest.fixture
def family(town: Town) -> Family:
    return make_family(town)


def take(client: FlaskClient, town: Town, kind: str) -> bytes:
    answer = client.get(town.path(f"/my/plan/copy/plan.{kind}?lang=en"))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="my-plan.{kind}"'
    return bytes(answer.data)


def text_of(copy: bytes) -> str:
    """Everything a reader of the file could find in it, on one line."""
    if copy.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(copy))
        pages = "\n".join(page.extract_text() for page in reader.pages)
        return " ".join(f"{pages} {reader.metadata} {reader.attachments}".split())
    return " ".join(copy.decode().split())


def verify(*arguments: object) -> tuple[int, str]:
    """The command as people run it, in a process with no settings at all."""
    run = subprocess.run(
        [sys.executable, "-m", "hjelpa.cli", "plan", "verify", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3] / "platform",
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_the_copy_holds_the_plan(family: Family, kind: str) -> None:
    text = text_of(take(family.child, family.town, kind))
    for words in ("To dare to go to school", "One friend at home", "Bake together", "Call the school"):
        assert words in text


@pytest.mark.parametrize("kind", KINDS)
def test_an_adults_own_words_are_in_their_own_copy_only(family: Family, kind: str) -> None:
    copies = {
        name: text_of(take(client, family.town, kind))
        for name, client in (("child", family.child), ("mum", family.mum), ("dad", family.dad))
    }
    assert [name for name, text in copies.items() if MUM_SAID in text] == ["mum"]
    assert [name for name, text in copies.items() if DAD_SAID in text] == ["dad"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_is_never_in_a_copy(family: Family, kind: str) -> None:
    for client in (family.child, family.mum, family.dad):
        made = take(client, family.town, kind)
        for hidden in (CHILD_ADDRESS, MUM_ADDRESS, MUM_CONTACT, "Hemmeligveien", "Skjultgata", "+4791234567"):
            assert hidden not in text_of(made)
            assert hidden.encode() not in made


def test_the_page_fetches_nothing_and_runs_nothing(family: Family) -> None:
    class Links(HTMLParser):
        found: list[str] = []

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            self.found += [tag] if tag in ("script", "link", "img", "iframe", "object") else []
            self.found += [name for name, _ in attributes if name in ("src", "href") or name.startswith("on")]

    parser = Links()
    copy = take(family.child, family.town, "html").decode()
    parser.feed(copy)
    assert parser.found == [] and "url(" not in copy and "@import" not in copy


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_write_stays_words(town: Town, kind: str) -> None:
    """Neither HTML nor the language that sets the PDF is run, and every script survives."""
    plan_of(town.client(), town)
    phone = let_in(town, rows(town, select(Plan.citizen_id))[0][0])
    odd = "<script>x</script> #strong[y] $z$ *fet* @b \\u{41} `c` שלום مرحبا Čaj"
    assert post(phone, town.path("/my/plan/matters"), {"version": "1", "matters": odd}).status_code == 303
    text = text_of(take(phone, town, kind))
    written = odd.replace("<", "&lt;").replace(">", "&gt;") if kind == "html" else odd
    for part in written.split():
        assert part in text or part[::-1] in text, part
    assert verify_file(take(phone, town, kind)).valid


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_plan_and_a_long_one_can_be_taken(town: Town, kind: str) -> None:
    plan_of(town.client(), town)
    phone = let_in(town, rows(town, select(Plan.citizen_id))[0][0])
    assert "Nothing is written in the plan yet" in text_of(take(phone, town, kind))
    long = "\n".join(f"Linje {number} 😀" for number in range(900))
    assert post(phone, town.path("/my/plan/matters"), {"version": "1", "matters": long}).status_code == 303
    assert "Linje 899" in text_of(take(phone, town, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_tells_a_genuine_copy_from_a_changed_one(family: Family, tmp_path: Path, kind: str) -> None:
    copy = take(family.child, family.town, kind)
    file = tmp_path / f"plan.{kind}"
    file.write_bytes(copy)
    code, said = verify(file)
    assert code == 0 and said.startswith("Valid")
    key = public_key(family.town.app.extensions["hjelpa_settings"])
    assert key in said
    assert verify(file, "--key", key)[0] == 0
    assert verify(file, "--key", "A" * 43 + "=")[0] == 1
    changes = {
        "one byte": copy[:300] + bytes([copy[300] ^ 1]) + copy[301:],
        "something after": copy + b"\n",
        "an update after": copy + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
        "no signature": copy[: copy.rfind(b"hjelpa-signature")],
        "cut off": copy[:-3],
    }
    for what, changed in changes.items():
        file.write_bytes(changed)
        assert verify(file)[0] == 1, what


def test_bad_input_is_told_as_such(tmp_path: Path) -> None:
    other = tmp_path / "a.txt"
    other.write_text("not a copy")
    for arguments in ((tmp_path / "missing.pdf",), (tmp_path,), (other,), (other, "--key", "kort")):
        code, said = verify(*arguments)
        assert code == 2 and said and "Traceback" not in said


def test_the_key_is_on_a_page_that_everybody_can_open(family: Family) -> None:
    copy = text_of(take(family.child, family.town, "html"))
    where = re.search(r"(/[a-z0-9-]+/plans/signature)", copy)
    assert where is not None
    page = get(family.town.app.test_client(), where[1])
    assert public_key(family.town.app.extensions["hjelpa_settings"]).replace("+", "&#43;") in page.replace(
        "+", "&#43;"
    )


def test_a_copy_in_the_demo_says_that_all_is_made_up(family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(family.town.app.config, "HJELPA_MODE", "demo")
    for kind in KINDS:
        answer = family.child.get(family.own(f"/copy/plan.{kind}?lang=en"))
        assert "oppdiktet-my-plan" in answer.headers["Content-Disposition"]
        assert "all people and figures are made up" in text_of(answer.data)


def test_a_copy_is_for_whoever_has_come_in_and_for_nobody_else(family: Family) -> None:
    for kind in KINDS:
        assert family.town.app.test_client().get(family.own(f"/copy/plan.{kind}")).status_code == 303
        assert family.town.client("everything").get(family.own(f"/copy/plan.{kind}")).status_code == 303
