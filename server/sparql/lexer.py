"""SPARQL in tokens: enough to tell a keyword from the same letters in a string, an IRI, a comment or a name.

It reads as pyoxigraph reads (SPARQL 1.1 Query, section 19.8, and codepoint escapes in strings and IRIs only). It needs
time in proportion to the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_UCHAR: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_START: Final = (
    r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    r"\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""The letters with which a prefix or a keyword begins: PN_CHARS_BASE."""
_NAME: Final = rf"{_START}_0-9\u00b7\u0300-\u036f\u203f\u2040"
"""What names hold: PN_CHARS without the hyphen, and for a variable (VARNAME) that is all."""
# Groups are not repeated possessively: Python up to 3.11.4 gets that wrong.
_TOKEN: Final = re.compile(
    r'(?P<string>"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*"""'
    r"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*'''"
    r'|"(?!"")[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*"'
    r"|'(?!'')[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*')"
    r"|(?P<broken>[\"'])"
    rf'|(?P<iri><[^<>"{{}}|^`\\\x00-\x20]*+(?:(?:{_UCHAR})[^<>"{{}}|^`\\\x00-\x20]*+)*>)'
    r"|(?P<space>[ \t\r\n]+|\#[^\r\n]*)"
    rf"|(?P<var>[?$][{_START}_0-9][{_NAME}]*+)"
    rf"|(?P<bnode>_:[{_START}_0-9](?:[{_NAME}.-]*[{_NAME}-])?)"
    rf"|(?P<pname>(?:[{_START}][{_NAME}.-]*+(?<!\.))?:"
    rf"(?:(?:[{_START}_0-9:]|{_PLX})(?:(?:[{_NAME}:.-]|{_PLX})*(?:[{_NAME}:-]|{_PLX}))?)?)"
    # What could have been a prefix is taken whole, and cut by itself: `a.a.a` would be read anew from each of its dots.
    rf"|(?P<run>[{_START}][{_NAME}.-]*+)"
    rf"|(?P<word>_[{_NAME}]*+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<langtag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_IN_RUN: Final = re.compile(
    rf"(?P<word>[{_START}_][{_NAME}]*+)|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][0-9]+)?)|(?P<mark>.)"
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_OPERANDS: Final = frozenset({"var", "pname", "bnode", "iri", "string", "number", "langtag", "word"})
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it starts.

    Kinds: string, iri, space (with comments), var, bnode, pname, word, number, langtag, mark (any other character);
    `broken` is a quote that nothing closes, with all that follows; `unclear` is a `<` that may open an IRI or compare,
    where the two readings disagree on what comes after.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Tell whether this is one of some keywords, which are given in capitals."""
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, mark: str) -> bool:
        """Tell whether this is a certain character of punctuation."""
        return self.kind == "mark" and self.text == mark


def tokens(text: str) -> Iterator[Token]:
    """Cut a query in tokens, which together are the whole text."""
    open_brackets: list[str] = []
    before: Token | None = None
    for match in _TOKEN.finditer(text):
        kind, piece, start = match.lastgroup or "mark", match[0], match.start()
        if kind == "run" and ("." in piece or "-" in piece):
            for part in _IN_RUN.finditer(piece):
                before = Token(part.lastgroup or "mark", part[0], start + part.start())
                yield before
            continue
        token = Token("word" if kind == "run" else kind, piece, start)
        if token.kind == "broken":
            # A quote that is doubled and then left open is an empty string; the rest of the text tells nothing sure.
            yield Token("broken", text[token.start :], token.start)
            return
        if token.kind == "iri" and open_brackets[-1:] == ["("] and _may_compare(token, before):
            token = Token("unclear", token.text, token.start)
        elif token.kind == "mark" and token.text in "([{":
            open_brackets.append(token.text)
        elif token.kind == "mark" and open_brackets and open_brackets[-1] == _CLOSING.get(token.text):
            open_brackets.pop()
        yield token
        if token.kind != "space":
            before = token


def _may_compare(iri: Token, before: Token | None) -> bool:
    """Tell whether `<...>` behind an operand could be `<` and something that opens a string or a comment.

    `?a<?b#>` and `?a<'>'` are such; one with `//` after its scheme is an IRI, since nothing divides by `/`.
    """
    if before is None or not (before.kind in _OPERANDS or before.text in {")", "]"}):
        return False
    return ("#" in iri.text or "'" in iri.text) and not re.match(r"<[A-Za-z][\w+.-]*://", iri.text)


def unescape(text: str) -> str:
    """Resolve codepoint escapes (SPARQL 1.1 Query, section 19.2)."""
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]
