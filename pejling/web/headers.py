"""Headers of every answer: what a browser may load, keep and tell others."""

import gzip

from flask import Flask, Response, g, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
"""No inline script or style, nothing from another host, in no frame."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Flask-WTF checks the Referer of encrypted posts: "no-referrer" would refuse all.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}

PAGE_STEP = 2048
"""Answers to pupils' posts are filled up to a multiple of this many bytes."""


def init_app(app: Flask) -> None:
    """Put the headers on every answer."""
    app.after_request(_set_headers)


def compress() -> None:
    """Let the page of this request be compressed.

    Only for pages that hold no answer: the length of a compressed page tells about
    what is in it.
    """
    g.compress = True


def same_size(html: str, shorter_by: int = 0) -> str:
    """A page filled up so that its length does not tell what was answered.

    :param shorter_by: bytes by which the answers on it are shorter than the longest.
    """
    full = len(html.encode()) + shorter_by
    return html + " " * (shorter_by + -full % PAGE_STEP)


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
        )
    response.headers.setdefault("Cache-Control", "no-store")
    if g.get("compress") and request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response
