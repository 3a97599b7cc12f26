"""How Sphinx makes the site: `make docs`, or `python -m sphinx -W docs build/docs`. Nothing is fetched, and no page fetches anything.

Pages are Markdown; marks in those of the reference are filled in by `pages.py` as they are read.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import counterlife  # noqa: E402 - from this checkout
from docs import pages  # noqa: E402

project = "Counterlife"
author = "Counterlife contributors"
version = release = counterlife.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["requirements.lock"]
myst_enable_extensions = ["attrs_block"]
myst_heading_anchors = 3
default_role = "literal"  # `name` in docstrings
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True
autodoc_class_signature = "separated"  # nobody makes these objects by hand
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "exclude-members": "__init__"}

html_theme = "furo"
html_title = "Counterlife"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_search_summary = False  # it fetches the pages it found, which a browser refuses for files
html_show_copyright = False
_SIGNATURES = {"color-api-name": "var(--color-foreground-primary)", "color-api-pre-name": "var(--color-foreground-secondary)"}
html_theme_options = {
    "top_of_page_buttons": [],
    "footer_icons": [],
    "light_css_variables": _SIGNATURES,
    "dark_css_variables": _SIGNATURES,
}
pygments_style = "default"
pygments_dark_style = "github-dark"


def setup(app: Any) -> None:
    """Marks are filled in, always anew, since what fills them is not in the pages."""
    app.connect("source-read", _fill)
    app.connect("html-page-context", _reach, priority=900)  # after the theme has made its navigation
    app.connect("autodoc-process-docstring", _list)
    app.connect(
        "env-get-outdated", lambda app, env, *changes: [name for name in env.found_docs if name.startswith(("index", "reference/"))]
    )


def _reach(app: Any, name: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """Headings of the navigation say how deep they are, and wide tables are scrolled by the keyboard too, both of which the theme forgets;
    long keys and paths may break after a dot or a slash."""
    context["furo_navigation_tree"] = context["furo_navigation_tree"].replace('role="heading"', 'role="heading" aria-level="2"')
    body = context.get("body", "").replace('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper')
    context["body"] = re.sub(r'<span class="pre">[^<]+', lambda code: re.sub(r"([./])(?=\*|\w{3})", r"\1<wbr>", code[0]), body)


def _list(app: Any, what: str, name: str, described: Any, options: Any, lines: list[str]) -> None:
    if what in ("function", "method"):
        lines[:] = pages.listed("\n".join(lines), inspect.signature(described).parameters).splitlines()


def _fill(app: Any, docname: str, source: list[str]) -> None:
    source[0] = pages.filled(source[0])
