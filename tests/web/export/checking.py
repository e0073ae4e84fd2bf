"""A crawler of files, apart from what it checks: html.parser finds the links, and each must lead to a file."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ATTRIBUTES = {"href", "xlink:href", "src", "action", "poster", "data"}
HOST = "http://files.test"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ATTRIBUTES and value is not None:
                self.links.append(value)
            if name in {"id", "name"} and value:
                self.ids.add(value)
        said = dict(attrs)
        if tag == "meta" and said.get("http-equiv") == "refresh":
            self.links.append((said["content"] or "").partition("url=")[2])


@cache
def read(path: Path) -> _Reader:
    """Return the links and the ids in a page or a picture."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def links_of(path: Path) -> list[str]:
    """Return the links in a file."""
    text = path.read_text(encoding="utf-8") if path.suffix in {".css", ".md"} else ""
    if path.suffix == ".css":
        return re.findall(r"""url\(\s*["']?([^"')]+)""", text)
    if path.suffix == ".md":
        return re.findall(r"(?<!\\)\]\(([^)\s]+)\)", text)
    return read(path).links if path.suffix in {".html", ".svg"} else []


def broken(folder: Path, prefix: str = "") -> list[str]:
    """Return what is wrong with the links of a site of files, which is under a path of its host."""
    wrong = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        address = f"{HOST}{prefix}/{path.relative_to(folder).as_posix()}"
        for link in links_of(path):
            target = urlsplit(urljoin(address, link))
            if f"{target.scheme}://{target.netloc}" != HOST:
                continue
            name = unquote(target.path)
            file = folder / name.removeprefix(f"{prefix}/")
            if not name.startswith(f"{prefix}/") or not file.is_file():
                wrong.append(f"{path.relative_to(folder)}: {link}")
            elif target.fragment and file.suffix == ".html" and unquote(target.fragment) not in read(file).ids:
                wrong.append(f"{path.relative_to(folder)}: {link} (no such place)")
    return wrong


def reached(folder: Path) -> set[str]:
    """Return the files that one comes to from the home page by links alone."""
    seen, left = set[str](), ["index.html"]
    while left:
        name = left.pop()
        if name in seen or not (folder / name).is_file():
            continue
        seen.add(name)
        for link in links_of(folder / name):
            target = urlsplit(urljoin(f"{HOST}/{name}", link))
            if target.netloc == urlsplit(HOST).netloc:
                left.append(unquote(target.path)[1:])
    return seen
