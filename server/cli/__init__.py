"""The command line `akb`: one module for each command, and what they share in `common.py`.

Errors become exit codes here; what a command needs is imported when it runs.
"""
