"""Turtle of any project in a canonical order, in the words in which it is written.

Statements are sorted by their subjects, and what each says by its predicates and objects, one a line; blank nodes are
within what names them. Prefixes, literals, language tags and collections stay as they are written. A comment stays with
what it is about: the line on which it is, the line below it, or for one between blank lines all that follows, up to the
next such comment; statements do not leave these sections. What is written is proven to say the same.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from rdflib import OWL, RDF

from ..errors import UnreadableError, UsageError
from ..store.parsing import SyntaxProblem, read_ntriples
from .layout import Blank, Block, Directive, Items, Layout, Node, Pair, Section, layout_of, tokens_of
from .resolving import resolve
from .statements import Statement, is_blank, statements, unescaped
from .writer import predicate_order

_ANY_BASE: Final = "file:///formatted"
_WIDEST: Final = 100
_INDENT: Final = "    "
_ESCAPED: Final = re.compile(r"\\([_~.!$&'()*+,;=/?#@%-])")


def format_any(text: str, name: str) -> str:
    """Return a Turtle text in canonical order, proven to say the same.

    Raises UsageError where a comment cannot be kept, or a prefix is bound anew, and when the proof fails.
    """
    try:
        layout = layout_of(text)
        written = _Writer(layout).write()
    except UsageError as error:
        raise UsageError(f"{name}: {error.message}", error.mend) from None
    except RecursionError:
        raise UsageError(f"{name}: the text nests too deeply to be formatted.", "give some nodes names.") from None
    if not _say_the_same(text, written) or _comments(text) != _comments(written):
        raise UnreadableError(
            f"{name}: the formatted text would not say the same; nothing was written.",
            "this is a fault in akb: please report it with the file.",
        )
    return written


class _Writer:
    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._prefixes: dict[str, str] = {}
        self._base = _ANY_BASE
        self._declare(layout.directives)

    def _declare(self, directives: Iterable[Directive]) -> None:
        bases = 0
        for directive in directives:
            parts = directive.text.split()
            if parts[0].lower().endswith("base"):
                bases += 1
                self._base = resolve(self._base, parts[1][1:-1])
                continue
            prefix, namespace = parts[1][:-1], resolve(self._base, unescaped(parts[2][1:-1]))
            if self._prefixes.setdefault(prefix, namespace) != namespace:
                raise UsageError(f"The prefix {prefix}: is bound twice, to two namespaces.", "give one another prefix.")
        if bases > 1:
            raise UsageError("The base is declared twice.", "declare it once, at the start.")

    def write(self) -> str:
        sections = self._layout.sections
        for section in sections:
            section.blocks = list(_merged(section.blocks, self._iri))
            for block in section.blocks:
                block.pairs = list(self._distinct(block.pairs))
        _nest(sections)
        parts = [self._heads()] if self._layout.directives else []
        for section in sections:
            parts += ["\n".join(group) + "\n" for group in section.comments]
            parts += [text for _, text in sorted((self._key(block), self._block(block)) for block in section.blocks)]
        return "\n".join(parts)

    def _heads(self) -> str:
        lines: list[str] = []
        said: set[str] = set()
        for directive in self._layout.directives:
            if directive.text in said and not directive.above and not directive.behind:
                continue
            said.add(directive.text)
            for place, group in enumerate(directive.above, 1):
                is_near = directive.is_near and place == len(directive.above)
                lines += ["", *group] if lines and (place > 1 or not is_near) else group
                lines += [] if is_near or place < len(directive.above) else [""]
            lines.append(f"{directive.text} {directive.behind}".rstrip())
        return "".join(f"{line}\n" for line in lines)

    def _key(self, block: Block) -> tuple[int, str]:
        if not isinstance(block.subject, str) or block.subject.startswith("_:"):
            return 2, self._node(block.subject, 0)
        is_ontology = any(self._iri(pair.verb) == _TYPE and self._iri(pair.object) == _ONTOLOGY for pair in block.pairs)
        return (0 if is_ontology else 1), self._iri(block.subject)

    def _block(self, block: Block) -> str:
        lines = self._lines(block.pairs, 1, " ." if not block.below else "")
        if block.pairs and not lines[0].lstrip().startswith("#"):
            lines[0] = lines[0].lstrip()
            subject = f"{self._node(block.subject, 0)} "
        else:
            subject = f"{self._node(block.subject, 0)}\n" if block.pairs else f"{self._node(block.subject, 0)} ."
        if block.below:
            lines += [*(f"{_INDENT}{line}" for line in block.below), f"{_INDENT}."]
        return "".join(f"{line}\n" for line in block.above) + subject + "\n".join(lines) + "\n"

    def _lines(self, pairs: Iterable[Pair], depth: int, end: str) -> list[str]:
        """Return the lines of pairs, sorted; `end` is what comes after the last of them, ahead of its comment."""
        indent = _INDENT * depth
        written = [(self._order(pair), self._node(pair.object, depth), pair) for pair in pairs]
        written.sort(key=lambda one: one[:2])
        lines: list[str] = []
        for place, (_, value, pair) in enumerate(written):
            mark = end if place == len(written) - 1 else " ;"
            verb = "a" if self._iri(pair.verb) == _TYPE else pair.verb
            lines += [f"{indent}{line}" for line in pair.above]
            lines.append(f"{indent}{verb} {value}{mark} {pair.behind}".rstrip())
        return lines

    def _order(self, pair: Pair) -> tuple[int, str, int, str]:
        verb = self._iri(pair.verb)
        if not isinstance(pair.object, str):
            return predicate_order(f"<{verb}>"), verb, 2, ""
        is_literal = pair.object[0] in "\"'"
        return predicate_order(f"<{verb}>"), verb, int(is_literal), "" if is_literal else self._iri(pair.object)

    def _distinct(self, pairs: Iterable[Pair]) -> Iterator[Pair]:
        """Leave out what is said again, here and within."""
        said: set[tuple[str, str]] = set()
        for pair in pairs:
            self._tidy(pair.object)
            if isinstance(pair.object, str):
                key = self._iri(pair.verb), self._iri(pair.object)
                if key in said and not pair.above and not pair.behind:
                    continue
                said.add(key)
            yield pair

    def _tidy(self, node: Node) -> None:
        if isinstance(node, Blank):
            node.pairs = list(self._distinct(node.pairs))
        elif isinstance(node, Items):
            for one in node.nodes:
                self._tidy(one)

    def _node(self, node: Node, depth: int) -> str:
        if isinstance(node, str):
            return node
        indent = _INDENT * depth
        if isinstance(node, Blank):
            lines = [*self._lines(node.pairs, depth + 1, ""), *(f"{indent}{_INDENT}{line}" for line in node.below)]
            if not lines and not node.opening:
                return "[]"
            return "\n".join((f"[ {node.opening}".rstrip(), *lines, f"{indent}]"))
        nodes = [self._node(one, depth + 1) for one in node.nodes]
        if not nodes:
            return "()"
        line = f"( {' '.join(nodes)} )"
        if "\n" not in line and len(line) <= _WIDEST:
            return line
        return "\n".join(("(", *(f"{indent}{_INDENT}{one}" for one in nodes), f"{indent})"))

    def _iri(self, node: Node) -> str:
        """Return the IRI that a term is; any other term as it is written."""
        if not isinstance(node, str):
            return ""
        if node == "a":
            return _TYPE
        if node.startswith("<"):
            return resolve(self._base, unescaped(node[1:-1]))
        prefix, colon, local = node.partition(":")
        if colon and prefix in self._prefixes and node[0] not in "\"'":
            return self._prefixes[prefix] + _ESCAPED.sub(r"\1", local)
        return node


def _merged(blocks: Iterable[Block], iri: Callable[[Node], str]) -> Iterator[Block]:
    """Yield blocks, those of one subject as one, unless a comment is about the later one."""
    known: dict[str, Block] = {}
    for block in blocks:
        name = iri(block.subject)
        first = known.get(name) if name else None
        if first is None or block.above or first.below:
            known[name] = block
            yield block
        else:
            first.pairs += block.pairs
            first.below = block.below


@dataclass
class _Use:
    """Where a labelled blank node is named as an object, and the subject of that statement."""

    owner: str
    put: Callable[[Node], None]


def _nest(sections: list[Section]) -> None:
    """Put each labelled blank node that is named once in the place of its name; a label of nobody's use is dropped."""
    uses: defaultdict[str, list[_Use]] = defaultdict(list)
    blocks: defaultdict[str, list[tuple[Section, Block]]] = defaultdict(list)
    for section in sections:
        for block in section.blocks:
            owner = block.subject if isinstance(block.subject, str) else ""
            if owner.startswith("_:"):
                blocks[owner].append((section, block))
            elif not owner:
                _collect(block.subject, owner, uses)
            _collect_pairs(block.pairs, owner, uses)
    nested = {
        label: found[0]
        for label, found in uses.items()
        if len(found) == 1
        and all(not block.above and not block.below for _, block in blocks[label])
        and len(blocks[label]) <= 1
    }
    for label in list(nested):
        # A ring of blank nodes has no outside to be written from.
        seen, owner = {label}, nested[label].owner
        while owner in nested and owner not in seen:
            seen.add(owner)
            owner = nested[owner].owner
        if owner == label:
            del nested[label]
    for label, use in nested.items():
        pairs = [pair for _, block in blocks[label] for pair in block.pairs]
        use.put(Blank(pairs))
        for section, block in blocks[label]:
            section.blocks.remove(block)
    for label, found in blocks.items():
        if label not in uses and len(found) == 1:
            found[0][1].subject = Blank()


