"""Webhooks: from the logs of what happened to addresses that others have given."""
