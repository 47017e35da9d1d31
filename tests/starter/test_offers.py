"""The mapping is data: it is checked when it is read, and says where it is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from locator.errors import ConfigError
from locator.server.icons import icon_names
from locator.starter.offers import OFFERS, load_offers, says


def vocabulary(root: Path) -> dict[str, dict[str, object]]:
    return tomllib.loads((root / "locator/vocabulary.toml").read_text("utf-8"))


def test_every_service_is_a_word_of_the_map(root: Path) -> None:
    said = load_offers()
    named = {service for offer in said.offers for service in offer.services}
    named |= {service for each in said.stated for service in (*each.services, *each.without)}
    assert named <= vocabulary(root)["services"].keys()


def test_its_kinds_are_its_own_used_and_drawn(root: Path) -> None:
    said = load_offers()
    assert not said.kinds.keys() & vocabulary(root)["kinds"].keys()
    assert said.kinds.keys() == {offer.kind for offer in said.offers}
    assert {kind.icon for kind in said.kinds.values()} <= icon_names()
    for language in ("zh", "en"):
        words = [getattr(kind, language) for kind in said.kinds.values()]
        assert len(set(words)) == len(words), "a kind is told by its name"


def test_no_reason_has_words_for_nothing() -> None:
    said = load_offers()
    source = OFFERS.read_text("utf-8")
    code = "".join(path.read_text("utf-8") for path in OFFERS.parent.glob("*.py"))
    for reason, words in said.reasons.items():
        assert words["zh"]
        assert words["en"]
        assert f'reason = "{reason}"' in source or f'"{reason}"' in code, reason


def test_every_kind_of_candidate_can_be_acted_on() -> None:
    """The actions are those that the illustrative candidates have."""
    actions = {action for site in load_offers().candidates for action in site.actions}
    assert actions == {"open_full_station", "sign_up_shop", "place_cabin", "extend_hours_24h"}


@pytest.mark.parametrize(
    ("text", "values", "fits"),
    [
        ("cafe", ("cafe",), True),
        ("cafe;bar", ("bar",), True),
        ("Cafe ; bar", ("cafe",), True),
        ("bar", ("cafe",), False),
        ("caf", ("cafe",), False),
        ("anything", ("*",), True),
        ("no", ("*",), False),
        ("", ("*",), False),
        (";", ("*",), False),
        (None, ("*",), False),
    ],
)
def test_what_a_tag_says(text: str | None, values: tuple[str, ...], fits: bool) -> None:
    tags = {} if text is None else {"amenity": text}
    assert says(tags, "amenity", values) is fits


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "cafe"', 'kind = "coffee"', "the kind 'coffee' has no table"),
        ('reason = "no_seats"', 'reason = "none"', "the reason 'none' has no words"),
        (
            'actions = ["sign_up_shop"]',
            "actions = []",
            "candidates, entry 3, actions：至少要写 1 个",
        ),
        ('entry = "free"', 'entry = "bell"', "offers, entry 1, entry：只能写 "),
        (
            'tags = { amenity = ["cafe"] }',
            "",
            "offers, entry 8, tags：缺这一项，请改正 / Field required",
        ),
        ("stop = false", "stops = false", "kinds, public_toilet, stops：没有这一项"),
        ("flat_m2 = 90.0", "flat_m2 = -90.0", "demand, homes, flat_m2：要大于 0"),
        ("workday = [0.3, ", "workday = [", "demand, waiting, workday："),
        ('"Mo-Su 11:00-22:00"', '"from time to time"', "demand, assumed_hours："),
        ("[kinds.cafe]", "[kinds.cafe", "not a TOML file"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = OFFERS.read_text("utf-8")
    assert old in text
    path = tmp_path / "offers.toml"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_offers(path)
    assert str(caught.value).startswith(f"{path}：")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"offers\.toml：读不了.* / cannot be read \(No such file"
    ):
        load_offers(tmp_path / "offers.toml")