def _collect_pairs(pairs: Iterable[Pair], owner: str, uses: defaultdict[str, list[_Use]]) -> None:
    for pair in pairs:
        if isinstance(pair.object, str):
            if pair.object.startswith("_:"):
                uses[pair.object].append(_Use(owner, partial(setattr, pair, "object")))
        else:
            _collect(pair.object, owner, uses)


def _collect(node: Node, owner: str, uses: defaultdict[str, list[_Use]]) -> None:
    if isinstance(node, Blank):
        _collect_pairs(node.pairs, owner, uses)
    elif isinstance(node, Items):
        for place, one in enumerate(node.nodes):
            if isinstance(one, str) and one.startswith("_:"):
                uses[one].append(_Use(owner, partial(node.nodes.__setitem__, place)))
            else:
                _collect(one, owner, uses)


def _comments(text: str) -> Counter[str]:
    return Counter(token.text.rstrip() for token in tokens_of(text) if token.kind == "comment")


def _say_the_same(old: str, new: str) -> bool:
    """Tell whether two Turtle texts are isomorphic (RDF 1.1 Concepts, section 3.6), the labels of the new one fixed.

    All other blank nodes must be trees: each named once at most, and in no ring. Then two are equal when what they say
    is, which is worked out from the leaves.
    """
    was, now = (read_ntriples(text, base=_ANY_BASE, keeps_labels=True) for text in (old, new))
    if isinstance(was, SyntaxProblem) or isinstance(now, SyntaxProblem):
        return False
    labels = {token.text for token in tokens_of(new) if token.text.startswith("_:")}
    signatures = [_signature(set(statements(said)), labels) for said in (was, now)]
    return signatures[0] is not None and signatures[0] == signatures[1]


