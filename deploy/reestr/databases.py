"""A database and a user for each service, made or mended: `python -m deploy.reestr.databases`.

Run at every start, so a cluster that was cut short while being set up, or lacks the database
of a new service, is completed.
"""

from pathlib import Path
from typing import Any

import click
import psycopg2
from psycopg2 import sql

from deploy.reestr.container_secrets import DATABASES, POSTGRES, kept

# the order of code points, which no upgrade of the C library changes under the indexes
LOCALE = "ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0"


def provide(connection: Any, name: str, password: str) -> None:
    """The database `name` with an owner of that name, and nobody else's way into it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        verb = "ALTER" if cursor.fetchone() else "CREATE"
        cursor.execute(_with(f"{verb} ROLE {{}} LOGIN PASSWORD %s", name), [password])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(_with(f"CREATE DATABASE {{0}} OWNER {{0}} {LOCALE}", name))
        cursor.execute(_with("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))


def close_common(connection: Any) -> None:
    """Users of services have no business in the databases that every cluster comes with."""
    with connection.cursor() as cursor:
        cursor.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")


def _with(statement: str, name: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(name))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", default=POSTGRES, show_default=True)
@click.option("--port", default=5432, show_default=True)
def main(folder: Path, host: str, port: int) -> None:
    """Reads the passwords from FOLDER."""
    password = kept(folder, POSTGRES)
    connection = psycopg2.connect(host=host, port=port, user=POSTGRES, password=password, dbname=POSTGRES)
    connection.autocommit = True
    try:
        close_common(connection)
        for name in DATABASES:
            provide(connection, name, kept(folder, name))
    finally:
        connection.close()


if __name__ == "__main__":
    main()
