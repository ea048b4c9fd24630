"""The text of PDFs, made here byte by byte."""

from __future__ import annotations

import sys

import pytest

from monitor.errors import ExtractionError
from monitor.model import ExtractOptions, Page
from monitor.text import extract

Line = tuple[int, int, int, str]  # x, y, size of the letters, words


def pdf(*pages: list[Line]) -> bytes:
    """A PDF with those lines on its pages, 612 by 792 points each."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        stream = b"".join(
            b"BT /F1 %d Tf %d %d Td (%s) Tj ET\n"
            % (size, x, y, words.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)"))
            for x, y, size, words in lines
        )
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R {resources} >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def column(*lines: str, top: int = 700, size: int = 11, left: int = 72) -> list[Line]:
    """Lines below each other; an empty one leaves a gap."""
    return [(left, top - 14 * row, size, words) for row, words in enumerate(lines) if words]


def text(*pages: list[Line]) -> str:
    return extract([Page(pdf(*pages), "application/pdf")], ExtractOptions()).text


LONG = "We collect personal data such as your name and your e-mail address when you regis-"
REST = "ter for an account, and we keep it for 12 months after you close the account with us."


def test_paragraphs_are_joined_words_made_whole_and_lists_kept() -> None:
    lines = column(
        LONG,
        REST,
        "It is then deleted.",
        "",
        "We ask you for:",
        "• your name",
        "• your address",
        "",
        "We do not sell data.",
    )
    assert text(lines) == (
        f"{LONG[:-1]}{REST} It is then deleted.\n\nWe ask you for:\n\n- your name\n- your address\n\nWe do not sell data.\n"
    )


def test_headers_footers_and_page_numbers_are_gone_and_a_paragraph_goes_on_over_the_page() -> None:
    def sheet(number: int, *lines: str) -> list[Line]:
        return [
            (72, 760, 9, "Larkfield Maps – Privacy Policy"),
            *column(*lines),
            (280, 30, 9, f"Page {number} of 3"),
            (72, 44, 9, f"Version {number}"),
        ]

    pages = [
        sheet(
            1, "Opening words of the policy, which go on for the whole of the line until its very", "end is reached and"
        ),
        sheet(2, "then on the second page.", "", "A new paragraph."),
        sheet(3, "Last words."),
    ]
    found = text(*pages)
    assert "Larkfield Maps –" not in found
    assert "Page 2" not in found
    assert "end is reached and then on the second page.\n\nA new paragraph.\n\nLast words.\n" in found


def test_a_line_at_the_edge_of_one_page_only_is_kept() -> None:
    assert "Effective 1 May 2026" in text(
        column("First."), [*column("Second."), (72, 40, 11, "Effective 1 May 2026")], column("Third.")
    )


def test_pieces_of_one_line_are_one_line_and_a_soft_hyphen_is_gone() -> None:
    pieces: list[Line] = [(72, 700, 11, "We keep"), (130, 700, 11, "data for a long"), (230, 700, 11, "time.")]
    assert text(pieces) == "We keep data for a long time.\n"
    assert text(column(LONG[:-1] + "\xad", REST)).startswith(LONG[:-1] + REST.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    ("line", "rest", "joined"),
    [
        ("We tell our partners and advisers nothing about you, and in particular no third-", "party cookies.", "third-party"),
        ("What happens to the data that are kept of you when you have decided on the opt-", "out is said here.", "opt-out"),
        ("A device is recognised again by its identifier, and so we know when it is a log-", "in of yours.", "log-in"),
        ("A person may see it, and whoever asks is told at once who had it as our service-", "desk says.", "service-desk"),
        ("We keep what you tell us when you subscribe to the letters and leave your infor-", "mation there.", "information"),
        ("It is what you say of yourself, what you give to others and all that is your con-", "tent here.", "content"),
    ],
)  # fmt: skip
def test_a_hyphen_at_the_end_of_a_line_stays_where_it_is_part_of_the_word(line: str, rest: str, joined: str) -> None:
    elsewhere = column("Your log-in and your content.", "The service is no desk.", top=300)
    assert joined in text([*column(line, rest), *elsewhere]).split(".")[0] + "."


def test_larger_letters_make_headings() -> None:
    found = text(
        [
            (72, 740 - 30, 20, "Privacy Policy"),
            *column("We collect data.", top=660),
            *column("We keep it.", "We guard it.", top=600),
        ]
    )
    assert found.startswith("## Privacy Policy\n\nWe collect data.\n")


def test_a_pdf_gives_verdict_dates_and_language_like_any_page() -> None:
    lines = column(
        "Privacy Policy",
        "",
        "Last updated: 3 March 2026",
        "",
        *[f"We process personal data of kind {n} with your consent, and third parties do not." for n in range(12)],
    )
    found = extract([Page(pdf(lines), "text/html", name="p.pdf")], ExtractOptions())
    assert found.verdict.ok
    assert str(found.dates.updated) == "2026-03-03"
    assert found.language == "en"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"%PDF-1.4\nbroken", "bad-pdf"), (pdf([]), "no-text"), (pdf(*[[] for _ in range(501)]), "too-large")],
)
def test_a_pdf_that_cannot_be_read_is_an_error_with_its_kind(body: bytes, kind: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract([Page(body, "application/pdf")], ExtractOptions())
    assert caught.value.kind == kind


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(ExtractionError, match=r"policy-monitor\[pdf\]"):
        text(column("We collect data."))


def test_a_word_that_a_page_divides_is_whole_again() -> None:
    assert text(column(f"{LONG[:-6]}regis-"), column("ter with us.")).endswith("when you register with us.\n")


def test_blank_pieces_are_nothing() -> None:
    lines: list[Line] = [(72, 700, 11, "Our data"), (300, 700, 11, "   "), (72, 686, 11, "and yours")]
    assert text(lines) == "Our data and yours\n"


def test_a_pdf_of_nothing_but_page_numbers_is_empty_and_not_a_policy() -> None:
    sheets = [[(280, 30, 9, f"Page {number} of 2")] for number in (1, 2)]
    found = extract([Page(pdf(*sheets), "application/pdf")], ExtractOptions())
    assert (found.text, found.verdict.kind) == ("", "empty")


def test_a_pdf_behind_a_password_says_so() -> None:
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<%s> <%s>]" % (
        b"41" * 32,
        b"42" * 32,
        b"43" * 16,
        b"43" * 16,
    )
    locked = pdf(column("We collect data.")).replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)
    with pytest.raises(ExtractionError, match="needs a password"):
        extract([Page(locked, "application/pdf")], ExtractOptions())


def test_a_pdf_of_which_a_page_is_missing_is_an_error_and_no_shorter_policy() -> None:
    whole = pdf(column("We collect data."), column("We sell it."))
    assert b"6 0 R]" in whole
    with pytest.raises(ExtractionError, match="a page of the PDF cannot be read"):
        extract([Page(whole.replace(b"6 0 R]", b"9 0 R]"), "application/pdf")], ExtractOptions())
