"""Texts in every format are read into the same sections and sentences; what is no text is said to be none."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import AkbError, UnreadableError, UsageError
from server.texts.files import read_files
from server.texts.reading import ReadText, read_text
from tests.texts.made_pdf import pdf_of

FILLER = "This sentence is here so that there is enough to be read as a text of a work, and says nothing more. " * 3


def read(tmp_path: Path, name: str, content: str | bytes) -> ReadText:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_text(path)


def sections(found: ReadText) -> list[tuple[str, str, int]]:
    return [(section.number, section.title, section.level) for section in found.text.sections]


def sentences(found: ReadText, kind: str = "prose") -> list[str]:
    return [spot.sentence.text for spot in found.text.places if spot.paragraph.kind == kind]


def latex(body: str, preamble: str = "") -> str:
    head = "\\documentclass{article}\n" + preamble + "\\title{A title}\n\\begin{document}\n\\maketitle\n"
    return head + body + f"\n\n{FILLER}\n\\end{{document}}\n"


def test_latex_has_sections_with_the_numbers_that_latex_gives_them(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "paper.tex",
        latex(
            "\\begin{abstract}We study it.\\end{abstract}\n\\section{One}\\label{one}\nText of one.\n"
            "\\subsection[short]{First \\emph{part}}Text.\n\\subsection{Second part}\nMore.\n"
            "\\section*{Thanks}\nThanks.\n"
            "\\section{Two}\nAs in Section~\\ref{one}.\n\\paragraph{A point.} It is made.\n\\appendix\n"
            "\\section{Details}\nOf it.\\subsection{Runs}\nAll."
        ),
    )
    assert sections(found)[:-1] == [
        ("", "Abstract", 1), ("1", "One", 1), ("1.1", "First part", 2), ("1.2", "Second part", 2), ("", "Thanks", 1),
        ("2", "Two", 1), ("", "A point", 4), ("A", "Details", 1),
    ]  # fmt: skip
    assert sections(found)[-1] == ("A.1", "Runs", 2)
    assert "As in Section 1." in sentences(found)
    assert found.text.title == "A title"


def test_latex_is_read_as_a_reader_sees_it(tmp_path: Path) -> None:
    macros = "\\newcommand{\\sys}{Heron-2}\n\\def\\pair#1#2{#1 and #2}\n\\newcommand{\\rate}[2][12]{#2 of #1}\n"
    found = read(
        tmp_path,
        "paper.tex",
        latex(
            "\\section{S}\n\\sys{} fails in $14\\,\\%$ of 1{,}200 runs~\\citep{lee}, i.e. often. % not\n"
            "\\citet{roe} saw \\pair{none}{nothing}\\footnote{Not quite.}; we saw \\rate{3} --- ``twice''.\n\n"
            "\\begin{table}\\caption{Rates of \\sys.}\\begin{tabular}{lr}\\toprule A & 31\\% \\\\ B & 2 \\\\"
            "\\end{tabular}"
            "\\end{table}\n\\begin{verbatim}\n\\section{No section}\n\\end{verbatim}\n"
            "\\begin{itemize}\\item One.\\item Two.\\end{itemize}\nThat \\[ x = 1 \\] holds.",
            macros,
        ),
    )
    assert sentences(found)[:6] == [
        "Heron-2 fails in 14 % of 1,200 runs, i.e. often.",
        "[\u2026] saw none and nothing; we saw 3 of 12 \u2014 \u201ctwice\u201d.",
        "One.",
        "Two.",
        "That x = 1 holds.",
        FILLER[: FILLER.index(".") + 1],
    ]
    assert sentences(found, "caption") == ["Rates of Heron-2."]
    assert sentences(found, "table") == ["A 31%", "B 2"]
    assert sentences(found, "note") == ["Not quite."]
    assert sections(found) == [("1", "S", 1)]


def test_input_leads_to_nothing_outside_of_the_folder(tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("The secret sentence.", encoding="utf-8")
    folder = tmp_path / "paper"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts/inside.tex").write_text("The sentence of the part.\\input{parts/inside}", encoding="utf-8")
    (folder / "link.tex").symlink_to(secret)
    (folder / "away").symlink_to(tmp_path)
    names = ["../secret", "../secret.tex", str(secret), "link", "away/secret", "parts/../../secret", "..\\secret"]
    body = "\\section{S}\n" + "\n".join(f"\\input{{{name}}}" for name in names) + "\n\\include{parts/../parts/inside}"
    found = read(folder, "main.tex", latex(body))
    assert "The sentence of the part." in sentences(found)
    assert not any("secret sentence" in one for one in sentences(found))
    assert sum("was not given" in note for note in found.text.notes) == len(names)
    assert any("contains it" in note for note in found.text.notes)


def test_an_archive_is_read_without_what_leads_out_of_it(tmp_path: Path) -> None:
    files = {
        "ms.tex": latex("\\section{S}\n\\input{sec/a}\\input{../b}"),
        "sec/a.tex": "From a.",
        "../b.tex": "From b.",
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo("sec/c.tex")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    for name, data in (("2401.00001v2.tar.gz", packed.getvalue()), ("paper.zip", zipped.getvalue())):
        found = read(tmp_path, name, data)
        assert "From a." in " ".join(sentences(found))
        assert "From b." not in " ".join(sentences(found))
    alone = read(tmp_path, "2401.00001.gz", gzip.compress(latex("\\section{S}\nAlone.").encode()))
    assert (alone.form, sentences(alone)[0]) == ("latex", "Alone.")


def test_a_file_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b"x" * (1 << 20))
    monkeypatch.setattr("server.texts.files.MOST_MEGABYTES", 0)
    with pytest.raises(UsageError, match="more than 0 MB"):
        read(tmp_path, "bomb.gz", bomb)


def test_macros_and_inputs_that_multiply_end(tmp_path: Path, in_linear_time: None) -> None:
    names = "abcdefghij"
    tens = {name: f"\\{one} " * 10 for one, name in pairwise(names)}
    macros = "".join(f"\\newcommand{{\\{name}}}{{{ten}}}\n" for name, ten in tens.items())
    found = read(tmp_path, "paper.tex", latex("\\section{S}\n\\j \\j", "\\newcommand{\\a}{lol }\n" + macros))
    assert any("macros make more" in note for note in found.text.notes)
    (tmp_path / "twice").mkdir()
    for number in range(20):
        (tmp_path / f"twice/x{number}.tex").write_text(f"\\input{{x{number + 1}}}\\input{{x{number + 1}}}a")
    found = read(tmp_path / "twice", "main.tex", latex("\\section{S}\n\\input{x0}"))
    assert any("More than" in note for note in found.text.notes)
    assert read(tmp_path, "deep.tex", latex("\\section{S}\n" + "{" * 5000 + "deep" + "}" * 5000))
    assert read(tmp_path, "open.tex", latex("\\section{S}\n" + "\\textbf{" * 3000))


HTML = f"""<!doctype html><html><head><title>T</title><script>var x = "no";</script></head><body>
<nav>Menu</nav><h1>A page</h1><h2>1 Results</h2>
<p>We find <math alttext="14\\%"><mi>14</mi></math> of them<cite class="ltx_cite">[3]</cite>.<br>It is so. {FILLER}</p>
<table><caption>Table 1: Rates.</caption><tr><td>A</td><td>31%</td></tr></table>
<h3>1.1 More</h3><ul><li>One.<li>Two.</ul><div hidden>Hidden.</div><!-- a comment --><p>Na\u00efve.</body></html>"""


def test_html_is_read_as_a_reader_sees_it(tmp_path: Path) -> None:
    found = read(tmp_path, "page.html", HTML)
    assert sections(found) == [("", "A page", 1), ("1", "Results", 2), ("1.1", "More", 3)]
    assert sentences(found)[:2] == ["We find 14% of them.", "It is so."]
    assert sentences(found)[-3:] == ["One.", "Two.", "Na\u00efve."]
    assert sentences(found, "table") == ["A 31%"]
    assert sentences(found, "caption") == ["Table 1: Rates."]
    declared = HTML.replace("<head>", '<head><meta charset="iso-8859-1">').encode("latin-1")
    assert sentences(read(tmp_path, "latin.html", declared))[-1] == "Na\u00efve."
    with pytest.raises(UnreadableError, match="next to no text"):  # libxml2 goes 256 elements deep
        read(tmp_path, "deep.html", "<div>" * 20_000 + FILLER)


PAGES = [
    ["Journal of Things, vol. 3", "A title of a paper", "Abstract", "We find that the rate of fail-",
     "ures is high: it is", "reported for all of the", "1", ],
    ["Journal of Things, vol. 3", "large models that we have.", "2 Results",
     "The models are e\u00a8xact, na\u00efve and state-of-the-",
     "art in each of the 12 settings that were tried, see the next figure.", "Figure 3: Rates of failure.", "2"],
    ["Journal of Things, vol. 3", *[FILLER[n : n + 80] for n in range(0, 240, 80)], "3"],
]  # fmt: skip


def test_pdf_has_paragraphs_over_the_ends_of_lines_and_pages(tmp_path: Path) -> None:
    found = read(tmp_path, "paper.pdf", pdf_of(PAGES, first_label=101))
    assert found.form == "pdf"
    assert found.text.pages == ("101", "102", "103")
    told = sentences(found)
    assert "We find that the rate of failures is high: it is reported for all of the large models that we have." in told
    assert not any("Journal" in one for one in told)
    assert ("2", "Results", 1) in sections(found)
    assert sentences(found, "caption")[0].startswith("Figure 3: Rates of failure.")


def test_a_pdf_that_asks_for_a_password_or_is_damaged_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="asks for a password"):
        read(tmp_path, "locked.pdf", pdf_of(PAGES, password="x"))
    whole = pdf_of(PAGES)
    with pytest.raises(UnreadableError):
        read(tmp_path, "half.pdf", whole[:200])
    with pytest.raises(UnreadableError, match="next to no text"):
        read(tmp_path, "empty.pdf", pdf_of([[""]]))


def test_markdown_and_plain_text_have_headings(tmp_path: Path) -> None:
    text = "---\ntitle: x\n---\n# Top\n\nIntro.\n\nMethods\n-------\n\nDone *so*.\n- a [link](http://x.y)\n"
    text += f"\n## 2 Results\nSeen.\n\n{FILLER}"
    found = read(tmp_path, "note.md", text)
    assert sections(found) == [("", "Top", 1), ("", "Methods", 2), ("2", "Results", 2)]
    assert sentences(found)[:4] == ["Intro.", "Done so.", "a link", "Seen."]
    plain = read(tmp_path, "note.txt", f"A title\n\nAbstract\n\nWe see hyphen-\nated words.\n\n3.1 Runs\n\n{FILLER}")
    assert sections(plain)[1:] == [("", "Abstract", 1), ("3.1", "Runs", 2)]
    assert "We see hyphenated words." in sentences(plain)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_other_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, "note.txt", f"Abstract\n\nNa\u00efve \u2013 caf\u00e9. {FILLER}".encode(encoding))
    assert sentences(found)[0] == "Na\u00efve \u2013 caf\u00e9."
    assert bool(found.text.notes) == (encoding == "cp1252")


def test_latex_says_its_encoding(tmp_path: Path) -> None:
    text = latex("\\section{S}\nNa\u00efve.", "\\usepackage[latin2]{inputenc}\n").replace("\u00ef", "\u0151")
    found = read(tmp_path, "paper.tex", text.encode("iso8859-2"))
    assert (sentences(found)[0], found.text.notes) == ("Na\u0151ve.", ())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02" * 400,
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"PK\x03\x04 no archive",
        b"\x1f\x8b no",
    ],
)
def test_what_is_no_text_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    for name in ("x.txt", "x.tex", "x.pdf", "x.html", "x"):
        with pytest.raises((UnreadableError, UsageError)):
            read(tmp_path, name, content)


def test_what_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "gone.tex", tmp_path / "pipe"):
        with pytest.raises(UsageError):
            read_files(path)
    with pytest.raises(UnreadableError, match="document of LaTeX"):
        read_text(tmp_path)


@settings(max_examples=60)
@given(st.sampled_from(["x.tex", "x.html", "x.md", "x.pdf", "x.txt"]), st.binary(max_size=400) | st.text(max_size=400))
def test_whatever_a_file_holds_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes | str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any" / name
    path.parent.mkdir(exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    start = (
        b"%PDF-1.4\n" if name.endswith("pdf") else b"\\section{A} \\begin{document} " if name.endswith("tex") else b""
    )
    path.write_bytes(start + data)
    with suppress(AkbError):
        assert read_text(path).text.sections


def test_anchors_stay_when_other_sentences_change(tmp_path: Path) -> None:
    before = read(tmp_path, "a.md", f"# T\n\n## 1 One\n\nFirst. Second thing.\n\n{FILLER}")
    after = read(tmp_path, "b.md", f"# T\n\n## 1 One\n\nNew. First. Second  THING.\n\nSecond thing.\n\n{FILLER}")
    anchors = [{spot.sentence.text: spot.sentence.anchor for spot in one.text.places} for one in (before, after)]
    assert anchors[0]["First."] == anchors[1]["First."]
    assert anchors[0]["Second thing."] == anchors[1]["Second THING."]
    assert len({spot.sentence.anchor for spot in after.text.places}) == len(after.text.places)
