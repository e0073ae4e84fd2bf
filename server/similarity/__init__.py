"""Nearness in meaning: embeddings, neighbours, and the pairs that wait for a decision.

A build makes them, and pages read the arrays; no page loads a model.
"""
