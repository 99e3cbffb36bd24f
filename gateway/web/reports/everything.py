"""All of a workspace as one download."""

from aiohttp import web

from gateway.core.exporting import as_lines, exported
from gateway.storage.database import Database
from gateway.web.reports.download import begin


async def everything_as_lines(request: web.Request, database: Database, workspace_id: int) -> web.StreamResponse:
    """Lines of JSON, sent as they are read."""
    answer = await begin(request, "workspace.ndjson", "application/x-ndjson")
    async for piece in exported(database, workspace_id):
        await answer.write(as_lines(piece))
    await answer.write_eof()
    return answer
