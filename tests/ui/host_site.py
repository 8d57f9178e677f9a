"""A site of another origin that embeds the widget: pages handed to it, served on a loopback port of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class HostSite:
    """Pages by path, each with the headers it is sent with."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        self.address = ""

    def add(self, path: str, html: str, policy: str = "") -> str:
        """Serve a page with this content-security-policy; its address."""
        self.pages[path] = (html, policy)
        return self.address + path


@contextmanager
def served() -> Iterator[HostSite]:
    """A running site."""
    site = HostSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, policy = site.pages.get(self.path.split("?")[0], ("", ""))
            self.send_response(200 if html else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
