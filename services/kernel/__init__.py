"""What all services share. Nothing here knows the name of any service."""
