"""The map of the whole base: where each entity stands, worked out when a release is built."""
