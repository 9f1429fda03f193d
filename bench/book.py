"""How long the manual takes as PDF and EPUB, and how much memory, in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass

from app.learning.downloads import made
from assessments.framework import load_framework
from modules import load_manual


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds for both files together, the most memory in MB at any time, and how many pages."""

    seconds: float
    memory: float
    pages: int
    chapters: int


def cost() -> Cost:
    """Return what it costs in a fresh process, which reads every file of the manual first."""
    command = [sys.executable, "-m", "bench.book"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return Cost(**json.loads(said))


def _measured() -> Cost:
    manual, award = load_manual(), load_framework()
    began = time.perf_counter()
    files = made(manual, award)
    seconds = time.perf_counter() - began
    # Kilobytes on Linux, bytes on a Mac.
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return Cost(
        seconds=seconds,
        memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        pages=files["pdf"].content.count(b"/Type /Page\n"),
        chapters=len(manual.chapters),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(_measured())))
