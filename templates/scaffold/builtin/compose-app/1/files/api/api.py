"""GET /notes lists the notes, POST /notes adds one, and GET /health says whether they can be read."""

import signal
import sqlite3
import sys
from wsgiref.simple_server import make_server

FILE = "/data/notes.db"


def connect(file):
    """Return a connection to the notes in a file."""
    db = sqlite3.connect(file)
    db.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL)")
    return db


def answer(db, method, path, body):
    """Return the status and the text that answer a request."""
    if (method, path) == ("POST", "/notes"):
        with db:
            db.execute("INSERT INTO notes VALUES (?)", (body,))
        return "201 Created", body
    if (method, path) in (("GET", "/notes"), ("GET", "/health")):
        notes = [text for (text,) in db.execute("SELECT text FROM notes ORDER BY rowid")]
        return "200 OK", "ok" if path == "/health" else "\n".join(notes)
    return "404 Not Found", "not found"


def application(environ, start_response):
    """Answer a request: the WSGI application."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    db = connect(FILE)
    try:
        status, text = answer(db, environ["REQUEST_METHOD"], environ["PATH_INFO"], body)
    finally:
        db.close()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{text}\n".encode()]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with make_server("", 8000, application) as server:
        server.serve_forever()
