"""Decisions of reviewers, and the change of files that follows from each.

Pairs within the base, matches with other bases, and the merge of files in git.
"""
