"""Text as people type and paste it, in one form: what looks the same is the same."""

import re
import unicodedata

# what is shown as nothing, beside the format characters: joiners, fillers, the empty Braille cell
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def tidy(text: str) -> str:
    """The text composed (NFC), without invisible characters, its spaces plain ones."""
    if text.isascii():
        return text
    shown = "".join(one for one in text if unicodedata.category(one) != "Cf" and one not in _BLANK)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", shown))
