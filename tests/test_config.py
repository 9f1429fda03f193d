"""The settings: unsafe ones are refused by name, and secrets are never shown."""

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from app import firstrun
from app.config import Config, Mode, UnsafeSetting
from app.uploads import MOST_AT_ONCE
from tests.conftest import SEAL

ROOT = Path(__file__).parent.parent
KEY = SEAL
SAFE = {
    "SECRET_KEY": "correct-horse-battery-staple-0123456789",
    "SEALED_KEYS": KEY,
    "DATABASE_URL": "postgresql://towpath:pass-word@db.example.org/towpath",
    "EVIDENCE_URL": "s3://evidence/towpath",
    "BASE_URL": "https://towpath.example.org",
}


class TestProductionMode:
    def test_it_is_what_the_site_runs_in_unless_told_otherwise(self):
        assert Config.from_environment(SAFE).MODE is Mode.PRODUCTION
        assert Config.from_environment({**SAFE, "TOWPATH_MODE": ""}).MODE is Mode.PRODUCTION

    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("SECRET_KEY", ""),
            ("SECRET_KEY", "short"),
            ("SECRET_KEY", "a" * 64),
            ("SEALED_KEYS", ""),
            ("SEALED_KEYS", "no key at all"),
            ("SEALED_KEYS", f"{KEY},cut-off"),
            ("DATABASE_URL", ""),
            ("DATABASE_URL", "no address"),
            ("DATABASE_URL", "mysql://host/towpath"),
            ("DATABASE_URL", "sqlite://"),
            ("DATABASE_URL", "sqlite:///:memory:"),
            ("BASE_URL", "http://towpath.example.org"),
            ("BASE_URL", ""),
            ("MAIL_URL", "http://mail.example.org"),
            ("MAIL_URL", "mail.example.org"),
            ("EVIDENCE_URL", ""),
            ("EVIDENCE_URL", "/srv/evidence"),
            ("EVIDENCE_URL", "file://srv/evidence"),
            ("EVIDENCE_URL", "file:///"),
            ("EVIDENCE_URL", f"file://{ROOT}/app/static/evidence"),
            ("EVIDENCE_URL", f"file://{ROOT}/README.md/evidence"),
            ("EVIDENCE_URL", f"file:///srv/{'too-long' * 40}/evidence"),
            ("EVIDENCE_URL", "s3://"),
            ("EVIDENCE_URL", "s3://evidence/../other"),
            ("EVIDENCE_URL", "s3://key:hunter2@evidence"),
            ("EVIDENCE_URL", "https://evidence.example.org"),
            ("EVIDENCE_URL", "memory:///"),
            ("REDIS_URL", "redis.example.org:6379"),
            ("REDIS_URL", "http://redis.example.org"),
            ("REDIS_URL", "redis+unix:///run/redis.sock"),
            ("REDIS_URL", "redis://redis.example.org:6379/0"),
            ("REDIS_URL", "rediss://redis.example.org:many"),
            ("REDIS_URL", "rediss://redis.example.org/zero"),
            ("REDIS_URL", "rediss://redis.example.org?ssl_cert_reqs=none"),
            ("REDIS_URL", "rediss://redis.example.org?socket_timeout="),
            ("LOG_LEVEL", "LOUD"),
            ("TRUSTED_PROXIES", "all"),
            ("TRUSTED_PROXIES", "-1"),
            ("TOWPATH_MODE", "staging"),
        ],
    )
    def test_an_unsafe_setting_is_refused_by_name(self, setting, value):
        with pytest.raises(UnsafeSetting) as refusal:
            Config.from_environment({**SAFE, setting: value})

        assert str(refusal.value).startswith(setting)

    @pytest.mark.parametrize("what", ["exists", "resolve"])
    def test_a_folder_that_may_not_be_looked_into_is_refused_by_name(self, monkeypatch, what):
        def forbidden(*_, **__):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, what, forbidden)

        with pytest.raises(UnsafeSetting, match=r"^EVIDENCE_URL names a folder that this process"):
            Config.from_environment({**SAFE, "EVIDENCE_URL": "file:///srv/evidence"})

    def test_mail_to_another_machine_is_encrypted(self):
        mail = {"MAIL_FROM": "towpath@example.org"}

        with pytest.raises(UnsafeSetting, match=r"^MAIL_URL"):
            Config.from_environment({**SAFE, **mail, "MAIL_URL": "smtp://mail.example.org?tls=no"})
        assert Config.from_environment({**SAFE, **mail, "MAIL_URL": "smtp://localhost?tls=no"})

    @pytest.mark.parametrize(
        "url",
        ["redis://localhost", "redis://:pw@127.0.0.1:6380/1", "redis://[::1]",
         "rediss://me:pw@redis.example.org:6379/0?ssl_ca_certs=/etc/redis.pem"],
    )  # fmt: skip
    def test_a_redis_is_on_this_machine_or_encrypted(self, url):
        config = Config.from_environment({**SAFE, "REDIS_URL": url})

        assert url == config.REDIS_URL

    def test_a_demonstration_may_use_any_redis(self):
        demo = {**SAFE, "TOWPATH_MODE": "demonstration", "REDIS_URL": "redis://redis"}

        assert Config.from_environment(demo).REDIS_URL == "redis://redis"

    def test_mail_comes_from_an_address_that_can_be_answered(self):
        with pytest.raises(UnsafeSetting, match=r"^MAIL_FROM"):
            Config.from_environment({**SAFE, "MAIL_URL": "smtp://mail.example.org"})

    def test_a_refusal_never_repeats_a_secret(self):
        settings = (
            "SECRET_KEY",
            "SEALED_KEYS",
            "DATABASE_URL",
            "EVIDENCE_URL",
            "MAIL_URL",
            "REDIS_URL",
        )
        for setting in settings:
            with pytest.raises(UnsafeSetting) as refusal:
                Config.from_environment({**SAFE, setting: "oracle://me:hunter2@host"})
            assert "hunter2" not in str(refusal.value)


