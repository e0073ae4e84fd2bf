"""The site as files: every page and format of a release for a host that only hands out files."""
