"""The language of a respondent's page: what is offered, what was chosen.

What was chosen lies in the browser's own cookie only (:mod:`pejling.web.seats`); the
server neither stores nor logs it, and the leader's pages know nothing of it.
"""

from flask import request

from pejling.domain import respondent_words
from pejling.domain.respondent_words import DANISH, PROGRAM, Words
from pejling.domain.sessions import Session
from pejling.web import seats
from pejling.web.context import offered_languages


def languages(session: Session) -> list[Words]:
    """The languages in which all that this session asks can be read, Danish first."""
    return respondent_words.offered(
        session.questions, session.chosen, offered_languages()
    )


def of_seat(session: Session) -> Words:
    """The words that this browser chose; Danish where they are not offered."""
    wanted = seats.language() or DANISH
    known = {one.language: one for one in languages(session)}
    return known.get(wanted, known[DANISH])


def values(words: Words) -> dict[str, object]:
    """What a respondent's page has to know of its language."""
    return {
        "lang": words.language,
        "direction": words.direction,
        "said": words.said,
        "spoken": words,
    }


def promise_values(session: Session) -> dict[str, object]:
    """The same for the promise, in the language that the address asks for.

    The program's English of the promise is read also where the questions are in Danish
    only: ``only_promise`` then says so. ``only_danish``: what was asked for is not
    there at all, and the page says so in English instead of failing.
    """
    whole = {one.language: one for one in languages(session)}
    readable = dict(whole)
    for one in offered_languages():
        words = respondent_words.of_program(one, session.questions.audience)
        readable.setdefault(one, words)
    wanted = request.args.get("sprog", DANISH)
    words = readable.get(wanted, whole[DANISH])
    return {
        **values(words),
        "others": [one for one in readable.values() if one is not words],
        "only_danish": wanted not in readable,
        "only_promise": words.language not in whole,
        "data_language": _of_the_data_page(words.language),
    }


def _of_the_data_page(language: str) -> str:
    """The language of "more about your data" for who reads this one."""
    if language in PROGRAM:
        return language
    return offered_languages()[-1]
