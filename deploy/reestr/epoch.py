"""A new epoch for the store of this service: `python -m deploy.reestr.epoch`, after it was restored.

Readers then know that its history went on from an earlier position, and reactions to what
came before wait for the operator.
"""

import os
import sys

from services.kernel.config import ConfigurationError, read_settings
from services.kernel.database import Database
from services.kernel.events import Registry
from services.kernel.store.store import EventStore


def main() -> int:
    try:
        settings = read_settings(os.environ)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    database = Database(settings.store_url)
    begun = EventStore(database, settings.service, Registry(()), {}).begin_epoch()
    database.close()
    print(f"{settings.service}: a new epoch after position {begun.since}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
