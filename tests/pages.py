"""What every HTML page must keep: read by the client fixture on each answer."""

from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pejling.domain.promises import LANGUAGES
from pejling.domain.respondent_words import direction

VOID = {"input", "meta", "link", "br", "img", "hr", "path", "circle", "rect", "line"}
LABELLED = {"input", "select", "textarea"}
NEED_NO_LABEL = {"hidden", "submit"}


class _Page(HTMLParser):
    """Collects what the rules look at."""

    def __init__(self) -> None:
        super().__init__()
        self.lang = ""
        self.direction = ""
        self.title = ""
        self.headings = 0
        self.ids: list[str] = []
        self.controls: list[dict[str, str]] = []
        self.labels: set[str] = set()
        self.forms: list[dict] = []
        self.problems: list[str] = []
        self._open: list[str] = []
        self._in_label = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
            self.direction = given.get("dir", "ltr")
        if tag == "h1":
            self.headings += 1
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self._in_label = True
            self.labels.add(given.get("for", ""))
        if tag in LABELLED and given.get("type") not in NEED_NO_LABEL:
            self.controls.append(given | {"inside": "1" if self._in_label else ""})
        if tag == "form":
            self.forms.append({"method": given.get("method", "get"), "token": False})
        if tag == "input" and given.get("name") == "csrf_token":
            self.forms[-1]["token"] = bool(given.get("value"))
        self._check_inline(tag, given)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label = False
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title += data
        if self._open and self._open[-1] in ("style", "script") and data.strip():
            self.problems.append(f"inline {self._open[-1]}")

    def _check_inline(self, tag: str, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name == "style" or name.startswith("on"):
                self.problems.append(f"inline {name} on {tag}")
            foreign = value.startswith(("http:", "https:", "//"))
            if name in ("src", "href", "action") and foreign:
                self.problems.append(f"{tag} leads to another host: {value}")


def check(html: str, lang: str = "da") -> None:
    """Hold a page against the rules.

    :param lang: the language that was asked for.
    :raises AssertionError: with all that is wrong.
    """
    page = _Page()
    page.feed(html)
    problems = list(page.problems)
    if page.lang != lang:
        problems.append(f"no lang={lang}")
    if page.direction != direction(page.lang):
        problems.append(f"{page.lang} is not read {page.direction}")
    if page.headings != 1:
        problems.append(f"{page.headings} h1")
    if not page.title.replace("– Pejling", "").strip():
        problems.append("no title")
    problems += [f"id {one} twice" for one in set(page.ids) if page.ids.count(one) > 1]
    for control in page.controls:
        named = control.get("aria-label") or control["inside"]
        if not named and control.get("id") not in page.labels:
            problems.append(f"no label for {control.get('name')}")
    for form in page.forms:
        if form["method"].lower() == "post" and not form["token"]:
            problems.append("a form without a token")
    assert not problems, problems


class CheckedClient(FlaskClient):
    """A client that reads every page it gets as a strict reader would.

    ``speaks`` is the language that it has chosen, and expects on a pupil's pages.
    """

    speaks = ""

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Answer as usual, after the page check."""
        answer = super().open(*args, **kwargs)
        is_page = answer.mimetype == "text/html" and answer.content_encoding is None
        if is_page and answer.data and answer.status_code != 303:
            wanted = answer.request.args.get("sprog", "da")
            lang = self.speaks or (wanted if wanted in LANGUAGES else "da")
            check(answer.get_data(as_text=True), lang)
        return answer
