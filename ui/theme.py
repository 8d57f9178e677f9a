"""Gradio's theme, mapped onto the guide's own tokens in static/tokens.css: colour, type and space decided once."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

SANS = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Liberation Sans", "Arial", "sans-serif")
"""Fonts that the reader's machine has; nothing is downloaded."""
MONO = ("ui-monospace", "SFMono-Regular", "Consolas", "Liberation Mono", "monospace")

_COLOURS = {
    "body_background_fill": "--paper",
    "body_text_color": "--ink",
    "body_text_color_subdued": "--ink-soft",
    "background_fill_primary": "--paper",
    "background_fill_secondary": "--paper",
    "block_background_fill": "--paper",
    "block_border_color": "--rule",
    "border_color_primary": "--rule",
    "border_color_accent": "--accent",
    "color_accent_soft": "--accent-wash",
    "input_background_fill": "--raised",
    "input_border_color": "--rule-strong",
    "input_border_color_focus": "--accent",
    "input_placeholder_color": "--ink-soft",
    "link_text_color": "--accent",
    "button_primary_background_fill": "--accent",
    "button_primary_background_fill_hover": "--accent-strong",
    "button_primary_border_color": "--accent",
    "button_primary_text_color": "--on-accent",
    "button_secondary_background_fill": "--paper",
    "button_secondary_background_fill_hover": "--accent-wash",
    "button_secondary_border_color": "--rule-strong",
    "button_secondary_text_color": "--ink",
}


def theme() -> "Base":
    """The theme to give to `mount_gradio_app`; light and dark read the same tokens, which change with the scheme."""
    from gradio.themes import Base  # heavy, and needed only where the page is served

    built = Base(font=list(SANS), font_mono=list(MONO), radius_size="sm", text_size="md", spacing_size="md")
    values = {name: f"var({token})" for name, token in _COLOURS.items()}
    # Each dark variant is named too, or Gradio's own dark colour would stand in for it.
    return built.set(**values, **{f"{name}_dark": value for name, value in values.items()})
