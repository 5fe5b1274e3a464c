"""How easy a text is to read, and which of its words are office words: figures and advice, never a verdict.

The figure is LIX, läsbarhetsindex (C. H. Björnsson, *Läsbarhet*, Liber, Stockholm 1968): words per sentence, plus the
words of more than six letters per hundred words. It knows nothing of meaning; it was made for the Nordic languages.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# Longer than any page a citizen is given. More is refused: a check while writing must answer at once.
LIMIT = 50_000
LONG = 6  # letters; a longer word is long in Björnsson's sense
VERY_LONG = 13  # letters; so long a word is named in the advice
LONG_SENTENCE = 25  # words
# With fewer words the figure says little: one word more changes it much.
FEW_WORDS = 20
MOST_NAMED = 6

Band = Literal["very_easy", "easy", "middling", "heavy", "very_heavy"]
Kind = Literal["office_word", "reference", "long_sentence", "long_word"]

# Björnsson's own steps, each from the figure it begins at.
BANDS: tuple[tuple[int, Band], ...] = (
    (60, "very_heavy"),
    (50, "heavy"),
    (40, "middling"),
    (30, "easy"),
    (0, "very_easy"),
)

# Letters and digits, also around a hyphen or an apostrophe; 10.30 and 1,5 are one word each.
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+|(?<=\d)[.:,]\d+)*")
# A line's end, or closing marks before space. Each run of marks is looked at once, so that no text takes long.
_END = re.compile(r"\n|(?<![.!?:…])[.!?:…]++[\"'»”’)\]]*+(?=\s|$)")
_NEXT = re.compile(r"[^\S\n]*+(.)")
_REFERENCE = re.compile(r"§{1,2}\s{0,2}\d+(?:[-–]\d+)*|\b(?:paragraf|paragraph)\s\d+(?:[-–]\d+)*", re.IGNORECASE)
# Their full stop never ends a sentence.
_SHORTENED = frozenset(
    {
        *("f.eks", "bl.a", "jf", "jfr", "ca", "kl", "nr", "tlf", "tlf.nr", "dvs", "pga", "ev", "evt", "inkl"),
        *("ekskl", "fx", "pkt", "mht", "ift", "iht", "vedr", "adr", "st"),
    }
)
# Endings by which a word in the list is known again; the longest first.
_ENDINGS = (
    "enes",
    "anes",
    "ende",
    "ene",
    "ane",
    "ens",
    "ets",
    "ers",
    "te",
    "de",
    "en",
    "et",
    "er",
    "ar",
    "a",
    "e",
)
_LETTER_ENDINGS = ("r", "s", "n", "t")


class TooLong(ValueError):
    """A text is too long to be checked while somebody waits; it may still be saved."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted in a text. `longest_sentence` is in words."""

    words: int
    sentences: int
    long_words: int
    longest_sentence: int

    @property
    def lix(self) -> float | None:
        """Words per sentence + 100 × long words per word; None for a text without words."""
        if not self.words:
            return None
        return self.words / self.sentences + 100 * self.long_words / self.words

    @property
    def few(self) -> bool:
        return self.words < FEW_WORDS


