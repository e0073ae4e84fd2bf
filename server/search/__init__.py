"""The text index: made with the release, read by the search, the type-ahead and the reconciliation service."""
