"""The records that rooms hand to each other: plain data. Nothing here reads a store, a file or a request."""
