from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.model import Settings
from monitor.settings import SECRETS, exceptions, load_settings

GOOD = """\
contact = "https://watch.example/about"
allow_networks = ["10.1.2.3/16", "127.0.0.1"]
allow_ports = [80, 443, 8080]
delay = "2s"
deadline = "45s"
workers = 4
certificate_file = "authority.pem"
public_url = "https://watch.example/policies/"
operator = ["ops@watch.example", "ops@watch.example", "night@Watch.Example"]
mail_from = "policies@watch.example"
smtp_host = "mail.watch.example"
smtp_port = 465
smtp_security = "tls"
mail_per_minute = 20
notify = ["ntfys://ntfy.example/topic?x=1,2"]
bounce_address = "bounces@watch.example"
site_title = "What they changed"
"""


def installation(tmp_path: Path, text: str | None) -> Path:
    (tmp_path / "authority.pem").write_text("x")
    if text is not None:
        (tmp_path / "settings.toml").write_text(text)
    return tmp_path


def problems(root: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_settings(root, environ or {})
    return [str(problem) for problem in caught.value.problems]


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"HOME": "/x"}) == Settings(root=tmp_path)


def test_everything_in_the_file_arrives(tmp_path: Path) -> None:
    root = installation(tmp_path, GOOD)
    assert load_settings(root, {}) == Settings(
        root=root,
        contact="https://watch.example/about",
        allow_networks=("10.1.0.0/16", "127.0.0.1/32"),
        allow_ports=(80, 443, 8080),
        delay=timedelta(seconds=2),
        deadline=timedelta(seconds=45),
        workers=4,
        certificate_file=root / "authority.pem",
        public_url="https://watch.example/policies",
        operator=("ops@watch.example", "night@watch.example"),
        mail_from="policies@watch.example",
        smtp_host="mail.watch.example",
        smtp_port=465,
        smtp_security="tls",
        mail_per_minute=20,
        notify=("ntfys://ntfy.example/topic?x=1,2",),
        bounce_address="bounces@watch.example",
        site_title="What they changed",
    )


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    root = installation(tmp_path, GOOD)
    environ = {
        "POLICY_MONITOR_SMTP_PORT": "2525",
        "POLICY_MONITOR_OPERATOR": "a@x.example, b@x.example",
        "POLICY_MONITOR_ALLOW_PORTS": "80 8443",
        "POLICY_MONITOR_NOTIFY": "ntfy://a/b?x=1,2 json://c",
        "POLICY_MONITOR_SITE_TITLE": "Ours",
        "POLICY_MONITOR_CONTACT": "",
        "POLICY_MONITOR_ROOT": "/elsewhere",
        "POLICY_MONITOR_SMTP_PASSWORD": "hunter2",
    }
    settings = load_settings(root, environ)
    assert (settings.smtp_port, settings.site_title) == (2525, "Ours")
    assert settings.operator == ("a@x.example", "b@x.example")
    assert settings.allow_ports == (80, 8443)
    assert settings.notify == ("ntfy://a/b?x=1,2", "json://c")
    assert settings.contact == "https://watch.example/about", "an empty variable is no value"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('contakt = "x"', "unknown key (did you mean contact?)"),
        ('contact = "nobody"', "only http and https"),
        ('contact = "a@b"', "no domain name"),
        ('allow_networks = ["10.0.0.0/99"]', "no network"),
        ("allow_ports = [0]", "not within 1 and 65535"),
        ('allow_ports = ["80"]', "number 1: expected a whole number, found text"),
        ("delay = 5", "a number is no length of time"),
        ('delay = "2h"', "too long (at most 1h)"),
        ('deadline = "0s"', "too short (at least 1s)"),
        ("workers = 0", "not within 1 and 64"),
        ("workers = 2.5", "found a fraction"),
        ("workers = true", "found true or false"),
        ("workers = inf", "found a fraction"),
        ('certificate_file = "missing.pem"', "there is no file"),
        ('public_url = "ftp://x.example"', "only http and https"),
        ('public_url = "https://x.example/?a"', "must not hold ? or #"),
        ('operator = "a@b.example"', 'write operator = ["…"]'),
        ('operator = ["a@b.example\\nBcc: c@d.example"]', "line break"),
        ('operator = ["a@b.example, c@d.example"]', "one @"),
        ('mail_from = "Anna <a@b.example>"', "not allowed"),
        ('smtp_security = "ssl"', "one of starttls, tls, none"),
        ('smtp_host = "user:pw@mail.example"', "no valid host name"),
        ('smtp_password = "hunter2"', "secrets come from the environment: POLICY_MONITOR_SMTP_PASSWORD"),
        ('key = "0123456789"', "POLICY_MONITOR_KEY"),
        ('notify = ["ops"]', "no notification target"),
        ('[mail]\nsmtp_host = "x"', "unknown key"),
        ('site_title = ""', "is empty"),
        ("site_title = [", "TOML"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    root = installation(tmp_path, f"# settings\n{line}\n")
    found = problems(root)
    if "smtp_host" in line and "[mail]" not in line:
        found = [problem for problem in found if "mail_from is missing" not in problem]
    assert len(found) == 1
    assert says in found[0]
    assert found[0].startswith("line 2: ") or "TOML" in found[0]


def test_a_bad_variable_is_named_and_told_together_with_the_file(tmp_path: Path) -> None:
    root = installation(tmp_path, 'workers = "many"')
    found = problems(root, {"POLICY_MONITOR_SMTP_PORT": "many", "POLICY_MONITOR_OPERATER": "x"})
    assert found == [
        "environment (POLICY_MONITOR_…), smtp_port: expected a whole number, found text",
        "environment (POLICY_MONITOR_…), operater: unknown key (did you mean operator?)",
        "line 1: workers: expected a whole number, found text",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POLICY_MONITOR_SMTP_HOST", "user:hunter2@mail.example"),
        ("POLICY_MONITOR_PUBLIC_URL", "https://user:hunter2@x.example"),
        ("POLICY_MONITOR_NOTIFY", "hunter2"),
        ("POLICY_MONITOR_OPERATOR", "hunter2"),
        ("POLICY_MONITOR_SMPT_PASSWORD", "hunter2"),
    ],
)
def test_no_message_repeats_what_may_be_a_secret(tmp_path: Path, name: str, value: str) -> None:
    assert "hunter2" not in "\n".join(problems(tmp_path, {name: value}))


def test_a_sender_is_needed_as_soon_as_a_mail_server_is_named(tmp_path: Path) -> None:
    root = installation(tmp_path, 'smtp_host = "mail.example"')
    assert problems(root) == ["file: mail_from is missing (smtp_host is set, and every mail needs a sender)"]


def test_exceptions_to_the_fetch_rules_are_told_and_only_those(tmp_path: Path) -> None:
    plain = Settings(root=tmp_path)
    assert exceptions(plain) == ()
    lenient = load_settings(installation(tmp_path, GOOD), {})
    assert [line.partition(":")[0] for line in exceptions(lenient)] == [
        "networks that are not public may be fetched from",
        "ports beyond 80 and 443 may be used",
        "requests to one host may follow each other after 2s",
        "further certificate authorities are trusted",
    ]


def test_the_names_of_secrets_are_no_settings() -> None:
    names = {f"POLICY_MONITOR_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert not names & set(SECRETS)


def test_a_dangling_link_is_no_missing_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").symlink_to(tmp_path / "gone.toml")
    assert "is not there" in problems(tmp_path)[0]
