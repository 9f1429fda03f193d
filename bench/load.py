"""How many answers a second: several visitors at once, each on a kept-open connection."""

import threading
import time
from collections.abc import Callable, Sequence
from statistics import median

from bench.visitor import Visitor

VISITORS = 8
ROUNDS, SECONDS = 5, 2.0


def per_second(acts: Sequence[Callable[[], int]], seconds: float = SECONDS) -> float:
    """Return how many times a second the acts, one for each thread, were done.

    Raises RuntimeError when an answer is no success.
    """
    done, wrong = [0] * len(acts), list[int]()
    end = time.perf_counter() + seconds

    def work(place: int, act: Callable[[], int]) -> None:
        while time.perf_counter() < end and not wrong:
            status = act()
            if status >= 400:
                wrong.append(status)
            done[place] += 1

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(acts)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise RuntimeError(f"an answer was {wrong[0]}")
    return sum(done) / (time.perf_counter() - began)


def reading(port: int, path: str, cookies: dict[str, str]) -> list[Callable[[], int]]:
    """Return visitors who open one page again and again."""

    def reader() -> Callable[[], int]:
        visitor = Visitor(port, dict(cookies))
        return lambda: visitor.get(path).status

    return [reader() for _ in range(VISITORS)]


def ratios(
    pairs: dict[str, tuple[Sequence[Callable[[], int]], ...]],
) -> dict[str, tuple[float, ...]]:
    """Return (ours, bare, ratio) for each page. Rounds alternate, so that both meet the same day.

    The ratio is the median of the rounds' ratios.
    """
    for ours, bare in pairs.values():
        per_second(ours, 0.5)
        per_second(bare, 0.5)
    counted: dict[str, list[tuple[float, float]]] = {name: [] for name in pairs}
    for _ in range(ROUNDS):
        for name, (ours, bare) in pairs.items():
            counted[name].append((per_second(bare), per_second(ours)))
    return {
        name: (
            median(ours for _, ours in rows),
            median(bare for bare, _ in rows),
            median(ours / bare for bare, ours in rows),
        )
        for name, rows in counted.items()
    }
