"""The public HTTP API, and who may use it."""
