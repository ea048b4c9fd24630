"""Events about a document: what may be told when it changes, stops being readable, or comes back."""

from __future__ import annotations

from datetime import datetime

from monitor.model import Assessment, ChangeKind, Document, Event, EventKind, Vendor


def change_event(vendor: Vendor, document: Document, assessment: Assessment, kind: ChangeKind, at: datetime) -> Event:
    """The event for readers about a confirmed new version."""
    return Event(
        "withdrawal" if kind == "withdrawal" else "change",
        at,
        key=document.key,
        vendor_name=vendor.name,
        document_kind=document.kind,
        tags=document.tags,
        summary=assessment.summary,
        detail=" ".join(filter(None, (*assessment.notes, assessment.transparency_summary))),
        severity=assessment.severity,
        direction=assessment.direction,
        findings=assessment.findings,
    )


def document_event(
    kind: EventKind, vendor: Vendor, document: Document, at: datetime, *, summary: str, detail: str = ""
) -> Event:
    """An event about a document that is no change: trouble, recovery, unstable, effective date or promise."""
    return Event(
        kind,
        at,
        key=document.key,
        vendor_name=vendor.name,
        document_kind=document.kind,
        tags=document.tags,
        summary=summary,
        detail=detail,
    )


def name(vendor: Vendor, document: Document) -> str:
    """How a document is called for people: "Zoom privacy policy"."""
    return f"{vendor.name} {document.id.replace('-', ' ')}"
