"""The event store: events and claims in one transaction, positions without gaps, a hash chain."""
