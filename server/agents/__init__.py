"""What agents ask of a base: tools, resources and prompts over an open release, and how they are offered by MCP."""
