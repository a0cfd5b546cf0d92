"""Names as they compare, whichever alphabet they are written in.

Passports, banks, post and people each transliterate otherwise (х: kh, h; ц: ts, c, tz; я: ya, ia, ja;
й: y, i, j), and nobody the same way back. So both sides are brought to what is left of a word when
the letters that they disagree about are taken together; it is for comparing only.
"""

import re
from collections.abc import Mapping

# what Latin writers put for Russian letters; the longest first
_TABLE = (
    "shch=ш sch=ш tch=ч aj=аи ej=еи ij=ии oj=ои uj=уи ce=це ci=ци cy=ци sh=ш ch=ч zh=ж kh=х ts=ц tz=ц",
    "ph=ф ck=к yu=у ju=у ya=а ja=а yo=е jo=е ye=е je=е a=а b=б c=к d=д e=е f=ф g=г h=х i=и j=ж k=к l=л",
    "m=м n=н o=о p=п q=к r=р s=с t=т u=у v=в w=в x=кс y=и z=з",
)
_SPELLINGS: Mapping[str, str] = dict(pair.split("=") for line in _TABLE for pair in line.split())
_SPELLED = re.compile("|".join(map(re.escape, _SPELLINGS)))
_ALIKE = str.maketrans("ёэщыйюя", "еешииуа", "ъь")
_TWICE = re.compile(r"([а-я])\1+")
# «ия» and «ья» are ia, iya, ya and a
_SOFT = re.compile("и+(?=[аеоу])")


def compared(word: str) -> str:
    """A word in small letters as it compares."""
    russian = _SPELLED.sub(lambda found: _SPELLINGS[found[0]], word)
    return _TWICE.sub(r"\1", _SOFT.sub("", russian.translate(_ALIKE)))
