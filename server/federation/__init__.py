"""The calls of a query to other SPARQL endpoints, made by this server under the policy of `peers.toml`.

Also the client of reconciliation services, by which `akb link` finds matches.
"""
