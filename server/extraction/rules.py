"""The maker that asks nobody: rules on the words of sentences and on where they are, and the names of the base.

What a sentence does is seen by signs (`cues.py`) that add up to a score. Where the sentence model is at hand it says
which sentences of a text say the same, so that each claim is proposed once, from where it is put best.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ..text.names import name_words
from ..texts.passages import Passages
from ..texts.records import PROSE, Spot
from .candidates import Candidate, Found, Role, ranked
from .cues import (
    ARTIFACT,
    ARTIFACT_WORDS,
    METHOD,
    METHOD_WORDS,
    NAME,
    OPEN,
    OPENINGS,
    PROPER,
    QUESTION,
    SECTIONS,
    cues_in,
)
from .known import Known
from .works import Work

Alike = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Returns how near each of some texts is to each, from -1 to 1."""

_BASE: Final = 0.3
"""The score of a sentence without a sign."""
_LEAST: Final = 0.5
"""The score from which a sentence is proposed as a claim."""
_SAME: Final = 0.82
"""From which cosine on two sentences of a text say the same."""
_SHORT, _LONG = 5, 70
"""Words: fewer say nothing by themselves, and more say too much for one claim."""
_LONGEST_LABEL: Final = 120
_LONGEST_QUOTE: Final = 300
_MOST_QUOTES: Final = 2
_NAMED_OFTEN: Final = 3
"""How often a text names an entity for an edge to it to be proposed."""
_BRACKETS: Final = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])")
_CLAUSE: Final = re.compile(
    r",? (?:which|while|whereas|although|because|suggesting|indicating|even though|so that|implying)\b.*"
    r"|[;:\u2014].*| \u2013 .*"
)
_TAIL: Final = re.compile(r"[\s,;:.]+\Z")
_DANGLING: Final = re.compile(
    r"(?i)\b(?:and|or|but|the|a|an|of|in|on|to|for|with|by|from|than|that|as|at|is|are|was|were|not|its|their|when|if)\Z"
)
_PRONOUN: Final = re.compile(r"(?i)^(?:this|that|these|those|it|they|both|such|here|there|he|she|its|their)\b")
_APPOSED: Final = re.compile(r"([A-Z][\w-]*(?: [A-Z0-9][\w-]*){0,4}), (?:an?|our|the|which)\b")
"""A name, and what it is the name of: `Echo, a protocol in which ...`."""
_ARTICLE: Final = re.compile(r"(?i)^(?:an?|the|our|two|three|several|some|all|new|novel|simple|first)\s+")
_END_OF_NAME: Final = re.compile(
    r"(?i)(?:,|\s+(?:that|which|to|for|of|with|from|in|on|where|by|and|based|whose|as|using|under|under|together|containing|consisting|made|used|designed|comprising)\b).*"
)


