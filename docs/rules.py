"""Writes `docs/rules.md`, every rule of `akb check` with a bad example, and the list of them in `docs/validation.md`.

Both come from the rules and the corpus of faults. Run it from the root of the repository: `python -m docs.rules`. A
test fails when a page is out of step.
"""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path
from typing import Any

from server.namespaces import Namespaces
from server.records.findings import Stage
from server.turtle.reader import read_base
from server.validation.catalogue import WAIVERS, CatalogueEntry, catalogue
from tests.faults.corpus import CORPUS, REPOSITORY, Fault, faults

PAGE = Path(__file__).with_suffix(".md")
OVERVIEW = PAGE.with_name("validation.md")
BEGIN, END = "<!-- rules: written by `python -m docs.rules` -->\n", "<!-- end of rules -->\n"
GENERATED = "shapes/predicates.ttl"
WIDTH = 118
LONGEST = 11
HEAD = """\
<!-- Generated from the rules and from tests/faults/ by `python -m docs.rules`. Do not edit. -->

# The rules

Everything that `akb check` may say, stage by stage: what the rule asks for, a base that breaks it, and what is then
said, with its place. In an example `-` is a line of a base without faults, and `+` is what stands there instead. How to
run a check, and how to live with what it finds, is in [validation.md](validation.md).

"""
STAGES = {
    Stage.SYNTAX: "Syntax, and the form of files",
    Stage.SHAPES: "Shapes: what each class needs",
    Stage.RULES: "Rules over the whole base",
    Stage.CONSISTENCY: "Consistency: what cannot all be true",
    Stage.LINT: "Lint: what is allowed and unwise",
    Stage.TEXTS: "Texts: what the sources say",
    Stage.ONTOLOGY: "The ontology",
    Stage.SHAPES_LINT: "The shapes themselves",
    WAIVERS: "Waivers",
}
ENDS = """\
### `<predicate>-subject`, `<predicate>-object`

violation, from [shapes/predicates.ttl](../shapes/predicates.ttl), which `akb generate` writes. Each predicate starts
from its domain and leads to its range.

"""


def page() -> str:
    """Return the page as it should be."""
    entries = list(catalogue(read_base(REPOSITORY, Namespaces())))
    corpus = faults()
    parts = [HEAD]
    for stage, title in STAGES.items():
        own = [entry for entry in entries if entry.stage == stage]
        links = ", ".join(f"[{entry.name}](#{entry.name.lower()})" for entry in own if entry.source != GENERATED)
        parts.append(f"## {title}\n\n{links}\n\n")
        parts += [_section(entry, corpus) for entry in own if entry.source != GENERATED]
        ends = sorted(entry.name for entry in own if entry.source == GENERATED)
        if ends:
            parts.append(ENDS + _example(*_fault_of({name for name in ends if name.endswith("-subject")}, corpus)))
    return "".join(parts).rstrip("\n") + "\n"


def overview() -> str:
    """Return the page on validation with its list of rules as it should be."""
    entries = list(catalogue(read_base(REPOSITORY, Namespaces())))
    corpus = faults()
    lines = []
    for entry in (entry for stage in STAGES for entry in entries if entry.stage == stage and entry.source != GENERATED):
        # The message of a shape says what it asks for.
        words = entry.meaning or _fault_of({entry.name}, corpus)[1]["message"]
        text = _plain(words).replace("|", "&#124;")
        lines.append(f"| [`{entry.name}`](rules.md#{entry.name.lower()}) | {entry.severity} | {text} |\n")
    head, rest = OVERVIEW.read_text(encoding="utf-8").split(BEGIN)
    table = "| Rule | Severity | What it asks for, or says |\n|---|---|---|\n" + "".join(lines)
    return head + BEGIN + "\n" + table + "\n" + END + rest.split(END)[1]


def _section(entry: CatalogueEntry, corpus: list[Fault]) -> str:
    source = f", from [{entry.source}](../{entry.source})" if entry.source else ""
    meaning = f" {_plain(entry.meaning)}" if entry.meaning else ""
    return f"### `{entry.name}`\n\n{entry.severity}{source}.{meaning}\n\n" + _example(*_fault_of({entry.name}, corpus))


def _fault_of(rules: set[str], corpus: list[Fault]) -> tuple[Fault, dict[str, Any]]:
    """Return the fault that breaks a rule and the fewest others, and its finding."""
    found = [(fault, finding) for fault in corpus for finding in fault.findings if finding["rule"] in rules]
    return min(found, key=lambda pair: (len(pair[0].findings), pair[0].name))


def _example(fault: Fault, finding: dict[str, Any]) -> str:
    place = f"{finding['file']}:{finding['line']}:{finding['column']}"
    return (
        f"{fault.expected['fault']}\n\n```diff\n{_difference(fault, finding)}```\n\n"
        f"> `{place}` {_plain(finding['message'])}\n>\n> *Mend:* {_plain(finding['mend'])}\n\n"
    )


def _difference(fault: Fault, finding: dict[str, Any]) -> str:
    """Return the lines that make the fault; of a file that is new or much changed, those around the finding."""
    path = CORPUS / fault.name / finding["file"]
    clean = CORPUS / "clean" / finding["file"]
    if not path.exists():
        # What shows in this file was changed in another.
        path = next((CORPUS / fault.name / "kb").rglob("*.ttl"))
        clean = CORPUS / "clean" / path.relative_to(CORPUS / fault.name)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    changed: list[str] = []
    if clean.exists():
        changed = [line for line in ndiff(clean.read_text(encoding="utf-8").splitlines(), lines) if line[0] in "+-"]
        changed = [line for line in changed if "@prefix" not in line] or changed
    if not 0 < len(changed) <= LONGEST:
        name = path.relative_to(CORPUS / fault.name).as_posix()
        # A finding about an entity on the first line, where prefixes stand, is about its whole file.
        paragraph = _paragraph(lines, finding["line"], is_of_file=bool(finding["focus"]) and finding["line"] == 1)
        changed = [f"+++ {name}", *(f"+ {line}" for line in paragraph)]
    shown = [line for line in changed if line.strip("+- ")]
    return "".join(f"{line[:WIDTH]}{'…' if len(line) > WIDTH else ''}\n" for line in shown)


def _paragraph(lines: list[str], number: int, *, is_of_file: bool) -> list[str]:
    """Return the lines between the empty ones around a line; for a finding about a file, those after its prefixes."""
    ends = [0, *(n for n, line in enumerate(lines, 1) if not line), len(lines)]
    place = 2 if is_of_file else next(n for n, end in enumerate(ends) if end >= number)
    return lines[ends[place - 1] : ends[place]]


def _plain(text: str) -> str:
    """Return a text so that Markdown shows its angle brackets and stars."""
    return "`".join(
        part if odd else part.replace("<", "\\<").replace("*", "\\*") for part, odd in _alternating(text.split("`"))
    )


def _alternating(parts: list[str]) -> list[tuple[str, bool]]:
    return [(part, bool(place % 2)) for place, part in enumerate(parts)]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    OVERVIEW.write_text(overview(), encoding="utf-8")
    print(f"wrote {PAGE} and {OVERVIEW}")
