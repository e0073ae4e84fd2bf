"""A server of this machine that answers as the catalogues of works do, in their shapes, of invented works."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request

from tests.importers.made_records import Made, arxiv, openalex_work

FEED = "application/atom+xml; charset=UTF-8"


def services(works: tuple[Made, ...], seen: list[str]) -> Flask:
    """Return the application; it notes the path and the query of each request in `seen`."""
    app = Flask("services")
    by_arxiv = {work.arxiv: work for work in works if work.arxiv}
    by_doi = {work.doi: work for work in works if work.doi}

    @app.before_request
    def note() -> None:
        assert "akb/" in request.headers["User-Agent"]
        seen.append(request.full_path.rstrip("?"))

    @app.get("/arxiv")
    def of_arxiv() -> Response:
        numbers = request.args["id_list"].split(",")
        return Response(arxiv([by_arxiv[one] for one in numbers if one in by_arxiv], works), content_type=FEED)

    @app.get("/crossref/<path:doi>")
    def of_crossref(doi: str) -> Any:
        if doi not in by_doi or by_doi[doi].number % 2:
            return Response("Resource not found.", 404, content_type="text/plain")
        return {
            "status": "ok",
            "message-type": "work",
            "message-version": "1.0.0",
            "message": crossref(by_doi[doi], works),
        }

    @app.get("/datacite/<path:doi>")
    def of_datacite(doi: str) -> Any:
        if doi not in by_doi:
            return {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}, 404
        return {"data": datacite(by_doi[doi], works)}

    @app.get("/openalex")
    def some_of_openalex() -> Any:
        numbers = request.args["filter"].removeprefix("openalex:").split("|")
        found = [openalex_work(one, works) for one in works if one.openalex.rpartition("/")[2] in numbers]
        chosen = request.args["select"].split(",")
        return {"meta": {"count": len(found)}, "results": [{key: one[key] for key in chosen} for one in found]}

    @app.get("/openalex/<path:name>")
    def of_openalex(name: str) -> Any:
        doi = name.removeprefix("doi:")
        number = doi.partition("arXiv.")[2]
        work = by_doi.get(doi) or by_arxiv.get(number)
        return openalex_work(work, works) if work else ("<h1>404</h1>", 404)

    @app.get("/scholar/<path:name>")
    def of_scholar(name: str) -> Any:
        kind, _, number = name.partition(":")
        work = by_arxiv.get(number) if kind == "ARXIV" else by_doi.get(number)
        return scholar(work, works) if work else ({"error": f"Paper with id {name} not found"}, 404)

    @app.get("/busy/<path:_name>")
    def busy(_name: str) -> Response:
        return Response("slow down", 429, {"Retry-After": "3600"})

    @app.get("/broken/<path:_name>")
    def broken(_name: str) -> Any:
        return "<html>no JSON at all</html>"

    return app


def crossref(work: Made, every: tuple[Made, ...]) -> dict[str, Any]:
    """Return a work as Crossref has it; one reference has a DOI, one is in words, one is to a work of others."""
    return {
        "DOI": work.doi,
        "type": "journal-article",
        "title": [work.title.replace("and", "<i>and</i>")],
        "container-title": ["Journal of Made Results"],
        "publisher": "The Made Press",
        "author": [
            {
                "given": name.rpartition(" ")[0],
                "family": name.rpartition(" ")[2],
                "sequence": "additional",
                "affiliation": [],
            }
            for name in work.authors
        ],
        "issued": {"date-parts": [[work.year, work.month]]},
        "published-print": {"date-parts": [[work.year, work.month, 3]]},
        "is-referenced-by-count": 3,
        "URL": f"https://doi.org/{work.doi}",
        "abstract": "<jats:p>An abstract that nobody keeps.</jats:p>",
        "reference": [
            *(
                {"key": f"r{one}", "DOI": every[one].doi, "doi-asserted-by": "crossref"}
                if every[one].doi
                else {
                    "key": f"r{one}",
                    "unstructured": f"Some of us. {every[one].title}. arXiv:{every[one].arxiv}, 1999.",
                }
                for one in work.cites
            ),
            {"key": "r9", "article-title": "A work of others", "year": "1970", "author": "Nobody"},
        ],
    }


def datacite(work: Made, every: tuple[Made, ...]) -> dict[str, Any]:
    """Return a DOI as DataCite has it."""
    return {
        "id": work.doi,
        "type": "dois",
        "attributes": {
            "doi": work.doi,
            "creators": [
                {
                    "name": f"{name.rpartition(' ')[2]}, {name.rpartition(' ')[0]}",
                    "givenName": name.rpartition(" ")[0],
                    "familyName": name.rpartition(" ")[2],
                    "nameType": "Personal",
                    "affiliation": ["Made University"],
                    "nameIdentifiers": [],
                }
                for name in work.authors
            ],
            "titles": [{"title": work.title}, {"title": "Another title", "titleType": "AlternativeTitle"}],
            "publisher": "Made Archive",
            "publicationYear": work.year,
            "dates": [{"date": f"{work.year}-{work.month:02}-09", "dateType": "Issued"}],
            "types": {"resourceTypeGeneral": "Preprint", "citeproc": "article"},
            "relatedIdentifiers": [
                {"relationType": "References", "relatedIdentifier": every[one].doi, "relatedIdentifierType": "DOI"}
                for one in work.cites
                if every[one].doi
            ],
            "url": "https://made.example/record",
        },
    }


def scholar(work: Made, every: tuple[Made, ...]) -> dict[str, Any]:
    """Return a paper as Semantic Scholar has it."""

    def identifiers(one: Made) -> dict[str, str]:
        return {"CorpusId": f"{one.number}"} | ({"DOI": one.doi} if one.doi else {"ArXiv": one.arxiv})

    return {
        "paperId": f"{work.number:040x}",
        "externalIds": identifiers(work),
        "url": f"https://www.semanticscholar.org/paper/{work.number:040x}",
        "title": work.title,
        "venue": "Journal of Made Results",
        "year": work.year,
        "publicationDate": f"{work.year}-{work.month:02}-05",
        "publicationTypes": ["JournalArticle"],
        "authors": [{"authorId": f"{at}", "name": name} for at, name in enumerate(work.authors)],
        "references": [
            {
                "paperId": f"{one:040x}",
                "externalIds": identifiers(every[one]),
                "title": every[one].title,
                "year": every[one].year,
            }
            for one in work.cites
        ],
    }
