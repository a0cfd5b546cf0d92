"""The edge: commands in, views out, and the contract of public events."""
