"""List each row of docs/features.md with the tests that show it: `make rows`."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| ([BFN]\d+) \| (.+?) \|")


def rows() -> dict[str, str]:
    """Return every row's number and first words."""
    lines = (ROOT / "docs/features.md").read_text().splitlines()
    return {m[1]: m[2] for line in lines if (m := ROW.match(line))}


class Collector:
    """Gathers the marks while pytest collects."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[object]) -> None:
        """Note each test under each of its rows."""
        for item in items:
            for mark in item.iter_markers("row"):
                for row in mark.args:
                    self.tests[row].append(item.nodeid)


def main() -> int:
    """Print the list. Returns 1 when a test names a row that does not exist."""
    import pytest

    collector = Collector()
    pytest.main(["--collect-only", "-p", "no:terminal", str(ROOT / "tests")], plugins=[collector])
    known = rows()
    for row, words in known.items():
        tests = sorted(set(collector.tests.get(row, [])))
        print(f"{row:5}{words[:90]}")
        for test in tests or ["(no test yet)"]:
            print(f"       {test}")
    shown = [row for row in known if row in collector.tests]
    print(f"{len(shown)} of {len(known)} rows have a test")
    unknown = sorted(set(collector.tests) - set(known))
    if unknown:
        print("Unknown rows:", ", ".join(unknown))
    return 1 if unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
