"""Measure, and print the table: ``python -m bench``."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import bare, book, papers, people, searching, serving
from bench.load import VISITORS, per_second, ratios, reading
from bench.visitor import Visitor
from bench.weight import weigh

CHAPTER = "/manual/a-missing-service"
STARTS = 3


@dataclass
class Line:
    """One line of the table. ``good`` is None where there is no target."""

    what: str
    found: str
    target: str = ""
    good: bool | None = None


def pages(folder: Path, scheme: people.Scheme) -> list[Line]:
    """Measure pages against bare ones of the same size, and what they weigh, and writing."""
    sheet = f"/assess/role-plays/{scheme.booking_id}/mark"
    with people.visited(scheme) as (port, learner, assessor):
        sizes = [len(learner.get(CHAPTER).body), len(assessor.get(sheet).body)]
        bare.prepare(str(folder / "bare.db"))
        settings = {
            "BARE_SIZES": ",".join(map(str, sizes)),
            "BARE_DATABASE": str(folder / "bare.db"),
        }
        with serving.served("bench.bare:app", settings, "/in") as other:
            plain = Visitor(other)
            plain.get("/in")
            found = ratios(
                {
                    "chapter page": (
                        reading(port, CHAPTER, learner.cookies),
                        reading(other, "/0", plain.cookies),
                    ),
                    "mark sheet": (
                        reading(port, sheet, assessor.cookies),
                        reading(other, "/1", plain.cookies),
                    ),
                }
            )
        lines = [
            _ratio(name, found[name], size, target)
            for name, size, target in zip(found, sizes, (0.6, 0.25), strict=True)
        ]
        lines += _weights("chapter page", weigh(learner, CHAPTER))
        lines += _weights("mark sheet", weigh(assessor, sheet))
        return [*lines, _writes(port)]


def _ratio(name: str, found: tuple[float, ...], size: int, target: float) -> Line:
    ours, plain, ratio = found
    what = f"{name}, {size / 1000:.0f} kB: {ours:.0f} a second; bare page: {plain:.0f}"
    return Line(what, f"{ratio:.2f}", f"at least {target}", ratio >= target)


def _weights(name: str, weight: tuple[int, int]) -> list[Line]:
    cached, cold = (size / 1000 for size in weight)
    return [
        Line(
            f"{name}, compressed, typefaces cached",
            f"{cached:.0f} kB",
            "at most 60 kB",
            cached <= 60,
        ),
        Line(
            f"{name}, compressed, nothing cached", f"{cold:.0f} kB", "at most 260 kB", cold <= 260
        ),
    ]


def _writes(port: int) -> Line:
    def writer() -> Visitor:
        visitor = Visitor(port).sign_in("learner@example.org", people.PASSWORD)
        visitor.token = visitor.token_on("/account")
        return visitor

    writers, number = [writer() for _ in range(VISITORS)], iter(range(10**9))
    acts = [
        lambda v=visitor: v.post("/account", {"working_name": f"Name {next(number)}"}).status
        for visitor in writers
    ]
    return Line(
        "names changed a second, each on disk with its audit event", f"{per_second(acts):.0f}"
    )


def first_answer(scheme: people.Scheme) -> Line:
    """Measure how long it takes from starting the server to its first page."""
    times = []
    for _ in range(STARTS):
        port, began = serving.free_port(), time.perf_counter()
        server = serving.start("wsgi:app", port, scheme.settings)
        try:
            serving.wait_for(port, "/sign-in")
            times.append(time.perf_counter() - began)
        finally:
            serving.kill(server)
    return Line(
        "first page after starting", f"{median(times):.1f} s", "at most 2.5 s", median(times) <= 2.5
    )


def certificate() -> Line:
    """Measure a certificate against one line on a page."""
    ours, line, ratio = papers.times()
    what = f"a certificate: {ours:.0f} ms; one line in its typeface: {line:.0f} ms"
    return Line(what, f"{ratio:.1f} times", "at most 4 times", ratio <= 4)


def manual() -> list[Line]:
    """Measure the manual as PDF and EPUB: how long, and how much memory."""
    found = book.cost()
    what = f"the manual as PDF and EPUB, {found.chapters} chapters, {found.pages} pages"
    return [
        Line(what, f"{found.seconds:.1f} s", "at most 20 s", found.seconds <= 20),
        Line("  the most memory", f"{found.memory:.0f} MB", "at most 300 MB", found.memory <= 300),
    ]


def search() -> Line:
    """Measure the slowest of several searches, in a manual of 400 chapters."""
    typed, took = searching.slowest()
    what = f"search in {searching.CHAPTERS} chapters, the slowest words: “{typed}”"
    return Line(what, f"{took:.0f} ms", "at most 50 ms", took <= 50)


def main() -> None:
    """Print the table. It is read by people, never by a test: machines differ from hour to hour."""
    with tempfile.TemporaryDirectory(prefix="towpath-bench-") as name:
        scheme = people.build(Path(name))
        lines = [*pages(Path(name), scheme), first_answer(scheme), certificate(), search()]
        lines += manual()
    wide = max(len(line.what) for line in lines)
    for line in lines:
        verdict = {True: "yes", False: "NO", None: ""}[line.good]
        print(f"{line.what:{wide}}  {line.found:>10}  {line.target:16}{verdict}")


if __name__ == "__main__":
    main()
