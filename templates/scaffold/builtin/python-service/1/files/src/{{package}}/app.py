"""The paths of the service, as a WSGI application."""

from urllib.parse import parse_qs


def application(environ, start_response):
    """Answer GET /health, and GET /hello?name=… with a greeting."""
    name = parse_qs(environ.get("QUERY_STRING", "")).get("name", [""])[0]
    if environ["PATH_INFO"] == "/health":
        status, text = "200 OK", "ok"
    elif environ["PATH_INFO"] == "/hello" and name:
        status, text = "200 OK", f"Hello, {name}!"
    else:
        status, text = "404 Not Found", "not found"
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{text}\n".encode()]
