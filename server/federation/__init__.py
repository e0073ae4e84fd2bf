"""Federation: the calls of a query to other SPARQL endpoints, made by us, under the policy of `peers.toml`."""
