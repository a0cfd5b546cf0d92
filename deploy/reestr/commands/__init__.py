"""The subcommands of `reestr`, a module for each family."""
