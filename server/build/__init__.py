"""Builds: makes a release from the folder of a base; swaps, verifies, follows and publishes releases.

A release is the store, the text index, the map, and the lookup tables of pages.
"""
