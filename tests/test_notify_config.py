"""The section `notify`: what it means, and that a secret in the file is refused without being shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import notify_plan
from monitor.config import Config, load_config
from monitor.errors import ConfigError
from monitor.notify.targets import Alert, Target, address_of

SECRET = "hunter22"  # noqa: S105 - of nothing


def configured(folder: Path, text: str) -> Config:
    """Load a configuration."""
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_plan_says_who_is_told_what(tmp_path: Path) -> None:
    """Targets and alerts are taken over; an address is the name of a variable."""
    plan = notify_plan(
        configured(
            tmp_path,
            """
watchlists: [{name: Tea, queries: [tea]}]
notify:
  targets:
    - {name: office, address: "${OFFICE}", digest: true, watchlists: [Tea], alerts: [Wide]}
    - {name: admin, address: "${ADMIN}", health: true}
  alerts: [{name: Wide, outlets: 3, cooldown: 2h}]
digest: {site: "https://desk.example/news"}
""",
        )
    )
    assert plan.targets == (
        Target("office", "OFFICE", digest=True, watchlists=("Tea",), alerts=("Wide",)),
        Target("admin", "ADMIN", health=True),
    )
    assert plan.alerts == (Alert("Wide", 3, (), timedelta(hours=2)),)
    assert (plan.site, plan.health_cooldown) == ("https://desk.example/news/", timedelta(hours=6))


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (f"targets: [{{name: a, address: 'mailto://u:{SECRET}@h.example', digest: true}}]", r"notify\.targets\[0\]\.address: must be the name of an environment variable"),
        (f"targets: [{{name: a, address: '${{X}}{SECRET}', digest: true}}]", "must be the name of an environment variable"),
        (f"targets: 'mailto://u:{SECRET}@h.example'", r"notify\.targets: must be a list"),
        (f"'mailto://u:{SECRET}@h.example'", "notify: must hold keys"),
        (f"targets: [{{name: a, address: ['{SECRET}'], digest: true}}]", "address: must be a text"),
        (f"targets: [{{name: a, address: '${{A}}', digest: '{SECRET}'}}]", "digest: must be true or false"),
        ("targets: [{name: a, address: '${A}'}]", "is sent nothing; add"),
        ("targets: [{name: a, address: '${A}', alerts: [No]}]", "names an alert that is not defined: No"),
        ("targets: [{name: a, address: '${A}', digest: true}, {name: a, address: '${B}', digest: true}]", "two of the targets have one name"),
        ("targets: [{name: a, address: '${A}', watchlists: [No]}]", r"notify\.targets\[0\]\.watchlists: 'No' is no watchlist"),
        ("alerts: [{name: All}]", "would be raised by every story"),
        ("alerts: [{name: When, queries: ['since:soon']}]", r"notify\.alerts\[0\]\.queries: since:soon names no day"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named_without_secrets(tmp_path: Path, section: str, message: str) -> None:
    """One line says where and what to do; what was written in place of a name is never shown."""
    with pytest.raises(ConfigError, match=message) as refused:
        notify_plan(configured(tmp_path, f"notify:\n  {section}\n"))
    assert SECRET not in str(refused.value)


def test_address_is_hidden_part_by_part() -> None:
    """Neither the address nor a part of it that could be a secret is left in a message; plain words are."""
    target = Target("a", "A")
    url = "mailto://someone:p%40ss-word@mail.example:587?to=reader@desk.example&mode=insecure"
    address = address_of(target, {"A": f"{url}\n  jsons://hooks.example/t0ken "})
    said = (
        f"connection to mail.example with p@ss-word (p%40ss-word) of {url} failed at https: t0ken, reader@desk.example"
    )
    hidden = address.hide(said)
    for secret in ("p@ss-word", "p%40ss-word", "someone", "t0ken", "reader", "mail.example"):
        assert secret not in hidden
    assert hidden.startswith("connection to *** with *** (***)")
    assert "someone" not in repr(address)
