"""All of a workspace as one download."""

from aiohttp import web

from gateway.core.exporting import as_lines, exported
from gateway.storage.database import Database


async def everything_as_lines(request: web.Request, database: Database, workspace_id: int) -> web.StreamResponse:
    """Lines of JSON, sent as they are read."""
    answer = web.StreamResponse(
        headers={
            "Content-Type": "application/x-ndjson",
            "Content-Disposition": 'attachment; filename="workspace.ndjson"',
            "Cache-Control": "no-store",
        }
    )
    await answer.prepare(request)
    async for piece in exported(database, workspace_id):
        await answer.write(as_lines(piece))
    await answer.write_eof()
    return answer
