"""Questions in words, made into SPARQL: by templates over the schema, or by the model that the operator configures."""
