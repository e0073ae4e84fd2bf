"""The reconciliation service, with which OpenRefine and others match their tables to the entities here."""
