"""Addresses for every page of the site, with values that belong to nothing."""

from flask import Flask
from werkzeug.routing import Rule

from app.addresses import LARGEST

#: The words that some addresses hold; any other gets "x".
WORDS = {"path": "x", "default": "x", "string": "x"}


def address(rule: Rule, number: int = LARGEST) -> str:
    """Return the address of a page, each number in it being ``number``, each word "x"."""
    values = {
        name: number if type(converter).__name__ == "RowNumber" else "x"
        for name, converter in rule._converters.items()
    }
    _, path = rule.build(values, append_unknown=False)
    return path


def pages(app: Flask, method: str) -> list[Rule]:
    """Return every page that answers to the method, static files aside."""
    rules = [r for r in app.url_map.iter_rules() if method in r.methods and r.endpoint != "static"]
    return sorted(rules, key=lambda rule: rule.rule)
