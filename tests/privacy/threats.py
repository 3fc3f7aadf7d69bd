"""The threats that Pejling is built against, each with the test that is named after it.

A class knows itself well: a number that says nothing to a stranger may point at one
pupil in the room. Letters group by where a secret could get out: a the live room, b
unanimity, c small groups, d differences, e the whole pupil, f traces, g people and
devices around, h whoever owns the machine.
"""

from typing import NamedTuple


class Threat(NamedTuple):
    """One way in which an answer could come out."""

    id: str
    what: str


THREATS = (
    Threat("a1", "A number that moves when somebody answers shows what was answered."),
    Threat("a2", "The last answers before closing are read off the final number."),
    Threat("b1", "All, none, or one alone: the number tells about everybody."),
    Threat("b2", "Who subtracts the own answer knows what all the others said."),
    Threat("c1", "The group is so small that a number points at somebody."),
    Threat("d1", "Two figures from above the class differ by one class."),
    Threat("d2", "A teacher subtracts the own class from a figure of several."),
    Threat("d3", "The same class is asked twice, and the results are compared."),
    Threat("d4", "An answer is changed or withdrawn, and the number moves by one."),
    Threat("d5", "What an older class passes on tells about one of its pupils."),
    Threat(
        "d6", "A follow-up stands beside its first run, and somebody has left or come."
    ),
    Threat("e1", "One pupil's answers are put together across the questions."),
    Threat("f1", "The order in which answers were written says who gave them."),
    Threat("f2", "A log or a file holds an address, a browser, a code or a token."),
    Threat("f3", "The limit on wrong codes remembers who knocked."),
    Threat("f4", "The next pupil at the same screen goes back and reads an answer."),
    Threat("f5", "The length of what travels tells yes from no, encrypted as it is."),
    Threat("g1", "A neighbour sees from the side which answer was chosen."),
    Threat("g2", "A program of the school shows the pupils' screens to the teacher."),
    Threat("g3", "It can be seen who has not answered yet."),
    Threat("g4", "The device itself is recognised by what a script can ask it."),
    Threat("g5", "A stranger guesses a code and answers along."),
    Threat("g6", "One pupil answers many times."),
    Threat("g7", "A photograph of the code lets somebody outside in."),
    Threat("g8", "The link to a class's page goes on to others, or is guessed."),
    Threat("h1", "Whoever runs the server, or may search it, asks for an answer."),
    Threat("h2", "A crash writes down what was being handled."),
    Threat("h3", "The name of the class says who is in it."),
    Threat("h4", "A pupil's own words give the pupil away."),
)