@dataclass(frozen=True, slots=True)
class Remark:
    """Something in the text that may be said more plainly. `instead` is empty where there is no word to offer."""

    kind: Kind
    found: str
    instead: str
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    figures: Figures
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Office words with everyday words: single ones, and phrases by their first word, longest first."""

    single: Mapping[str, str]
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]


def make_lexicon(words: Mapping[str, str]) -> Lexicon:
    """A list as it is looked through; what has no everyday word is left out (a municipality accepts it so)."""
    single: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for found, instead in words.items():
        parts = tuple(split_words(found))
        if not instead or not parts:
            continue
        if len(parts) == 1:
            single[parts[0]] = instead
        else:
            phrases.setdefault(parts[0], []).append((parts, instead))
    for known in phrases.values():
        known.sort(key=lambda pair: -len(pair[0]))
    return Lexicon(single, phrases)


def split_words(text: str) -> list[str]:
    """The words of a text as the list knows them: in lower case, whole letters."""
    return [word.lower() for word in _WORD.findall(unicodedata.normalize("NFC", text))]


def band_of(lix: float) -> Band:
    """The step a figure falls on; exactly 40 is the first of the middling."""
    return next((band for begins, band in BANDS if lix >= begins), "very_easy")


def read(text: str, lexicon: Lexicon) -> Reading:
    """Counts a text and finds what may be said more plainly; raises TooLong above LIMIT characters."""
    if len(text) > LIMIT:
        raise TooLong
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    found = [(match.start(), match.group()) for match in _WORD.finditer(text)]
    sentences = _sentences(text, found)
    words = [word for _, word in found]
    figures = Figures(
        words=len(words),
        sentences=len(sentences),
        long_words=sum(letters(word) > LONG for word in words),
        longest_sentence=max(map(len, sentences), default=0),
    )
    remarks = (
        *_office_words(words, lexicon),
        *_references(text),
        *_long_sentences(sentences),
        *_long_words(words),
    )
    return Reading(figures, remarks)


def letters(word: str) -> int:
    """Letters in a word, without digits, hyphens and apostrophes."""
    return sum(map(str.isalpha, word))


def _sentences(text: str, words: Sequence[tuple[int, str]]) -> list[list[str]]:
    """The words of each sentence; what stands between two ends without a word is none."""
    ends = [*_ends(text), len(text)]
    sentences: list[list[str]] = []
    current: list[str] = []
    at = 0
    for start, word in words:
        if start >= ends[at] and current:
            sentences.append(current)
            current = []
        while start >= ends[at]:
            at += 1
        current.append(word)
    return [*sentences, current] if current else sentences


def _ends(text: str) -> Iterator[int]:
    """Where sentences end: at . ! ? : … before a space, and where a line ends."""
    for match in _END.finditer(text):
        if match.group()[0] != "." or _is_full_stop(text, match.start(), match.end()):
            yield match.end()


def _is_full_stop(text: str, start: int, end: int) -> bool:
    """Not in “21. november” or “kl. 10”: a small letter goes on, and a shortened word ends nothing."""
    following = _NEXT.match(text, end)
    if following and following[1].islower():
        return False
    before = text[max(0, start - 10) : start].split()
    return not before or before[-1].lower().lstrip("(«“\"'") not in _SHORTENED


def _office_words(words: Sequence[str], lexicon: Lexicon) -> list[Remark]:
    """Words and phrases of the list, in the order in which they first stand in the text."""
    counts: Counter[tuple[str, str]] = Counter()
    lowered = [word.lower() for word in words]
    at = 0
    while at < len(lowered):
        taken, hit = _match(lowered, at, lexicon)
        if hit is not None:
            counts[hit] += 1
        at += taken
    return [Remark("office_word", found, instead, count) for (found, instead), count in counts.items()]


def _match(words: Sequence[str], at: int, lexicon: Lexicon) -> tuple[int, tuple[str, str] | None]:
    """How many words a match takes (at least one), and what was found with what to say instead."""
    for parts, instead in lexicon.phrases.get(words[at], ()):
        if tuple(words[at : at + len(parts)]) == parts:
            return len(parts), (" ".join(parts), instead)
    known = _known_form(words[at], lexicon.single)
    return 1, None if known is None else (words[at], lexicon.single[known])


def _known_form(word: str, known: Mapping[str, str]) -> str | None:
    """The word of the list that this is a form of."""
    if word in known:
        return word
    for ending in (*_ENDINGS, *_LETTER_ENDINGS):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 3:
            for candidate in (stem, stem + "e"):
                if candidate in known:
                    return candidate
    return None


def _references(text: str) -> list[Remark]:
    counts = Counter(" ".join(found.split()) for found in _REFERENCE.findall(text))
    return [Remark("reference", found, "", count) for found, count in counts.items()]


def _long_sentences(sentences: Sequence[Sequence[str]]) -> list[Remark]:
    """The longest sentences by their first words; `count` is how many words each has."""
    long = sorted((words for words in sentences if len(words) > LONG_SENTENCE), key=len, reverse=True)
    return [Remark("long_sentence", " ".join(words[:5]), "", len(words)) for words in long[:MOST_NAMED]]


def _long_words(words: Sequence[str]) -> list[Remark]:
    counts = Counter(word.lower() for word in words if letters(word) > VERY_LONG)
    longest = sorted(counts.items(), key=lambda pair: (-len(pair[0]), pair[0]))
    return [Remark("long_word", word, "", count) for word, count in longest[:MOST_NAMED]]
