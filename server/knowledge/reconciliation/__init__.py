"""Which entities others may mean by a name and some facts, and what is known of those (Reconciliation Service API)."""
