"""A number that only grows, and waiting for it: how a writer wakes its readers."""

import threading


class Signal:
    """Holds the greatest value it was told of. Works for threads and for greenlets."""

    def __init__(self, value: int = 0) -> None:
        self.value = value
        self._changed = threading.Condition()

    def notify(self, value: int) -> None:
        with self._changed:
            if value > self.value:
                self.value = value
                self._changed.notify_all()

    def wait(self, above: int, timeout: float) -> bool:
        """Whether the value has passed `above`, waiting up to `timeout` seconds for it."""
        with self._changed:
            return self._changed.wait_for(lambda: self.value > above, timeout)
