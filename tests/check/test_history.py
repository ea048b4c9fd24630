"""A folder of dated captures becomes history, as if we had watched."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from installation import RETENTION, SALE, WALL, Installation, policy

from monitor.errors import UsageError
from monitor.history import DatedFile, dated_files, import_history, read_dates, stamp


def captures(folder: Path, **pages: str) -> tuple[DatedFile, ...]:
    folder.mkdir(exist_ok=True)
    for name, page in pages.items():
        (folder / f"{name.replace('_', '-').removeprefix('d')}.html").write_text(page)
    return dated_files(folder)


def imported(installation: Installation, files: tuple[DatedFile, ...]) -> list[str | None]:
    done = import_history(
        files,
        installation.documents[0],
        archive=installation.archive,
        sandbox=installation.sandbox,
        watchlist=installation.watchlist,
    )
    return [one.outcome for one in done]


def test_captures_that_say_the_same_make_one_version(installation: Installation, tmp_path: Path) -> None:
    files = captures(
        tmp_path / "past",
        d2021_01_01=policy(),
        d2021_02_01=policy(menu="<li>New menu"),
        d2021_03_01=policy(date="March 3, 2021"),
        d2021_04_01=policy(RETENTION),
    )
    assert imported(installation, files) == ["baseline", "unchanged", "unchanged", "version"]
    change = installation.archive.changes()[0]
    assert change.at == datetime(2021, 4, 1, tzinfo=UTC)
    assert change.materiality == "substantive"


def test_nobody_is_told_of_what_is_past(installation: Installation, tmp_path: Path) -> None:
    imported(installation, captures(tmp_path / "past", d2021_01_01=policy(), d2021_04_01=policy(SALE)))
    assert installation.events() == []
    assert installation.archive.owed(installation.clock.now()) == ()


def test_a_wall_is_left_out(installation: Installation, tmp_path: Path) -> None:
    files = captures(tmp_path / "past", d2021_01_01=policy(), d2021_02_01=WALL.format(id="8"), d2021_03_01=policy())
    assert imported(installation, files) == ["baseline", "refused", "unchanged"]


def test_a_text_that_comes_back_is_a_withdrawal(installation: Installation, tmp_path: Path) -> None:
    files = captures(tmp_path / "past", d2021_01_01=policy(), d2021_02_01=policy(SALE), d2021_03_01=policy())
    assert imported(installation, files) == ["baseline", "version", "withdrawal"]


def test_a_text_that_goes_away_within_two_days_is_an_excursion(installation: Installation, tmp_path: Path) -> None:
    files = captures(
        tmp_path / "past",
        d2021_01_01=policy(),
        d2021_02_01=policy(SALE),
        d2021_02_02T12=policy(menu="<li>New menu"),
        d2021_03_01=policy(RETENTION),
    )
    assert imported(installation, files) == ["baseline", "excursion", "unchanged", "version"]
    assert [check.outcome for check in installation.archive.checks()] == ["baseline", "pending", "excursion", "version"]
    assert [version.seq for version in installation.versions] == [1, 2]
    assert list(installation.archive.verify()) == []


@pytest.mark.parametrize(
    ("day", "date"),
    [
        pytest.param("d2021_02_04", "March 1, 2026", id="TWIN it stood for longer"),
        pytest.param("d2021_02_02", "March 9, 2026", id="TWIN it states a later date than the one before"),
    ],
)
def test_a_text_that_counts_although_an_earlier_one_comes_back(
    installation: Installation, tmp_path: Path, day: str, date: str
) -> None:
    pages = {"d2021_01_01": policy(), "d2021_02_01": policy(SALE, date=date), day: policy(menu="<li>New menu")}
    assert imported(installation, captures(tmp_path / "past", **pages)) == ["baseline", "version", "withdrawal"]


def test_an_excursion_that_ends_the_folder_counts(installation: Installation, tmp_path: Path) -> None:
    assert imported(installation, captures(tmp_path / "past", d2021_01_01=policy(), d2021_02_01=policy(SALE))) == [
        "baseline",
        "version",
    ]


def test_a_check_goes_on_where_the_imported_history_ends(installation: Installation, tmp_path: Path) -> None:
    imported(installation, captures(tmp_path / "past", d2021_01_01=policy(RETENTION), d2021_02_01=policy()))
    assert installation.outcome() == "unchanged"
    assert installation.outcome(policy(SALE, date="April 1, 2026")) == "version"
    assert [version.source for version in installation.versions] == ["import", "import", "check"]
    assert list(installation.archive.verify()) == []


def test_history_is_not_imported_into_the_middle(installation: Installation, tmp_path: Path) -> None:
    installation.check()
    files = captures(tmp_path / "past", d2021_01_01=policy())
    with pytest.raises(UsageError, match="already reaches"):
        imported(installation, files)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("2021-01-19_tracker_219cfec08", datetime(2021, 1, 19, tzinfo=UTC)),
        ("20240505T0032_1649b642", datetime(2024, 5, 5, 0, 32, tzinfo=UTC)),
        ("policy-20210119123059", datetime(2021, 1, 19, 12, 30, 59, tzinfo=UTC)),
        ("2021-01-19T12-30", datetime(2021, 1, 19, 12, 30, tzinfo=UTC)),
        ("v2021-13-45", None),
        ("policy", None),
        ("123456789", None),
    ],
)
def test_a_file_name_states_its_time(name: str, at: datetime | None) -> None:
    assert stamp(name) == at


def test_a_folder_without_dates_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "policy.html").write_text("x")
    with pytest.raises(UsageError, match="--dates FILE"):
        dated_files(tmp_path)


def test_dates_can_stand_in_a_table(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_text("x")
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "dates.csv").write_text("name,date\nb.html,2020-01-01\na.html,2021-06-01T10:00:00+02:00\n")
    files = dated_files(tmp_path, read_dates(tmp_path / "dates.csv"))
    assert [(file.path.name, file.at.hour) for file in files] == [("b.html", 0), ("a.html", 10)]
    assert files[1].at.astimezone(UTC).hour == 8


def test_a_bad_line_in_the_table_of_dates_is_named(tmp_path: Path) -> None:
    (tmp_path / "dates.csv").write_text("b.html,2020-01-01\na.html,soon\n")
    with pytest.raises(UsageError, match="line 2"):
        read_dates(tmp_path / "dates.csv")
