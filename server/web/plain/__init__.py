"""Documents without RDF: plain JSON, CSV and Markdown, for those who want the facts and no vocabulary."""
