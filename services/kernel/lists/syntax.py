"""The grammar of filters: text to a tree, before anybody asks what the fields are.

It is that of Google's AIP-160, with `IN` for sets, and strict where people guess: `AND` and
`OR` in one expression need parentheses, and words side by side mean nothing.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from services.kernel.errors import FieldError, Invalid

LONGEST = 2000
DEEPEST = 10
MOST_TERMS = 50
MOST_VALUES = 100

_GRAMMAR = r"""
?start: expression
?expression: unary | conjunction | disjunction
conjunction: unary ("AND" unary)+
disjunction: unary ("OR" unary)+
?unary: "NOT" unary -> negation | "(" expression ")" -> nested | restriction
restriction: FIELD OPERATOR value
           | FIELD "IN" "(" value ("," value)* ")" -> membership
value: QUOTED | BARE

FIELD: /[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*/
OPERATOR: "<=" | ">=" | "!=" | "<" | ">" | "=" | ":"
QUOTED: /"(\\.|[^"\\])*"/ | /'(\\.|[^'\\])*'/
BARE: /[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9:]+)?|[^\s()"'\\,<>=!:]+/
%ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Value:
    """As it was written. A quoted one may end in `*`, which stands for any further text."""

    text: str
    quoted: bool
    at: int
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
    field: str
    operator: str
    values: tuple[Value, ...]
    at: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Negation:
    inner: "Tree"
    depth: int


@dataclass(frozen=True, slots=True)
class Group:
    """`AND` or `OR` of several."""

    word: str
    inner: tuple["Tree", ...]
    depth: int


Tree: TypeAlias = Restriction | Negation | Group


def wrong(code: str, at: int, ru: str, en: str) -> Invalid:
    """A refusal of the filter; positions are counted from one."""
    return Invalid([FieldError("filter", code, f"Знак {at}: {ru}", f"Character {at}: {en}")])


class _Builder(Transformer[Token, Any]):
    """Builds the tree while it is read, so that what is too deep is refused before anybody
    walks through it."""

    def value(self, children: list[Token]) -> Value:
        [token] = children
        at = (token.start_pos or 0) + 1
        if token.type == "BARE":
            return Value(str(token), quoted=False, at=at)
        open_end = re.search(r"(?<!\\)(\\\\)*\*.$", token) is not None
        inside = token[1:-2] if open_end else token[1:-1]
        return Value(re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL), quoted=True, at=at, open_end=open_end)

    def restriction(self, children: list[Any]) -> Restriction:
        field, operator, value = children
        return Restriction(str(field), str(operator), (value,), (field.start_pos or 0) + 1)

    def membership(self, children: list[Any]) -> Restriction:
        field, *values = children
        at = (field.start_pos or 0) + 1
        if len(values) > MOST_VALUES:
            ru, en = f"в наборе больше {MOST_VALUES} значений", f"more than {MOST_VALUES} values in a set"
            raise wrong("filter-too-complex", at, ru, en)
        return Restriction(str(field), "IN", tuple(values), at)

    def negation(self, children: list[Tree]) -> Tree:
        return Negation(children[0], _deeper(children))

    def nested(self, children: list[Tree]) -> Tree:
        return replace(children[0], depth=_deeper(children))

    def conjunction(self, children: list[Tree]) -> Tree:
        return Group("AND", tuple(children), max(child.depth for child in children))

    def disjunction(self, children: list[Tree]) -> Tree:
        return Group("OR", tuple(children), max(child.depth for child in children))


def _deeper(children: list[Tree]) -> int:
    depth = children[0].depth + 1
    if depth > DEEPEST:
        ru, en = f"вложенность больше {DEEPEST}", f"nested deeper than {DEEPEST}"
        raise wrong("filter-too-complex", 1, ru, en)
    return depth


_PARSER = Lark(_GRAMMAR, parser="lalr", transformer=_Builder(), maybe_placeholders=False)


def parse(text: str) -> Tree:
    """The tree of a filter, or the refusal that says where it cannot be understood."""
    if len(text) > LONGEST:
        raise wrong("filter-too-complex", LONGEST, f"длиннее {LONGEST} знаков", f"longer than {LONGEST} characters")
    try:
        tree: Any = _PARSER.parse(text)
    except UnexpectedInput as error:
        raise _not_understood(text, error) from error
    except VisitError as error:
        raise error.orig_exc from error
    if _terms(tree) > MOST_TERMS:
        ru, en = f"больше {MOST_TERMS} условий", f"more than {MOST_TERMS} conditions"
        raise wrong("filter-too-complex", 1, ru, en)
    return tree  # type: ignore[no-any-return]  # the builder's own


def _terms(tree: Tree) -> int:
    if isinstance(tree, Restriction):
        return 1
    if isinstance(tree, Negation):
        return _terms(tree.inner)
    return sum(_terms(inner) for inner in tree.inner)


def _not_understood(text: str, error: UnexpectedInput) -> Invalid:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return wrong("wrong-filter", len(text) + 1, "фильтр обрывается", "the filter breaks off")
    place: Any = error.pos_in_stream  # typed as if it were never known
    at = place + 1
    if isinstance(error, UnexpectedToken) and error.token.type in ("AND", "OR") and error.expected & {"AND", "OR"}:
        return wrong("mixed-and-or", at, "AND и OR вместе требуют скобок", "AND and OR together need parentheses")
    if isinstance(error, UnexpectedCharacters) and text[at - 1] in "\"'":
        return wrong("wrong-filter", at, "кавычка не закрыта", "a quotation mark is not closed")
    found = text[at - 1 : at + 19]
    return wrong("wrong-filter", at, f"непонятно: {found}", f"not understood: {found}")
