"""Builds: the folder of a base into a release, and releases swapped, checked, followed and handed over.

A release is the store, the text index, the map, and what pages look up.
"""
