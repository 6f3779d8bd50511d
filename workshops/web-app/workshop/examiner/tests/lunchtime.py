"""What the tests share: they ask the application as a browser would, and say what is missing."""

import sys
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, build_opener

PORT = 8437
EXERCISES = Path.home() / "exercises"


class Stay(HTTPRedirectHandler):
    """Shows an answer that leads elsewhere as it is."""

    def redirect_request(self, *_):
        return None


# A proxy that the computer may have must not be asked for what runs on it.
_opener = build_opener(ProxyHandler({}), Stay)


def fail(*lines):
    print(*lines, sep="\n")
    sys.exit(1)


def source(name):
    """The text of a file of the application."""
    try:
        return (EXERCISES / name).read_text("utf-8")
    except OSError:
        return fail(f"There is no file ~/exercises/{name}.")


def ask(path, **form):
    """Sends a request, with a form if there are fields; returns the status and the text of the answer."""
    data = urlencode(form).encode() if form else None
    try:
        with _opener.open(f"http://127.0.0.1:{PORT}{path}", data, timeout=5) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as answer:
        with answer:
            text = answer.read().decode("utf-8", "replace")
        if answer.code == 500:
            fail(
                "The application answers with status 500: it ended with an error of its own.",
                "Next: read the last lines in terminal 1. They name the line of lunch.py.",
            )
        return answer.code, text
    except (OSError, HTTPException) as error:
        return fail(
            f"Nothing answers on port {PORT}: {getattr(error, 'reason', error)}.",
            "Next: start the application in terminal 1 with: python3 serve.py",
        )


def page():
    """The page of the application, once it is certain that it is ours."""
    status, text = ask("/")
    if status != 200 or "/dishes" not in text:
        fail(
            f"Something answers on port {PORT}, but it is not this application.",
            "Next: look at terminal 1. Another program may have taken the port first.",
        )
    return text
