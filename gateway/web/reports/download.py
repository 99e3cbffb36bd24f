"""Files that are written while they are read: their beginning."""

from collections.abc import Sequence

from aiohttp import web

from gateway.web.reports.csv_text import csv_text


async def begin(request: web.Request, name: str, content_type: str) -> web.StreamResponse:
    """An answer that browsers save under `name`, and that nobody in between keeps."""
    answer = web.StreamResponse(
        headers={
            "Content-Type": content_type,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
    )
    await answer.prepare(request)
    return answer


async def begin_csv(request: web.Request, name: str, head: Sequence[str]) -> web.StreamResponse:
    """The same for CSV, with its first line."""
    answer = await begin(request, name, "text/csv; charset=utf-8")
    await answer.write(csv_text(head, ()).encode())
    return answer
