"""Several ways of writing Chinese behind one TypingEngine."""

from collections.abc import Mapping

from petition.ports import Composition, Method, TypingEngine


class Ways:
    """A TypingEngine that hands every key to the way in use; a visit begins with the first."""

    def __init__(self, ways: Mapping[Method, TypingEngine]) -> None:
        self._ways = dict(ways)
        self._method = self._first = next(iter(ways))

    @property
    def methods(self) -> tuple[Method, ...]:
        return (self._method, *(method for method in self._ways if method is not self._method))

    def use(self, method: Method) -> Composition:
        if method is self._method or method not in self._ways:
            return self.page(0)
        committed = ""
        while (shown := self.page(0)).preedit:
            committed += (self.choose(0) if shown.candidates else self.press("space")).committed
        self._method = method
        return Composition(committed=committed)

    def press(self, key: str) -> Composition:
        return self._ways[self._method].press(key)

    def choose(self, index: int) -> Composition:
        return self._ways[self._method].choose(index)

    def page(self, step: int) -> Composition:
        return self._ways[self._method].page(step)

    def clear(self) -> Composition:
        for way in self._ways.values():
            way.clear()
        self._method = self._first
        return Composition()
