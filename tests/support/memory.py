"""Where temporary folders of tests lie."""

import os
import shutil
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes. A whole run needs about a quarter of it."""


def keep_in_memory() -> None:
    """Puts temporary folders into memory where the machine has room for them; a TMPDIR that is given stands.

    A process that is killed leaves the same behind in memory as on a disk, and some fifty thousand commits needn't wait
    for one. What a disk adds, a power cut, no test can bring about. Tests run programs from their folders, too.
    """
    if "TMPDIR" in os.environ or not os.access(SHARED_MEMORY, os.W_OK):
        return
    if os.statvfs(SHARED_MEMORY).f_flag & os.ST_NOEXEC or shutil.disk_usage(SHARED_MEMORY).free < ROOM:
        return
    os.environ["TMPDIR"] = str(SHARED_MEMORY)
    tempfile.tempdir = None  # asked once and remembered: what was asked before is forgotten
