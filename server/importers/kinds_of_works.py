"""The kinds of works that formats tell apart, and the classes that a base may have for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..namespaces import BIBO, SCHEMA

_FABIO: Final = "http://purl.org/spar/fabio/"

MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "article": (
        f"{BIBO}AcademicArticle",
        f"{SCHEMA}ScholarlyArticle",
        f"{_FABIO}ResearchPaper",
        f"{_FABIO}JournalArticle",
    ),
    "preprint": (f"{_FABIO}Preprint",),
    "conference paper": (f"{_FABIO}ConferencePaper",),
    "chapter": (f"{BIBO}Chapter", f"{SCHEMA}Chapter", f"{_FABIO}BookChapter"),
    "book": (f"{BIBO}Book", f"{SCHEMA}Book", f"{_FABIO}Book"),
    "report": (f"{BIBO}Report", f"{SCHEMA}Report", f"{_FABIO}ReportDocument", f"{_FABIO}TechnicalReport"),
    "thesis": (f"{BIBO}Thesis", f"{SCHEMA}Thesis", f"{_FABIO}Thesis"),
    "post": (
        f"{SCHEMA}BlogPosting",
        f"{_FABIO}BlogPost",
        "http://rdfs.org/sioc/ns#Post",
        f"{SCHEMA}SocialMediaPosting",
    ),
    "web page": (f"{BIBO}Webpage", f"{SCHEMA}WebPage", f"{_FABIO}WebPage"),
    "data set": (f"{SCHEMA}Dataset", "http://www.w3.org/ns/dcat#Dataset", f"{_FABIO}Dataset"),
    "software": (f"{SCHEMA}SoftwareSourceCode", f"{SCHEMA}SoftwareApplication"),
    "work": (),
}
"""Each kind, and terms of other vocabularies to which a class for it may be mapped, the most usual first."""

INSTEAD: Final[Mapping[str, str]] = {
    "preprint": "article",
    "conference paper": "article",
    "chapter": "article",
    "web page": "post",
}
"""The kind whose class is taken where there is none of its own."""

ARTICLES: Final = frozenset(("article", "preprint", "conference paper", "chapter", "work"))
"""Kinds of which nobody need be told that the class of articles is taken for them."""

_BY_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "article": (
        # BibTeX and BibLaTeX
        *("article", "periodical", "suppperiodical"),
        # RIS
        *("jour", "ejour", "abst", "mgzn", "news", "inpr"),
        # CSL
        *("article-journal", "article-magazine", "article-newspaper", "review", "paper"),
        # Zotero
        *("journalarticle", "magazinearticle", "newspaperarticle"),
        # Crossref, DataCite, OpenAlex, Semantic Scholar
        *("journal-article", "journalpaper", "datapaper", "letter", "editorial", "erratum", "peer-review"),
        *("casereport", "clinicaltrial", "lettersandcomments", "metaanalysis", "study"),
    ),
    "preprint": ("preprint", "posted-content", "unpb", "unpublished", "online-preprint"),
    "conference paper": (
        *("inproceedings", "conference", "proceedings", "conf", "cpaper", "paper-conference", "conferencepaper"),
        *("proceedings-article", "conferenceproceeding", "conferenceproceedings", "presentation", "speech"),
    ),
    "chapter": (
        *("incollection", "inbook", "suppbook", "suppcollection", "inreference", "chap", "echap", "chapter"),
        *("entry-encyclopedia", "entry-dictionary", "booksection", "encyclopediaarticle", "dictionaryentry"),
        *("book-chapter", "book-section", "book-part", "bookchapter", "reference-entry"),
    ),
    "book": (
        "book",
        "mvbook",
        "collection",
        "booklet",
        "ebook",
        "edbook",
        "monograph",
        "edited-book",
        "reference-book",
    ),
    "report": ("report", "techreport", "rprt", "manual", "report-component", "standard", "stand", "govdoc"),
    "thesis": ("thesis", "phdthesis", "mastersthesis", "thes", "dissertation"),
    "post": ("post", "post-weblog", "blog", "blogpost", "forumpost"),
    "web page": ("online", "electronic", "www", "elec", "webpage"),
    "data set": ("dataset", "data"),
    "software": ("software", "comp", "computerprogram", "softwaresourcecode"),
}
_KIND_BY_TYPE: Final = {type_: kind for kind, types in _BY_TYPE.items() for type_ in types}


def kind_of(type_: str) -> str:
    """Return the kind of work that the name of a type in any of the formats stands for.

    >>> kind_of("techreport"), kind_of("blogPost"), kind_of("misc")
    ('report', 'post', 'work')
    """
    return _KIND_BY_TYPE.get(type_.strip().lower(), "work")