def _signature(said: set[Statement], labels: set[str]) -> Counter[str] | None:
    """Return what a graph says, blank nodes without a fixed label by what they say; None where they are no trees."""
    about: defaultdict[str, list[Statement]] = defaultdict(list)
    holders: Counter[str] = Counter()
    free = {term for s, _, o in said for term in (s, o) if is_blank(term) and term not in labels}
    for statement in said:
        about[statement[0]].append(statement)
        if statement[2] in free:
            holders[statement[2]] += 1
    if any(count > 1 for count in holders.values()):
        return None
    waiting = {node: sum(1 for _, _, value in about[node] if value in free) for node in free}
    holder = {value: subject for subject, _, value in said if value in free}
    ready = [node for node, count in waiting.items() if not count]
    names: dict[str, str] = {}
    while ready:
        node = ready.pop()
        lines = sorted(f"{predicate} {names.get(value, value)}" for _, predicate, value in about[node])
        names[node] = f"[{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()}]"
        if (owner := holder.get(node)) in waiting:
            waiting[owner] -= 1
            if not waiting[owner]:
                ready.append(owner)
    if len(names) < len(free):
        return None
    found = Counter(f"{s} {p} {names.get(o, o)}" for s, p, o in said if s not in free)
    found.update(names[node] for node in free if node not in holder)
    return found


_TYPE: Final = str(RDF.type)
_ONTOLOGY: Final = str(OWL.Ontology)
