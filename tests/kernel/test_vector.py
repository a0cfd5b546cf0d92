import pytest

from services.kernel.lists import encode_cursor
from services.kernel.received import SourcePosition
from services.kernel.validation import Wrong
from services.kernel.vector import read_vector, write_vector


def test_a_cursor_is_read_as_it_was_written_and_is_the_same_for_the_same_places():
    places = {"deals": SourcePosition("e2", 7), "clients": SourcePosition("e1", 2**62)}
    assert read_vector(write_vector(places)) == places
    assert write_vector(dict(reversed(places.items()))) == write_vector(places)


def test_no_cursor_is_the_beginning():
    assert read_vector("") == {}


@pytest.mark.parametrize("text", ["nonsense", "AAAA", "[]"])
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(Wrong):
        read_vector(text)


@pytest.mark.parametrize("value", [5, [1], {"a": 1}, {"a": ["e", -1]}, {"a": ["e"]}])
def test_a_cursor_of_something_else_is_refused(value):
    with pytest.raises(Wrong):
        read_vector(encode_cursor(value))
