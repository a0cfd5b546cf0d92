"""After a restore: a new epoch for each store, and no reader ahead of what it reads.

The copies of a backup are of moments a little apart, so one may have heard of events that
another had not yet when it was copied. Such are given up; their sources will tell anew.
"""

from collections.abc import Mapping
from pathlib import Path

import click
import sqlalchemy as sa

from deploy.reestr.container_secrets import database_url
from deploy.reestr.settings import SERVICES
from services.kernel.database import Database
from services.kernel.events import Registry
from services.kernel.received import SourcePosition, metadata, sources
from services.kernel.rewind import Rewound, rewind, shared_position
from services.kernel.store.store import EventStore


def rejoin(urls: Mapping[str, str]) -> list[tuple[str, Rewound]]:
    """Takes the address of each service's store; tells what which reader has given up."""
    databases = {service: Database(url) for service, url in urls.items()}
    try:
        stores = {service: EventStore(database, service, Registry(()), {}) for service, database in databases.items()}
        for store in stores.values():
            store.begin_epoch()
        return [(reader, cut) for reader in stores for cut in _cuts(databases[reader], stores)]
    finally:
        for database in databases.values():
            database.close()


def _cuts(reader: Database, stores: Mapping[str, EventStore]) -> list[Rewound]:
    reader.create(metadata)
    with reader.read() as connection:
        read = connection.execute(sa.select(sources)).all()
    ahead = []
    for row in read:
        store, at = stores[row.source], SourcePosition(row.epoch, row.position)
        position = shared_position(at, store.head().position, store.epochs())
        if position < at.position:
            ahead.append(rewind(reader, row.source, position))
    return ahead


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """For the stores of the containers, whose passwords are in FOLDER."""
    for reader, cut in rejoin({service: database_url(folder, service) for service in SERVICES}):
        click.echo(f"{reader}: gave up {cut.given_up} of {cut.source} after {cut.position}")


if __name__ == "__main__":
    main()
