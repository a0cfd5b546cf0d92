"""Integrators who hear the events by AMQP: each with a user of the broker that may do just that."""
