"""Random well-typed expressions as text, for hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import strategies as st

from gridward.kernel.expr.tree import Scalar
from gridward.kernel.expr.unparse import spell
from tests.kernel.expr.sample import DATES, TAGS, TEXTS, TRADES

DEPTH = 4
_INTS = (0, 1, 2, 3, 7, 10, 18, 50, 100, 250_000, 2**53 - 1)
_FLOATS = (0.0, 0.5, 0.1, 1.5, 2.5, 0.3, 99.99, 1e-15, 1e15, 1e-7)
_ORDER = ("<", "<=", ">", ">=", "==", "!=")
_EQUAL = ("==", "!=")
_TESTS = ("contains", "startsWith", "endsWith")
_LISTS = ("tags", "floors", "visits")

Grow = Callable[[int], str]


class Grower:
    """Draws one expression; each method gives the text of one type, at most `depth` levels high."""

    def __init__(self, draw: st.DrawFn):
        self._draw = draw

    def one(self, words: Sequence[str]) -> str:
        return self._draw(st.sampled_from(words))

    def constant(self, values: Sequence[Scalar]) -> str:
        return spell(self._draw(st.sampled_from(values)))

    def form(self, *forms: Callable[[], str]) -> str:
        return self._draw(st.sampled_from(forms))()

    def grow(self, depth: int, leaf: Callable[[], str], *forms: Callable[[], str]) -> str:
        """A leaf or one of the forms; high up only forms, so that few expressions are trivial."""
        if depth == 0:
            return leaf()
        return self.form(*forms) if depth > 2 else self.form(leaf, *forms)

    def row(self, item: Callable[[], str]) -> str:
        return f"[{', '.join(item() for _ in range(self._draw(st.integers(1, 4))))}]"

    def choice(self, value: Grow, depth: int) -> str:
        no = self.form(lambda: value(depth), lambda: "null")
        return f"({self.condition(depth)} ? {value(depth)} : {no})"

    # -- values

    def whole(self, depth: int) -> str:
        return self.grow(
            depth,
            self._whole_leaf,
            lambda: f"({self.whole(depth - 1)} {self.one('+-/%')} {self.whole(depth - 1)})",
            lambda: f"({self.whole(depth - 1)} {self.one('*/%')} {self._small()})",
            lambda: f"-{self.whole(depth - 1)}",
            lambda: f"size({self.form(lambda: self.text(depth - 1), lambda: self.one(_LISTS))})",
            lambda: self.choice(self.whole, depth - 1),
        )

    def _whole_leaf(self) -> str:
        return self.form(
            lambda: self.one(("count", "large", "fen", "owner.age")), lambda: self.constant(_INTS)
        )

    def _small(self) -> str:
        return self.one(("count", "owner.age", "2", "3", "10"))

    def decimal(self, depth: int) -> str:
        def leaf() -> str:
            return self.form(lambda: self.one(("share", "rate")), lambda: self.constant(_FLOATS))

        return self.grow(
            depth,
            leaf,
            lambda: f"({self.decimal(depth - 1)} {self.one('+-*/')} {self.number(depth - 1)})",
            lambda: f"({self.number(depth - 1)} {self.one('+-*/')} {self.decimal(depth - 1)})",
            lambda: f"-{self.decimal(depth - 1)}",
            lambda: f"({self.condition(depth - 1)} ? {self.number(depth - 1)} : {self.decimal(depth - 1)})",
        )

    def number(self, depth: int) -> str:
        return self.form(lambda: self.whole(depth), lambda: self.decimal(depth))

    def literal_text(self) -> str:
        return self.constant(TEXTS)

    def free_text(self, depth: int) -> str:
        """Text without the field of choices, beside which not every literal may stand."""
        forms = [lambda: self.one(("name", "street", "owner.name")), self.literal_text]
        if depth:
            forms.append(lambda: self.choice(self.text, depth - 1))
        return self.form(*forms)

    def text(self, depth: int) -> str:
        return self.form(lambda: "trade", lambda: self.free_text(depth), lambda: self.free_text(depth))

    def day(self, depth: int) -> str:
        forms = [lambda: self.one(("opened", "closed"))]
        if depth:
            forms.append(lambda: self.choice(self.day, depth - 1))
        return self.form(*forms)

    def some_day(self, depth: int) -> str:
        return self.form(lambda: self.day(depth), lambda: self.constant(DATES))

    # -- conditions

    def condition(self, depth: int) -> str:
        def leaf() -> str:
            return self.one(("licensed", "key_unit", "owner.active", "true", "false"))

        below = depth - 1
        return self.grow(
            depth,
            leaf,
            lambda: f"({self.condition(below)} {self.one(('&&', '||'))} {self.condition(below)})",
            lambda: f"({self.condition(below)} && {self.condition(below)} || {self.condition(below)})",
            lambda: f"!{self.condition(below)}",
            lambda: self.comparison(below),
            lambda: self.comparison(below),
            lambda: self.membership(below),
            lambda: f"{self.text(below)}.{self.one(_TESTS)}({self.text(0)})",
            lambda: self.choice(self.condition, below),
        )

    def comparison(self, depth: int) -> str:
        return self.form(
            lambda: f"({self.number(depth)} {self.one(_ORDER)} {self.number(depth)})",
            lambda: f"({self.free_text(depth)} {self.one(_ORDER)} {self.free_text(depth)})",
            lambda: f"({self.day(depth)} {self.one(_ORDER)} {self.some_day(depth)})",
            lambda: f"({self.constant(DATES)} {self.one(_ORDER)} {self.day(depth)})",
            lambda: f"({self.condition(depth)} {self.one(_EQUAL)} {self.condition(depth)})",
            lambda: f"({self.anything(depth)} {self.one(_EQUAL)} null)",
            lambda: f"(trade {self.one(_EQUAL)} {self.constant(TRADES)})",
        )

    def anything(self, depth: int) -> str:
        forms: list[Grow] = [self.number, self.text, self.day, self.condition]
        return self.form(*[lambda f=f: f(depth) for f in forms], lambda: self.one(_LISTS))

    def membership(self, depth: int) -> str:
        return self.form(
            lambda: f"(trade in {self.row(lambda: self.constant(TRADES))})",
            lambda: f"({self.number(depth)} in {self.row(lambda: self.number(min(depth, 1)))})",
            lambda: f"({self.free_text(depth)} in {self.row(lambda: self.free_text(0))})",
            lambda: f"({self.day(depth)} in {self.row(lambda: self.some_day(0))})",
            lambda: f"({self.constant(TAGS)} in tags)",
            lambda: f"({self.one(('name', 'street', 'trade'))} in tags)",
            lambda: f"({self.whole(depth)} in floors)",
            lambda: f"({self.some_day(depth)} in visits)",
        )


@st.composite
def sources(draw: st.DrawFn) -> str:
    """The text of one expression of any type, mostly conditions."""
    grower = Grower(draw)
    conditions: list[Grow] = [grower.condition] * 4
    kinds = [*conditions, grower.whole, grower.decimal, grower.text, grower.day]
    return draw(st.sampled_from(kinds))(draw(st.integers(2, DEPTH)))
