"""Watches privacy policies and says, with the quotation that proves it, what each change means."""

__version__ = "0.1.0"