@dataclass(frozen=True)
class Rules:
    """Proposes what the signs of sentences say."""

    alike: Alike | None = None
    """The sentence model, where it is at hand."""
    least: float = _LEAST
    name: str = "akb extract"
    model: str = "rules 1"

    def find(self, passages: Passages, work: Work, known: Known) -> Found:
        """Return what a text may say."""
        spots = [spot for spot in passages.text.places if spot.paragraph.kind == PROSE]
        claims = self._once([one for spot in spots if (one := self._claim(spot, known)) is not None])
        found = [
            *claims,
            *(one for spot in spots if (one := _question(spot, known)) is not None),
            *_new_things(spots, known),
            *_quotes(claims),
            *_edges(spots, work, known),
        ]
        notes = () if self.alike else ("The sentence model is not at hand: sentences that say the same come apart.",)
        return Found(ranked(tuple(found)), notes)

    def _claim(self, spot: Spot, known: Known) -> Candidate | None:
        sentence = spot.sentence.text
        words = len(sentence.split())
        if sentence.endswith("?") or not _SHORT <= words <= _LONG or not sentence[0].isalnum():
            return None
        signs = [*cues_in(sentence), *_signs_of_place(spot)]
        about = known.named_in(sentence)
        if about:
            signs.append((0.06, f"it names {about[0].label}"))
        if _PRONOUN.match(sentence):
            signs.append((-0.06, "it begins with what the sentence before it says"))
        score = _BASE + sum(weight for weight, _ in signs)
        if score < self.least:
            return None
        best = [name for weight, name in sorted(signs, reverse=True)[:3] if weight > 0]
        definition = _plain(sentence)
        reason = f"{_joined(best)}." if best else "it looks like a statement."
        return Candidate(
            "claim",
            label_of(definition),
            definition,
            (spot,),
            _shortened(sentence),
            round(min(score, 0.99), 2),
            reason[0].upper() + reason[1:],
            tuple(one.name for one in about[:3]),
        )

    def _once(self, claims: list[Candidate]) -> list[Candidate]:
        """Return claims without those that say what a better one says."""
        ordered = [*ranked(tuple(claims))]
        if self.alike is None or len(ordered) < 2:
            seen: set[tuple[str, ...]] = set()
            kept = []
            for one in ordered:
                if (key := name_words(one.definition)) not in seen:
                    seen.add(key)
                    kept.append(one)
            return kept
        cosines = self.alike([one.definition for one in ordered])
        chosen: list[int] = []
        for number in range(len(ordered)):
            if all(cosines[number][other] < _SAME for other in chosen):
                chosen.append(number)
        return [ordered[number] for number in chosen]


def label_of(statement: str) -> str:
    """Return a statement as the name of a claim: its main clause, without brackets, of a length that pages show.

    >>> label_of("Larger models are more sycophantic (Table 2), which suggests that scale alone does not help.")
    'Larger models are more sycophantic'
    """
    text = _TAIL.sub("", _BRACKETS.sub("", statement))
    main = _TAIL.sub("", _CLAUSE.sub("", text, count=1))
    text = main if len(main.split()) >= 4 else text
    if len(text) > _LONGEST_LABEL:
        cut = text.rfind(",", 40, _LONGEST_LABEL)
        text = text[:cut] if cut > 0 else text[: text.rfind(" ", 0, _LONGEST_LABEL)]
    while (shorter := _TAIL.sub("", _DANGLING.sub("", text))) != text:
        text = shorter
    return text[:1].upper() + text[1:]


def _plain(sentence: str) -> str:
    """Return what a sentence states, without who states it."""
    rest = OPENINGS.sub("", sentence, count=1).strip()
    rest = rest if len(rest.split()) >= _SHORT else sentence
    rest = rest.replace("[\u2026] ", "")
    return rest[:1].upper() + rest[1:]


def _signs_of_place(spot: Spot) -> Iterator[tuple[float, str]]:
    for pattern, weight, name in SECTIONS:
        if pattern.search(spot.section.title):
            yield weight, name
            if pattern is SECTIONS[0][0] and spot.sentence == spot.section.paragraphs[0].sentences[0]:
                yield -0.16, "it opens the abstract, as background does"
            return
    if spot.section.number and not spot.section.number[0].isdigit():
        yield -0.1, "it is in an appendix"


def _question(spot: Spot, known: Known) -> Candidate | None:
    sentence = spot.sentence.text
    if not _SHORT <= len(sentence.split()) <= _LONG:
        return None
    if sentence.endswith("?"):
        score, reason, label = 0.7, "It asks.", sentence
    elif match := QUESTION.search(sentence):
        score, reason = 0.75, "It says that this is open."
        label = sentence[match.start("ask") :].rstrip(".")
    elif match := OPEN.search(sentence):
        score, reason, label = 0.7, "It says that this is open.", match["ask"]
    else:
        return None
    if any(weight < -0.3 for weight, _ in _signs_of_place(spot)):
        return None
    label = label_of(label.rstrip("?"))
    about = tuple(one.name for one in known.named_in(sentence)[:3])
    label = f"{label}?"
    return Candidate("question", label, sentence, (spot,), _shortened(sentence), score, reason, about)


