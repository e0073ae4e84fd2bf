"""The downloads of a release: graphs, classes, tables, references and pages as files."""
