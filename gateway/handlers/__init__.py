"""Load, decide, append: one function per command."""
