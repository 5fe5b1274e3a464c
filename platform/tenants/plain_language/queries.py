"""A municipality's own words, and the list that follows from them and ours."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from hjelpa.core.database import db
from hjelpa.core.isolation import get_tenant_id
from hjelpa.core.types import new_id
from tenants.plain_language.models import PlainWord
from tenants.plain_language.rules import Lexicon, make_lexicon, split_words
from tenants.plain_language.words import LISTS

# More words than anybody keeps in order.
MOST_OWN = 1000


def list_own(language: str) -> Sequence[PlainWord]:
    query = select(PlainWord).where(PlainWord.language == language).order_by(PlainWord.word)
    return db.session.scalars(query.limit(MOST_OWN)).all()


def get_lexicon(language: str) -> Lexicon:
    """What a text in a language is held against here; a language without a list gives an empty one."""
    ours: Mapping[str, str] = LISTS.get(language, {})
    own = {" ".join(split_words(row.word)): row.instead for row in list_own(language)} if ours else {}
    return make_lexicon({**ours, **own})


def put_word(language: str, word: str, instead: str) -> None:
    """Adds a word, or changes what is said instead of it."""
    values = {"tenant_id": get_tenant_id(), "id": new_id(), "language": language, "word": word, "instead": instead}
    db.session.execute(
        insert(PlainWord)
        .values(values)
        .on_conflict_do_update(index_elements=["tenant_id", "language", "word"], set_={"instead": instead})
    )


def remove_word(word_id: uuid.UUID) -> str | None:
    """Takes an own word away and returns its language; None when there is no such word."""
    gone = delete(PlainWord).where(PlainWord.id == word_id).returning(PlainWord.language)
    return db.session.scalars(gone).one_or_none()
