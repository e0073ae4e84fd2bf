"""Proposals made from the texts of works: claims, questions, methods, artifacts, quotes, and edges to what is known.

Two makers behind one interface (`candidates.py`): rules (`rules.py`), and a language model (`model.py`). What either
says counts only where its passage is in the text.
"""
