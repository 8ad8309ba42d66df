"""What a second implementation says of a vector: the format taken apart once more, its primitive done by another engine."""

from .engines import ENGINES
from .taken_apart import taken_apart


def second_opinion(vector, engines_of_the_maker):
    """The names of the engines, other than the maker's own, that agree.

    Raises if one disagrees; empty if none can say, or for a text that must be refused.
    """
    if vector.get("refused"):
        return []
    primitive, arguments, expected = taken_apart(vector)
    agree = []
    for name, engine in ENGINES[primitive]:
        if name in engines_of_the_maker:
            continue
        made = engine(**arguments)
        if made is None:
            continue
        made = made[: len(expected)]
        if (made == expected) != vector["correct"]:
            raise AssertionError(f"{name} disagrees on {vector}")
        agree.append(name)
    return agree
