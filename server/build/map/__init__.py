"""The map of the whole base: what is on it, and where each entity stands.

It is worked out when a release is built, and read by the web.
"""
