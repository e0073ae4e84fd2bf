"""The check of a change: an index of what each file says, and the surroundings of a change.

It finds what a check of the whole base would find about the change.
"""
