"""File systems of one's own, seen by one process alone."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache


@cache
def cannot_mount() -> str:
    """Why no file system can be mounted here, or ""."""
    if not shutil.which("unshare"):
        return "unshare is not installed"
    tried = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, text=True, check=False
    )
    return tried.stderr.strip() if tried.returncode else ""
