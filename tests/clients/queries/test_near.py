import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from services.clients.queries.near import LONGEST, near

LETTERS = "абвг%_/я"
texts = sa.Table("texts", sa.MetaData(), sa.Column("text", sa.Text))


@pytest.fixture(name="connection", scope="module")
def _connection():
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        texts.create(connection)
        yield connection
    engine.dispose()


def found(connection, held, asked):
    connection.execute(texts.delete())
    connection.execute(texts.insert().values(text=held))
    return connection.execute(sa.select(texts).where(near(texts.c.text, asked))).first() is not None


@pytest.mark.parametrize(
    "asked",
    ["рамашка", "ромшка", "роммашка", "рмоашка", "ромашак", "омашка", "ромашк", "ромакша", "ромаика", "ромаашка"],
)
def test_a_letter_wrong_missing_too_many_or_in_another_place_is_forgiven(connection, asked):
    assert found(connection, "ооо «ромашка» тула", asked)


@pytest.mark.parametrize("asked", ["рубашка", "ромаха", "ром%", "ро", "рамашко"])
def test_more_than_one_is_not_and_short_words_are_taken_as_they_are(connection, asked):
    assert not found(connection, "ооо «ромашка» тула", asked)


@given(st.text(alphabet=LETTERS, min_size=6, max_size=14), st.data())
def test_whatever_is_wrong_once_is_found(connection, held, data):
    at = data.draw(st.integers(0, len(held) - 2))
    letter = data.draw(st.sampled_from(LETTERS))
    asked = data.draw(
        st.sampled_from(
            [
                held[:at] + letter + held[at + 1 :],
                held[:at] + held[at + 1 :],
                held[:at] + letter + held[at:],
                held[:at] + held[at + 1] + held[at] + held[at + 2 :],
            ]
        )
    )
    assert found(connection, f"до {held} после", asked)


def test_a_long_question_is_taken_as_it_is(connection):
    assert not found(connection, "а" * LONGEST * 2, "а" * (LONGEST + 1))
