"""What the law changes by date, and all services count by."""
