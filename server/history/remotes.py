"""Where the repository of a base is on the web, and at which address of its code host a file of it is edited.

Known are GitHub, GitLab, Forgejo and Gitea (as at Codeberg), and Bitbucket. A remote whose address holds a name with a
password, or a token, is passed over: it says who may write, and pages are for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, urlsplit

from ..errors import UsageError
from .git import GitFailedError, run

_SCP: Final = re.compile(r"(?:(?P<user>[\w.-]+)@)?(?P<host>[\w.-]+):(?!//)(?P<path>.+)", re.ASCII)
"""`git@host:owner/name.git` (git-clone(1), "Git URLs"); a drive letter or a path has no dot before its colon."""
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.ASCII)
_PATH: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)+", re.ASCII)
_LOGINS: Final = frozenset({"", "git", "forgejo", "gitea"})
"""The users of ssh addresses that all who clone have in common."""
_EDITORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "github": "{page}/edit/{branch}/{{path}}",
        "gitlab": "{page}/-/edit/{branch}/{{path}}",
        "codeberg": "{page}/_edit/{branch}/{{path}}",
        "forgejo": "{page}/_edit/{branch}/{{path}}",
        "gitea": "{page}/_edit/{branch}/{{path}}",
        "bitbucket": "{page}/src/{branch}/{{path}}?mode=edit&at={branch}",
    }
)
"""The address at which a code host edits a file, by the word of its host name that tells which software it runs."""


@dataclass(frozen=True)
class Remote:
    """The repository of a base at a code host."""

    page: str
    """The address of its page."""
    edit: str
    """The address at which a file is edited, with `{path}` for its path from the root of the base."""


def remote_of(root: Path) -> Remote | None:
    """Return where the repository of a base is on the web; None where no remote of it is at a known code host.

    That is the remote from which the branch that is checked out is fetched, else `origin`.
    """
    try:
        upstream = _said(root, "rev-parse", "--abbrev-ref", "--symbolic-full-name", "@{upstream}")
        name, _, branch = upstream.partition("/")
        if not branch:
            name = "origin"
            branch = _said(root, "symbolic-ref", "--short", "refs/remotes/origin/HEAD").partition("/")[2]
        branch = branch or _said(root, "symbolic-ref", "--short", "HEAD")
        address = _said(root, "config", "--get", f"remote.{name}.url")
        folder = _said(root, "rev-parse", "--show-prefix")
    except UsageError:
        return None
    page = page_of(address)
    editor = next((form for word, form in _EDITORS.items() if word in (urlsplit(page).hostname or "").split(".")), "")
    if not page or not editor or not branch:
        return None
    edit = editor.format(page=page, branch=quote(branch)).replace("{path}", f"{quote(folder)}{{path}}")
    return Remote(page, edit)


def page_of(address: str) -> str:
    """Return the address of the page of a repository from that of a remote; empty where it tells none.

    >>> page_of("git@github.com:harbour/notes.git"), page_of("https://codeberg.org/harbour/notes")
    ('https://github.com/harbour/notes', 'https://codeberg.org/harbour/notes')
    >>> page_of("https://robot:secret@github.com/harbour/notes"), page_of("/srv/git/notes.git")
    ('', '')
    """
    if found := _SCP.fullmatch(address):
        user, host, path = found["user"] or "", found["host"], found["path"]
    else:
        try:
            parts = urlsplit(address)
        except ValueError:
            return ""
        is_web = parts.scheme in {"http", "https"}
        if not is_web and parts.scheme not in {"ssh", "git", "git+ssh"}:
            return ""
        # A user of a web address is a name that one signs in with, or a token.
        if parts.password is not None or (is_web and parts.username) or parts.query or parts.fragment:
            return ""
        user, host, path = parts.username or "", parts.hostname or "", parts.path
    path = path.strip("/").removesuffix(".git")
    host = host.lower()
    if user not in _LOGINS or not _HOST.fullmatch(host) or not _PATH.fullmatch(path) or ".." in path:
        return ""
    return f"https://{host}/{path}"


def _said(root: Path, *arguments: str) -> str:
    """Return the line that git printed; empty where it refuses."""
    try:
        return run(root, *arguments).decode(errors="replace").strip()
    except GitFailedError:
        return ""
