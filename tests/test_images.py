"""The images and what runs them are as their tools want them; `.ci/image` builds and runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from server.settings_file import FIELDS
from tests.test_action import valid

REPOSITORY = Path(__file__).parent.parent
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
PINNED = re.compile(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}")
"""The name of an image with its tag, for people, and its digest, for programs."""


def compose() -> Any:
    return yaml.safe_load((REPOSITORY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_dockerfile_has_no_finding_of_its_linter() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([str(hadolint), str(REPOSITORY / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_every_image_of_others_is_pinned_by_its_digest() -> None:
    """A tag can be moved to another image, a digest cannot."""
    [base] = re.findall(r"^ARG PYTHON=(.*)$", DOCKERFILE, re.MULTILINE)
    stages = set(re.findall(r" AS (\w+)$", DOCKERFILE, re.MULTILINE))
    assert {*re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)} <= {"${PYTHON}", *stages}
    others = [service["image"] for service in compose()["services"].values() if "build" not in service]
    assert [image for image in (base, *others) if not PINNED.fullmatch(image)] == []


def test_the_image_runs_without_root_and_without_what_it_was_built_with() -> None:
    last: dict[str, str] = {}
    for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]:
        start, name = re.match(r"(\S+)(?: AS (\w+))?", stage).groups()
        users = re.findall(r"^USER (\S+)$", stage, re.MULTILINE)
        last[name or "default"] = users[-1] if users else last.get(start, "0")
    # As numbers, so that whoever runs it can see that they are not root's.
    assert {last[name] for name in ("engine", "site", "default")} == {"10001:10001"}
    taken = re.findall(r"^COPY --from=(\w+) (?:--chown=\S+ )?(\S+)", DOCKERFILE, re.MULTILINE)
    assert taken == [("build", "/opt/akb"), ("release", "/state")]
    assert "HEALTHCHECK" in DOCKERFILE
    assert 'CMD ["akb", "health"]' in DOCKERFILE


def test_the_image_installs_from_the_locks_of_an_installation() -> None:
    """By their hashes; tests/docs holds that these are the locks that are audited, too."""
    locks = set(re.findall(r"--requirement requirements/(\w+)\.txt", DOCKERFILE))
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert locks == {*re.findall(r"^installed := (.*)$", makefile, re.MULTILINE)[0].split()}
    [download] = re.findall(r"^RUN pip download (.*?)(?<!\\)$", DOCKERFILE, re.MULTILINE | re.DOTALL)
    assert "--require-hashes" in download
    assert "--only-binary :all:" in download
    installs = re.findall(r"pip (?:--python \S+ )?(?:install|wheel) (.*)$", DOCKERFILE, re.MULTILINE)
    assert len(installs) == 4
    assert all("--no-index" in line for line in installs)


def test_the_file_for_compose_is_valid_and_gives_no_more_than_is_needed() -> None:
    valid("vendor.compose-spec", REPOSITORY / "compose.yaml")
    services = compose()["services"]
    ours = {name: service for name, service in services.items() if "build" in service}
    assert set(ours) == {"akb", "akb-virtuoso", "publish"}
    for name, service in ours.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["user"] == "10001:10001", name
        assert all(volume.endswith(":ro") for volume in service["volumes"] if not volume.startswith("state:")), name
    assert all("no-new-privileges:true" in service["security_opt"] for service in services.values())
    # Whoever asks for nothing more gets the server alone, on this machine alone.
    assert [name for name, service in services.items() if "profiles" not in service] == ["akb"]
    assert services["akb"]["ports"] == ["${PORT:-127.0.0.1:8000}:8000"]
    # The store is for the servers, and for nobody else; its password is in no file of the repository.
    assert "ports" not in services["virtuoso"]
    assert compose()["networks"]["store"] == {"internal": True}
    ignored = subprocess.run(["git", "check-ignore", "virtuoso.env"], cwd=REPOSITORY, capture_output=True, check=False)
    assert ignored.returncode == 0


def test_a_stopping_server_has_the_time_that_it_takes() -> None:
    [drain] = [int(field.default) for field in FIELDS if field.variable == "AKB_DRAIN_SECONDS"]
    assert all(
        int(service["stop_grace_period"].removesuffix("s")) > drain
        for service in compose()["services"].values()
        if "build" in service
    )


def test_what_builds_images_gets_no_caches_and_no_tests() -> None:
    kept_out = set((REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines())
    made = {
        line.strip("/")
        for line in (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()
        if not line.startswith("*")
    }
    assert {name for name in made if name not in {"__pycache__", "virtuoso.env"}} <= kept_out
    assert {"tests", "virtuoso.env", "**/__pycache__"} <= kept_out
    # Its dates and its history are in the release of the image `site`.
    assert ".git" not in kept_out


def test_the_scripts_of_ci_are_read_by_their_shell() -> None:
    for path in sorted((REPOSITORY / ".ci").iterdir()):
        assert os.access(path, os.X_OK), path.name
        done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), path.name


def test_what_is_pinned_is_proposed_anew() -> None:
    path = REPOSITORY / ".github/dependabot.yml"
    valid("vendor.dependabot", path)
    updates = yaml.safe_load(path.read_text(encoding="utf-8"))["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"docker", "docker-compose", "github-actions"}
