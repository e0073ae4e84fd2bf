"""Foreign formats into the files of `kb/`."""
