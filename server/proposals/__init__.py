"""Changes that programs and people propose: tried in memory, refused with reasons or made a patch, and queued.

Nothing here writes to `kb/` but the decision of a reviewer (`deciding.py`).
"""
