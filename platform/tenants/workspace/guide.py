"""The guide: each feature's own passages, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nh3
from markdown_it import MarkdownIt

from hjelpa.core.contract import Manifest
from hjelpa.core.permissions import features

_markdown = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage ready to show; `title` is its first heading, `html` the rest."""

    feature: str
    slug: str
    title: str
    html: str


@cache
def _read(file: Path, feature: str, slug: str) -> Passage:
    heading, _, rest = file.read_text("utf-8").partition("\n")
    return Passage(feature, slug, heading.removeprefix("# ").strip(), nh3.clean(_markdown.render(rest)))


def read_passage(feature: str, slug: str, language: str) -> Passage | None:
    """One passage, in bokmål where the language is missing; None when the feature has no such passage."""
    manifest = features().find(feature)
    if manifest is None or slug not in {passage.slug for passage in manifest.guide}:
        return None
    return _find(manifest, slug, language)


def _find(manifest: Manifest, slug: str, language: str) -> Passage | None:
    for code in (language, "nb"):
        file = manifest.folder / "guide" / f"{slug}.{code}.md"
        if file.is_file():
            return _read(file, manifest.name, slug)
    return None


def list_passages(language: str) -> Sequence[Passage]:
    """Every passage of every feature, in the order of the features."""
    found = (
        _find(manifest, passage.slug, language) for manifest in features().manifests for passage in manifest.guide
    )
    return [passage for passage in found if passage is not None]
