"""The reconciliation service, with which OpenRefine and others match their tables to the entities here.

`v02.py` and `v1.py` are its versions, `service.py` is what they share.
"""
