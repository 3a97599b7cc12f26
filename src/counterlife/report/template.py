"""The templates of pages. A blank that nobody fills is an error; everything is escaped that is not said to be safe."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(name: str) -> Template:
    """The template of a page, by its name."""
    loader = PackageLoader("counterlife.report")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template(f"{name}.html.j2")
