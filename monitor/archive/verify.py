"""Everything that is not what it was: the ledger's rows and chain, every text and body, every file on disk."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from monitor.archive import verify_files, verify_rows, verify_search
from monitor.archive.store import Store
from monitor.errors import ArchiveError
from monitor.ports import Damage

_NONSENSE = (ArchiveError, sqlite3.DatabaseError, ValueError, TypeError, AttributeError, LookupError, OverflowError)
"""What reading a damaged file can end in: a flipped byte may give a cell a type that was never written there."""


def verify(store: Store, *, head: str | None = None) -> Iterator[Damage]:
    """One Damage a thing; with ``head``, also whether that digest is in the chain.

    The ledger is read in one state, while other processes may go on.
    """
    present, seen = verify_files.Present(), verify_rows.Seen()
    where = str(store.ledger.path)
    with contextlib.ExitStack() as stack:
        try:
            yield from verify_files.listing(store, present)
            db = stack.enter_context(store.ledger.reading())
            db.text_factory = lambda cell: cell.decode(
                "utf-8", "surrogateescape"
            )  # what is no UTF-8 is named by its row
            stack.callback(setattr, db, "text_factory", str)
        except ArchiveError as error:
            yield Damage(error.path, error.reason)
            return
        except OSError as error:
            yield Damage(str(error.filename or store.folder.root), error.strerror or "cannot be read")
            return
        told: set[tuple[str, str]] = set()
        for section in (
            verify_rows.database(db, seen),
            verify_rows.sealed_rows(db, seen),
            verify_rows.chained(db, seen, head),
            verify_rows.consistent(db, seen),
            verify_rows.assessed(db, seen),
            verify_files.stored_bodies(db, store, seen, present),
            verify_files.stored_texts(db, store, seen, present),
            verify_files.orphans(store, present),
            verify_search.searchable(db, store, seen),
        ):
            try:
                for damage in section:
                    if (damage.where, damage.what) not in told:
                        told.add((damage.where, damage.what))
                        yield damage
            except _NONSENSE as error:  # the next section may still be readable
                yield Damage(where, f"cannot be read: {error}")