class TestSettings:
    def test_nothing_secret_is_shown(self):
        config = Config.from_environment(
            {
                **SAFE,
                "MAIL_URL": "smtps://me:hunter2@mail",
                "MAIL_FROM": "a@example.org",
                "REDIS_URL": "rediss://:hunter3@redis",
            }
        )

        for secret in ("correct-horse", KEY, "pass-word", "hunter2", "hunter3"):
            assert secret not in repr(config)

    def test_they_never_change(self):
        config = Config.from_environment(SAFE)

        with pytest.raises(AttributeError):
            config.SECRET_KEY = "another"

    def test_the_cookie_is_for_encrypted_connections_wherever_the_site_is(self):
        config = Config.from_environment(SAFE)

        assert config.SESSION_COOKIE_SECURE
        assert not replace(config, BASE_URL="http://127.0.0.1:8000").SESSION_COOKIE_SECURE

    def test_a_slash_at_the_end_of_the_address_does_not_spoil_links(self):
        config = Config.from_environment({**SAFE, "BASE_URL": "https://towpath.example.org/"})

        assert config.BASE_URL == "https://towpath.example.org"

    def test_the_readme_lists_each_with_its_default(self):
        table = dict(
            re.findall(r"^\| `([A-Z_]+)` \| ([^|]*?) \|", (ROOT / "README.md").read_text(), re.M)
        )
        source = (ROOT / "app/config.py").read_text()
        plain = re.search(r"_PLAIN = \((.*?)\)", source, re.S)[1]
        read = set(re.findall(r'environ\.get\(\s*"([A-Z_]+)"', source))
        read |= set(re.findall(r'"([A-Z_]+)"', plain))
        fields = Config.__dataclass_fields__

        assert set(table) - {"PORT"} == read
        for name, default in table.items():
            if name in fields and fields[name].default in {None, ""}:
                assert default == "none"
            elif name in fields and isinstance(fields[name].default, str | int):
                assert default == f"`{fields[name].default}`"

    def test_the_readme_has_the_proxy_let_through_what_the_site_takes(self):
        said = re.search(r"`client_max_body_size (\d+)m;`", (ROOT / "README.md").read_text())

        assert int(said[1]) * 2**20 >= MOST_AT_ONCE  # nginx counts in powers of two


class TestTheFirstRun:
    def test_it_makes_fresh_keys_that_only_the_owner_may_read(self, tmp_path):
        path = firstrun.settings(tmp_path / "instance")
        lines = dict(line.split("=", 1) for line in path.read_text().splitlines())

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert Config.from_environment(lines).MODE is Mode.DEMONSTRATION

    def test_it_never_replaces_keys(self, tmp_path):
        first = firstrun.settings(tmp_path).read_text()

        assert firstrun.settings(tmp_path).read_text() == first

    def test_two_machines_never_share_them(self):
        assert not set(firstrun.fresh_keys()) & set(firstrun.fresh_keys())
