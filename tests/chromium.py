"""Headless Chromium for tests that look at pages as people do; every request and every script that runs is seen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = Path(os.environ.get("MONITOR_AXE", Path(__file__).parent.parent / ".cache/node_modules/axe-core/axe.min.js"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; no sandbox, as tests may run as root, and only our own pages are opened."""
    path = os.environ.get("MONITOR_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page: rule and place."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm install --prefix .cache axe-core@4)")
    page.evaluate(AXE.read_text(encoding="utf-8"))  # not a script element: the pages' own policy forbids it
    found: dict[str, Any] = page.evaluate("axe.run()")
    return [f"{one['id']}: {node['target']}" for one in found["violations"] for node in one["nodes"]]
