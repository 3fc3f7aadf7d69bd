"""Who is in the room, in the words of its own: a class, a group of youth, parents."""

from collections.abc import Mapping
from dataclasses import dataclass

from pejling.domain.question_sets import Audience


@dataclass(frozen=True)
class RoomWords:
    """How those in the room are called, as the texts for adults and screens need it.

    :ivar group: all of them as one, in the definite form; ``own`` its genitive.
    :ivar members: each of them, in the definite plural; ``several`` without article.
    :ivar one: one of them, in the definite form.
    :ivar leader: who leads, as those in the room are told.
    :ivar peers: the others in the room, as each of them is asked.
    :ivar agreement: what they agree on, as a heading.
    """

    group: str
    own: str
    members: str
    several: str
    one: str
    leader: str
    peers: str
    agreement: str

    @property
    def begin(self) -> str:
        """``group`` at the beginning of a sentence."""
        return f"{self.group[:1].upper()}{self.group[1:]}"

    @property
    def begin_own(self) -> str:
        """``own`` at the beginning of a sentence."""
        return f"{self.own[:1].upper()}{self.own[1:]}"

    @property
    def begin_members(self) -> str:
        """``members`` at the beginning of a sentence."""
        return f"{self.members[:1].upper()}{self.members[1:]}"


ROOMS: Mapping[Audience, RoomWords] = {
    Audience.PUPILS: RoomWords(
        group="klassen",
        own="klassens",
        members="eleverne",
        several="elever",
        one="eleven",
        leader="din lærer",
        peers="dine kammerater",
        agreement="Klassens aftale",
    ),
    Audience.YOUTH: RoomWords(
        group="holdet",
        own="holdets",
        members="de unge",
        several="unge",
        one="den unge",
        leader="din lærer",
        peers="dine kammerater",
        agreement="Holdets aftale",
    ),
    Audience.PARENTS: RoomWords(
        group="forældrene",
        own="forældrenes",
        members="forældrene",
        several="forældre",
        one="forælderen",
        leader="den, der holder mødet,",
        peers="de andre forældre i klassen",
        agreement="Forældrenes aftale",
    ),
}
"""Audience -> the words of its room."""
