"""Ten texts written for the tests with a hundred marked claims, and quotes that are and are not in them.

A comment such as `%c3` or `<!--c3-->` behind a sentence says that it states claim 3 of the text; readers do not see it.
Five were looked at while the rules were made, and five were not: `TUNED` says which.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from server.texts.inline import inline_text
from server.texts.macros import written_out
from server.texts.passages import Passage, Passages
from server.texts.reading import read_text
from server.texts.sentences import sentences_of

FOLDER = Path(__file__).parent / "papers"
TUNED = frozenset(
    {"01-quiet-graders", "03-lantern-moths", "05-salt-and-sleep", "07-borrowed-words", "09-rooms-of-glass"}
)
_Way = Callable[[random.Random, list[str]], str]
"""Makes a quote of two sentences; an empty one where it cannot."""
_MARK = re.compile(r"[ ]*(?:%(c\d+)|<!--(c\d+)-->)")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Marked:
    """A text, and which claims its sentences state, by their anchors."""

    name: str
    path: Path
    passages: Passages
    claims: dict[str, str]

    @property
    def number(self) -> int:
        """How many claims there are."""
        return len(set(self.claims.values()))


@cache
def marked_texts() -> tuple[Marked, ...]:
    """Return the ten texts."""
    return tuple(_marked(path) for path in sorted(FOLDER.iterdir()))


def _marked(path: Path) -> Marked:
    passages = Passages(read_text(path).text)
    claims = {}
    for sentence, claim in _marks(path):
        found = passages.find(sentence)
        # A mark that no sentence has would count for nothing.
        assert isinstance(found, Passage), (path.name, sentence, found)
        assert len(found.spots) == 1, (path.name, sentence, [spot.sentence.text for spot in found.spots])
        claims[found.spots[0].sentence.anchor] = claim
    return Marked(path.stem, path, passages, claims)


def _marks(path: Path) -> list[tuple[str, str]]:
    text = path.read_text(encoding="utf-8")
    preamble = text.partition("\\begin{document}")[0]
    found = []
    for line in text.split("\n"):
        start = 0
        for match in _MARK.finditer(line):
            before = line[start : match.start()]
            plain = inline_text(written_out(preamble, before, [])) if path.suffix == ".tex" else _TAG.sub(" ", before)
            found.append((sentences_of(" ".join(plain.split()))[-1], match[1] or match[2]))
            start = match.end()
    return found


@dataclass(frozen=True)
class Quoted:
    """A quote, the text that it is said to be from, and what was done to it."""

    text: Marked
    quote: str
    how: str


def true_quotes(count: int = 100) -> list[Quoted]:
    """Return quotes that are in their texts, written as people and programs write them."""
    return _quotes(_TRUE, random.Random(2026), count)


def altered_quotes(count: int = 100) -> list[Quoted]:
    """Return quotes in which something is said that their texts do not say."""
    return _quotes(_ALTERED, random.Random(1815), count)


def _quotes(ways: dict[str, _Way], chance: random.Random, count: int) -> list[Quoted]:
    """Return quotes, as many of each way, from one text after the other; of a text where a way can be taken."""
    found: list[Quoted] = []
    names, texts = list(ways), marked_texts()
    for number in range(count):
        first = (number + number // 10) % 10
        # Few sentences have a decimal point: where none is left that could lose it, the next way is taken.
        for how in (*names[number % len(names) :], *names):
            for text in (*texts[first:], *texts[:first]):
                spots = [spot for spot in text.passages.text.places if spot.paragraph.kind == "prose"]
                pairs = [[one.sentence.text, other.sentence.text] for one, other in pairwise(spots)]
                chance.shuffle(pairs)
                made = (ways[how](chance, pair) for pair in pairs if len(pair[0].split()) >= 6)
                if quote := next((one for one in made if one and all(one != other.quote for other in found)), ""):
                    found.append(Quoted(text, quote, how))
                    break
            if len(found) > number:
                break
    assert len(found) == count, "no text is left to make a quote of"
    return found


def _words(sentences: list[str]) -> list[str]:
    return sentences[0].split()


def _part(chance: random.Random, sentences: list[str]) -> str:
    words = _words(sentences)
    if len(words) < 8:
        return ""
    start = chance.randrange(len(words) - 6)
    return " ".join(words[start : start + chance.randrange(6, 14)])


def _hyphenated(chance: random.Random, sentences: list[str]) -> str:
    words = _words(sentences)
    long = [number for number, word in enumerate(words) if word.isalpha() and len(word) >= 8]
    if not long or len(words) < 7:
        return ""
    at = chance.choice(long)
    cut = chance.randrange(3, len(words[at]) - 2)
    words[at] = f"{words[at][:cut]}-\n{words[at][cut:]}"
    return " ".join(words)


def _ellipsis(chance: random.Random, sentences: list[str]) -> str:
    words = _words(sentences)
    if len(words) < 12:
        return ""
    cut = chance.randrange(4, len(words) - 6)
    sign = chance.choice(["...", "[\u2026]", "\u2026"])
    return f"{' '.join(words[:cut])} {sign} {' '.join(words[cut + 2 :])}"


def _ligatures(chance: random.Random, sentences: list[str]) -> str:
    text = sentences[0]
    changed = text.replace("ffi", "\ufb03").replace("fi", "\ufb01").replace("fl", "\ufb02").replace("ff", "\ufb00")
    return changed if changed != text and len(text.split()) >= 6 else ""


def _spaced_percent(chance: random.Random, sentences: list[str]) -> str:
    text = sentences[0]
    return (
        re.sub(r"(\d)%", chance.choice(["\\1 %", "\\1 percent", "\\1 per cent"]), text)
        if re.search(r"\d%", text)
        else ""
    )


def _curly(chance: random.Random, sentences: list[str]) -> str:
    text = sentences[0]
    changed = re.sub(r"[-\u2013]", "\u2010", text.replace("'", "\u2019"))
    return f"\u201c{changed}\u201d" if len(text.split()) >= 6 else ""


def _two(chance: random.Random, sentences: list[str]) -> str:
    if len(sentences) < 2 or min(len(one.split()) for one in sentences) < 6:
        return ""
    return " ".join([*sentences[0].split()[-5:], *sentences[1].split()[:5]])


def _in_brackets(chance: random.Random, sentences: list[str]) -> str:
    words = _words(sentences)
    if len(words) < 8 or not words[1][0].isalpha():
        return ""
    return f"[{words[1][0].upper()}]{' '.join(words[1:])[1:]}"


def _grouped(chance: random.Random, sentences: list[str]) -> str:
    text = sentences[0]
    return (
        re.sub(r"(\d),(\d{3})", chance.choice(["\\1\u202f\\2", "\\1\\2"]), text) if re.search(r"\d,\d{3}", text) else ""
    )


_TRUE = {
    "a whole sentence": lambda chance, sentences: sentences[0] if len(sentences[0].split()) >= 6 else "",
    "a part of one": _part,
    "divided at the end of a line": _hyphenated,
    "with an ellipsis": _ellipsis,
    "with ligatures": _ligatures,
    "per cent written otherwise": _spaced_percent,
    "quotation marks and hyphens of another shape": _curly,
    "over the end of a sentence": _two,
    "begun with a letter in brackets": _in_brackets,
    "digits grouped otherwise": _grouped,
}


def _number(chance: random.Random, sentences: list[str]) -> str:
    found = list(re.finditer(r"(?<![\w.,-])\d+(?![\w,-]|\.\d)", sentences[0]))
    if not found:
        return ""
    match = chance.choice(found)
    return f"{sentences[0][: match.start()]}{int(match[0]) + chance.choice([1, 2, 10])}{sentences[0][match.end() :]}"


def _decimal(chance: random.Random, sentences: list[str]) -> str:
    match = re.search(r"(\d)\.(\d)", sentences[0])
    return f"{sentences[0][: match.start()]}{match[1]}{match[2]}{sentences[0][match.end() :]}" if match else ""


def _negated(chance: random.Random, sentences: list[str]) -> str:
    text = sentences[0]
    if re.search(r"\b(?:not|no|never)\b", text):
        return " ".join(re.sub(r"\b(?:not|no|never)\b", "", text, count=1).split())
    changed = re.sub(r"\b(is|are|was|were|does|did|has|can|may|will|would)\b", r"\1 not", text, count=1)
    return changed if changed != text else ""


_OPPOSITES = {
    "more": "less", "less": "more", "fewer": "more", "longer": "shorter", "larger": "smaller", "largest": "smallest",
    "faster": "slower", "rises": "falls", "falls": "rises", "fell": "rose", "rose": "fell", "before": "after",
    "after": "before", "most": "few", "all": "some", "with": "without", "without": "with", "honest": "dishonest",
    "always": "never", "never": "always", "increase": "decrease", "keeps": "loses", "loses": "keeps", "easy": "hard",
    "easier": "harder", "higher": "lower", "lower": "higher", "early": "late", "first": "last", "last": "first",
    "every": "no", "better": "worse", "worse": "better", "above": "below", "correct": "incorrect",
    "harmful": "harmless", "twice": "thrice", "half": "third", "native": "foreign", "severe": "minor",
}  # fmt: skip


def _opposite(chance: random.Random, sentences: list[str]) -> str:
    words = sentences[0].split()
    there = [number for number, word in enumerate(words) if word.strip(".,;:") in _OPPOSITES]
    if not there:
        return ""
    at = chance.choice(there)
    bare = words[at].strip(".,;:")
    words[at] = words[at].replace(bare, _OPPOSITES[bare])
    return " ".join(words)


def _word_more(chance: random.Random, sentences: list[str]) -> str:
    words = sentences[0].split()
    at = chance.randrange(2, len(words) - 1)
    return " ".join(
        [*words[:at], chance.choice(["often", "almost", "hardly", "barely", "largely", "once"]), *words[at:]]
    )


def _word_less(chance: random.Random, sentences: list[str]) -> str:
    words = sentences[0].split()
    if len(words) < 8:
        return ""
    at = chance.randrange(2, len(words) - 2)
    return " ".join([*words[:at], *words[at + 1 :]])


def _swapped(chance: random.Random, sentences: list[str]) -> str:
    words = sentences[0].split()
    at = chance.randrange(1, len(words) - 2)
    if words[at].lower() == words[at + 1].lower():
        return ""
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _other_form(chance: random.Random, sentences: list[str]) -> str:
    words = sentences[0].split()
    there = [
        number for number, word in enumerate(words) if re.fullmatch(r"[a-z]{5,}s", word) and not word.endswith("ss")
    ]
    if not there:
        return ""
    at = chance.choice(there)
    words[at] = words[at][:-1]
    return " ".join(words)


def _other_text(chance: random.Random, sentences: list[str]) -> str:
    """Return words that none of the ten texts has."""
    return chance.choice(
        [
            "Models of this kind were already known to tell the truth when they are asked politely.",
            "The committee met on three occasions and could not agree on a common definition.",
            "Ice that forms in the first cold week of the year is thinner than it looks.",
            "We show that the number of parameters has no bearing on how often a rule is broken.",
            "All participants gave their consent in writing before the trial began.",
            "A grader with two heads was preferred by the annotators in every round.",
            "Interest rates explain most of the variance that was left.",
            "The agents never lied when a human was in the room.",
            "None of the nine species was seen again in the valley.",
            "Letters written by soldiers are shorter and have fewer adjectives.",
        ]
    )


def _unit(chance: random.Random, sentences: list[str]) -> str:
    text = sentences[0]
    return re.sub(r"(\d)%", r"\1", text, count=1) if re.search(r"\d%", text) else ""


_ALTERED = {
    "another number": _number,
    "a decimal point lost": _decimal,
    "a negation more or less": _negated,
    "a word turned to its opposite": _opposite,
    "a word more": _word_more,
    "a word left out": _word_less,
    "two words swapped": _swapped,
    "another form of a word": _other_form,
    "words of no text": _other_text,
    "a per cent sign lost": _unit,
}
