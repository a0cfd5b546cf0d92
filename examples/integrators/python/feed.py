"""Reads the feed, from event one and for ever: python -m examples.integrators.python.feed <book>.

REESTR_ADDRESS and REESTR_KEY say where and by which right; REESTR_TYPES narrows it down.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from examples.integrators.python.book import Book

WAIT = 20
PAUSE = 1.0
PASSES = (429, 502, 503, 504)


def page(cursor: str, wait: int = WAIT) -> Any:
    """The events after a cursor; waits for the first one when there is none yet."""
    query = {"after": cursor, "types": os.environ.get("REESTR_TYPES", ""), "limit": 500, "wait": wait}
    address = f"{os.environ['REESTR_ADDRESS']}/v1/events?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {os.environ['REESTR_KEY']}"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=wait + 15) as answer:  # noqa: S310  # an address of ours
        return json.load(answer)


def follow(book: Book) -> None:
    while True:
        try:
            found = page(book.cursor())
        except urllib.error.HTTPError as refused:
            if refused.code not in PASSES:
                raise
            time.sleep(PAUSE)
        except OSError:
            time.sleep(PAUSE)
        else:
            book.take(found["items"], found["next"])


if __name__ == "__main__":
    follow(Book(Path(sys.argv[1])))
