"""Nearness in meaning: embeddings, neighbours, and the pairs that wait for a decision."""
