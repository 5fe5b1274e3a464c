"""The contrast that a municipality's colour promises, for any colour."""

from __future__ import annotations

import random
import re

import pytest

from hjelpa.web import theme

WHITE = "#ffffff"


def some_colours() -> list[str]:
    chance = random.Random(20)
    corners = ["#000000", "#ffffff", "#ffcc00", "#ff0000", "#00ff00", "#0000ff", "#777777", "#808080"]
    return corners + [f"#{chance.randrange(1 << 24):06x}" for _ in range(500)]


def steps(css: str) -> tuple[dict[str, str], dict[str, str]]:
    light, dark = re.findall(r"\{(--ds[^{}]*)\}", css)[:2]
    accent = r"--ds-color-accent-([a-z-]+):(#[0-9a-f]{6});"
    return dict(re.findall(accent, light)), dict(re.findall(accent, dark))


def contrast(one: str, other: str) -> float:
    return theme.contrast(theme._parse(one), theme._parse(other))


@pytest.fixture(scope="module")
def themes() -> list[tuple[dict[str, str], dict[str, str]]]:
    return [steps(theme.theme_css(colour)) for colour in some_colours()]


def test_sixteen_steps_in_light_and_dark(themes: list[tuple[dict[str, str], dict[str, str]]]) -> None:
    assert all(len(light) == len(dark) == 16 for light, dark in themes)


def test_text_is_readable_on_every_surface(themes: list[tuple[dict[str, str], dict[str, str]]]) -> None:
    for light, dark in themes:
        assert contrast(light["text-subtle"], WHITE) >= 6.5
        assert contrast(light["text-subtle"], light["surface-tinted"]) >= 5.3
        assert contrast(light["text-default"], WHITE) >= 14
        assert contrast(light["border-default"], WHITE) >= 4.3
        assert contrast(dark["text-subtle"], dark["surface-tinted"]) >= 5.3
        assert contrast(dark["text-default"], dark["surface-tinted"]) >= 11
        assert contrast(dark["border-default"], dark["background-default"]) >= 4.3


def test_words_on_buttons_are_readable_also_when_touched(
    themes: list[tuple[dict[str, str], dict[str, str]]],
) -> None:
    for both in themes:
        for one in both:
            words = one["base-contrast-default"]
            at_rest = contrast(one["base-default"], words)
            assert at_rest >= 4.5
            assert contrast(one["base-hover"], words) >= at_rest - 0.01
            assert contrast(one["base-active"], words) >= at_rest - 0.01
            assert contrast(one["base-contrast-subtle"], one["base-default"]) >= 4.4


def test_a_pale_colour_is_warned_about_and_a_darker_shade_offered() -> None:
    assert theme.contrast_warning("#1e5aa8") is None
    for colour in some_colours():
        offered = theme.contrast_warning(colour)
        if contrast(colour, WHITE) < 3:
            assert offered is not None
            assert contrast(offered, WHITE) >= 3
            assert theme.contrast_warning(offered) is None
        else:
            assert offered is None


def test_the_chosen_colour_is_kept_as_it_is() -> None:
    assert "--ds-color-accent-base-default:#1e5aa8;" in theme.theme_css("#1E5AA8")


@pytest.mark.parametrize(
    "colour",
    [
        "",
        "red",
        "#fff",
        "1e5aa8",
        "#1e5aa8;",
        "#1e5aa8}",
        "#1e5aag",
        "#1e5aa8\n",
        "url(x)",
        "#１２３４５６",
        "var(--x)",
    ],
)
def test_anything_but_six_hex_digits_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        theme.theme_css(colour)