def _new_things(spots: Sequence[Spot], known: Known) -> Iterator[Candidate]:
    seen: set[str] = set()
    for spot in spots:
        for role, pattern, kind in (("method", METHOD, METHOD_WORDS), ("artifact", ARTIFACT, ARTIFACT_WORDS)):
            match = pattern.search(spot.sentence.text)
            if match is None or kind.search(match["what"]) is None:
                continue
            name = _name_in(match["what"], kind)
            known_already = {one.label.lower() for one in known.named_in(name)}
            if not name or name.lower() in seen or name.lower() in known_already:
                continue
            seen.add(name.lower())
            as_role: Role = "method" if role == "method" else "artifact"
            is_named = PROPER.search(name) is not None
            about = tuple(one.name for one in known.named_in(spot.sentence.text)[:3])
            reason = (
                "The paper says that it introduces it." if role == "method" else "The paper says that it releases it."
            )
            yield Candidate(
                as_role, name, spot.sentence.text, (spot,), _shortened(spot.sentence.text),
                0.8 if is_named else 0.6, reason, about,
            )  # fmt: skip


def _name_in(what: str, kind: re.Pattern[str]) -> str:
    """Return what something new is called: a name that it is given, else the words for it."""
    if (first := _APPOSED.match(what)) is not None:
        return first[1]
    if (named := NAME.search(what)) and all(word[0].isupper() or word[0].isdigit() for word in named["name"].split()):
        return named["name"]
    proper = PROPER.search(what)
    noun = what
    while (shorter := _ARTICLE.sub("", noun)) != noun:
        noun = shorter
    noun = _TAIL.sub("", _END_OF_NAME.sub("", noun))
    if proper and proper.start() < 40:
        return proper[0] if kind.search(noun) is None or len(noun.split()) > 5 else noun
    return noun if kind.search(noun) and len(noun.split()) <= 6 else ""


def _quotes(claims: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the words of the best claims that are short enough to be quoted whole."""
    fitting = [one for one in claims if len(one.spots[0].sentence.text) <= _LONGEST_QUOTE and one.score >= 0.75]
    for one in fitting[:_MOST_QUOTES]:
        yield replace(
            one,
            role="quote",
            label=f"{one.label}, as the text puts it",
            definition=f"Sentence of the text that says it in so many words: {one.reason[:1].lower()}{one.reason[1:]}",
            quote=one.spots[0].sentence.text,
            score=round(one.score - 0.25, 2),
            reason="It puts a main claim in one sentence.",
        )


def _edges(spots: Sequence[Spot], work: Work, known: Known) -> Iterator[Candidate]:
    """Yield edges to the entities that a text names often, or in its title or abstract."""
    counts: Counter[str] = Counter()
    first: dict[str, Spot] = {}
    in_front: set[str] = {one.name for one in known.named_in(work.label)}
    for spot in spots:
        for one in known.named_in(spot.sentence.text):
            counts[one.name] += 1
            if SECTIONS[0][0].search(spot.section.title):
                in_front.add(one.name)
            first.setdefault(one.name, spot)
    for name, count in counts.most_common():
        entity = known.by_curie[name]
        iri = known.base.namespaces.expand(name)
        if (count < _NAMED_OFTEN and name not in in_front) or known.joined(work.iri, iri):
            continue
        where = ", and in its title or abstract" if name in in_front else ""
        times = "once" if count == 1 else f"{count} times"
        score = round(min(0.9, 0.4 + 0.04 * count + (0.2 if name in in_front else 0)), 2)
        spot = first[name]
        reason = f"The text names {entity.label} {times}{where}."
        yield Candidate("edge", "", "", (spot,), _shortened(spot.sentence.text), score, reason, (name,))


def _shortened(sentence: str) -> str:
    """Return a sentence as a quote of it: cut at a word where it is too long."""
    if len(sentence) <= _LONGEST_QUOTE:
        return sentence
    return sentence[: sentence.rfind(" ", 0, _LONGEST_QUOTE)]


def _joined(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])}, and {names[-1]}" if len(names) > 1 else names[0]
