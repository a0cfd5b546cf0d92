"""Rows in memory: what a handler sees, and what can be taken back."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.kernel.projections.rows import MissingRow, Rows, Unfit
from tests.kernel.projections.world import changes, orders


def empty() -> Rows:
    return Rows([orders, changes], lambda _table, _keys: {})


def test_columns_left_out_are_null() -> None:
    rows = empty()
    rows.put(orders, {"id": "1", "title": "sofa"})
    assert rows.get(orders, "1") == {"id": "1", "version": None, "title": "sofa", "amount": None, "note": None}


def test_columns_that_do_not_exist_are_refused_by_name_only() -> None:
    rows = empty()
    with pytest.raises(Unfit, match=r"orders has no columns \['colour'\]"):
        rows.put(orders, {"id": "1", "colour": "secret"})
    rows.put(orders, {"id": "1"})
    with pytest.raises(Unfit, match="colour"):
        rows.change(orders, "1", colour="secret")


def test_a_row_of_several_keys_is_found_by_their_tuple() -> None:
    rows = empty()
    rows.put(changes, {"order_id": "1", "number": 2, "amount": 3})
    assert rows.get(changes, ("1", 2)) is not None
    assert rows.get(changes, ("1", 3)) is None


def test_a_row_handed_out_is_not_changed_afterwards() -> None:
    rows = empty()
    rows.put(orders, {"id": "1", "amount": 1})
    before = rows.get(orders, "1")
    rows.change(orders, "1", amount=2)
    assert before is not None
    assert before["amount"] == 1


class RowsAgainstADictionary(RuleBasedStateMachine):
    """Rows over a table behave like a dictionary with a transaction per message."""

    keys = st.sampled_from(["a", "b", "c"])

    @initialize(stored=st.dictionaries(keys, st.integers(0, 9)))
    def begin(self, stored: dict[str, int]) -> None:
        self.table = dict(stored)
        self.kept = dict(stored)
        self.now = dict(stored)
        self.rows = Rows([orders], self._load)

    def _load(self, _table: sa.Table, keys: Any) -> dict[str, dict[str, Any]]:
        return {key: self._row(key, self.table[key]) for key in keys if key in self.table}

    @staticmethod
    def _row(key: str, amount: int) -> dict[str, Any]:
        return {"id": key, "version": None, "title": None, "amount": amount, "note": None}

    @rule(key=keys, amount=st.integers(0, 9))
    def put(self, key: str, amount: int) -> None:
        self.rows.put(orders, {"id": key, "amount": amount})
        self.now[key] = amount

    @rule(key=keys, amount=st.integers(0, 9))
    def change(self, key: str, amount: int) -> None:
        if key in self.now:
            self.rows.change(orders, key, amount=amount)
            self.now[key] = amount
        else:
            with pytest.raises(MissingRow):
                self.rows.change(orders, key, amount=amount)

    @rule(key=keys)
    def delete(self, key: str) -> None:
        self.rows.delete(orders, key)
        self.now.pop(key, None)

    @rule(keys=st.lists(keys))
    def prefetch(self, keys: list[str]) -> None:
        self.rows.prefetch(orders, keys)

    @rule()
    def keep(self) -> None:
        self.rows.keep()
        self.kept = dict(self.now)

    @rule()
    def undo(self) -> None:
        self.rows.undo()
        self.now = dict(self.kept)

    @rule()
    def flush(self) -> None:
        self.rows.undo()
        self.now = dict(self.kept)

        def write(_table: sa.Table, rows: Any, gone: Any) -> None:
            self.table.update({row["id"]: row["amount"] for row in rows})
            for key in gone:
                self.table.pop(key, None)

        self.rows.flush(write)
        assert self.table == self.kept
        assert self.rows.unwritten == 0

    @rule()
    def forget(self) -> None:
        self.rows.forget()
        self.now = dict(self.table)
        self.kept = dict(self.table)

    @invariant()
    def rows_are_those_of_the_dictionary(self) -> None:
        if hasattr(self, "now"):
            for key, amount in self.now.items():
                assert self.rows.get(orders, key) == self._row(key, amount)


TestRowsAgainstADictionary = RowsAgainstADictionary.TestCase
