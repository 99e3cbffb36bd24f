"""Headers every answer carries, unless it set its own."""

from aiohttp import web

# Scripts and styles are files of ours; pictures may also be data in a style. Nothing inline, nothing from elsewhere.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; "
    "frame-src 'self'; media-src 'self' blob:; worker-src 'self'"
)
_ALWAYS = (
    ("Content-Security-Policy", PAGE_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(), camera=(), microphone=(), payment=(), usb=()"),
)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """A signal for `on_response_prepare`. Providers, who are no browsers, get none of it."""
    path, headers = request.path, response.headers
    headers.popall("Server", None)
    if path.startswith("/c/"):
        return
    for name, value in _ALWAYS:
        headers.setdefault(name, value)
    if not path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")
