"""The OWL 2 RL closure of a base, contradictions in it, and proofs of what follows.

`closure.py` chooses between a quick engine and owlrl.
"""
