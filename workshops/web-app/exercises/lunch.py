"""The application: what is answered to which request. Its shape is WSGI, as PEP 3333 lays it down."""

from pathlib import Path
from random import choice
from string import Template
from urllib.parse import parse_qs

HERE = Path(__file__).parent
DISHES = HERE / "dishes.txt"

HTML = [("Content-Type", "text/html; charset=utf-8")]
TEXT = [("Content-Type", "text/plain; charset=utf-8")]
CSS = [("Content-Type", "text/css; charset=utf-8")]


def dishes():
    return DISHES.read_text("utf-8").splitlines()


def render(dishes):
    """Fills the gaps of the page with these dishes."""
    rows = [f"<li>{dish}</li>" for dish in dishes]
    page = Template((HERE / "page.html").read_text("utf-8"))
    return page.safe_substitute(count=len(rows), rows="\n".join(rows))


def show_list(form):
    return "200 OK", HTML, render(dishes())


def show_style(form):
    return "200 OK", CSS, (HERE / "style.css").read_text("utf-8")


def add_dish(form):
    dish = " ".join(form.get("dish", "").split())
    if dish:
        with DISHES.open("a", encoding="utf-8") as file:
            file.write(f"{dish}\n")
    return "303 See Other", [("Location", "/")], ""


def not_found(form):
    return "404 Not Found", TEXT, "There is nothing at this address.\n"


ROUTES = {
    ("GET", "/"): show_list,
    ("GET", "/style.css"): show_style,
    ("POST", "/dishes"): add_dish,
}


def read_form(request):
    """What was written into a form, by the names of its fields."""
    size = min(int(request.get("CONTENT_LENGTH") or 0), 10_000)
    fields = parse_qs(request["wsgi.input"].read(size).decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}


def application(request, start_response):
    """Called by the server for every request."""
    route = request["REQUEST_METHOD"], request["PATH_INFO"]
    answer = ROUTES.get(route, not_found)
    status, headers, text = answer(read_form(request))
    # A copy, as the server adds headers of its own.
    start_response(status, list(headers))
    return [text.encode("utf-8")]
