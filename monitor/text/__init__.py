"""Bytes to clauses: what a page says, as normalised Markdown, and whether it is the policy at all.

``extract`` is the whole way for one document; ``segment.segment`` cuts its text into the clauses that are compared, and
``normalise.fold`` gives the key by which two of them say the same.
"""

from monitor.text.extract import REVISION, extract

__all__ = ["REVISION", "extract"]
