"""One event being handled: what the rules of a visit change, and what they want done."""

from dataclasses import dataclass, field, replace

from petition import effects as do
from petition.saying import Saying, Told
from petition.state import State


@dataclass(slots=True)
class Turn:
    """The state as it becomes, and what is to be done."""

    state: State
    effects: list[do.Effect] = field(default_factory=list)

    def to(self, **changes: object) -> None:
        """Replace fields of the state."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names are checked when it runs

    def do(self, *effects: do.Effect) -> None:
        """Add what is to be done."""
        self.effects.extend(effects)

    def say(self, told: Told = Told.STEP, name: str = "") -> None:
        """Have something said, where anything is."""
        saying = Saying(told=told, name=name)
        self.to(saying=saying, heard_out=self.state.read_by_eye)
        if not (self.state.silent or self.state.hushed):
            self.do(do.Say(saying=saying))
