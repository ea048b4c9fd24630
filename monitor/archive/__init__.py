"""The archive: raw bytes and readable texts as files, and the ledger that says what each of them is."""
