"""Conditional requests: what a reader holds already is not sent again."""

import hashlib

from fastapi import Request
from fastapi.responses import Response


def conditional(request: Request, response: Response, cache: str = "no-cache") -> Response:
    """The response with an ETag of its body, or 304 without a body where the reader holds that very body.

    `cache` is the Cache-Control header. The tag is weak because the body may go out compressed.
    """
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": cache}
    held = request.headers.get("if-none-match", "")
    if held.strip() == "*" or tag.removeprefix("W/") in {item.strip().removeprefix("W/") for item in held.split(",")}:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
