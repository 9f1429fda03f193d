"""A manual of one chapter and one case, small enough to break on purpose."""

from pathlib import Path

CHAPTER = """---
number: 5
slug: keeping-quiet
title: Keeping quiet
edition: "2026.1"
purpose: To keep what can be kept.
minutes: 10
criteria: [M3.1.1]
---

/// scene
A kitchen, late.
///

## 5.1 The contract {#contract}

The client is told first. It "matters".

/// note | §3.3
The report says so.
///

/// keypoint
Before, not after.
///

## Summary

Say it first.

/// openquestion | OQ5: How much?
    left: All
    right: Some

### left
Say all.

### right
Say some.

### Always | Participant H, §3.3
Always.

### Sometimes | Participant A, §3.3
Sometimes.
///

/// reflection
R5.1: What would you say?
///

/// check | K5.1
    kind: single
    section: contract
    safety: true

What first?

- [x] Say it
  > Yes.
- [ ] Wait
  > Too late.
- [ ] Write
  > Nobody reads it.
///

/// reading
- Perry (1999)
///
"""

GLOSSARY = """terms:
  - term: Client
    means: The person who is mentored.
    link: [client, clients]
"""

CONVENTIONS = """trust_opens_at: 7
cards:
  - {name: Red card, meaning: Abuse., what_happens: It is raised.}
  - {name: Black card, meaning: Detail., what_happens: It is raised.}
  - {name: Freeze, meaning: A pause., what_happens: All stop.}
  - {name: Real stop, meaning: The end., what_happens: It ends.}
backgrounds:
  - {pathway: P1, name: One, text: A circle.}
  - {pathway: P2, name: Two, text: A circle.}
  - {pathway: P3, name: Three, text: A circle.}
grid:
  - {ref: M5.2.2, achieved: The way is clear., not_yet: It is not.}
"""

CASE = """code: CS1
slug: cs01-first
title: First
pathway: common
backgrounds: [P1, P3]
minutes: 20
debrief_minutes: 20
rounds: 1
pair: false
tension: [OQ5]
trust_start: 2
setting: A room.
observes: [M3.2.1, M5.2.2]
"""

LEARNER = """---
---
Meet Jamie.
"""

PLAYER = """---
if_trusted: The message was read aloud.
escalates: Being lectured.
softens: The truth.
test_line: "Write that down."
delivery_p: With a grin.
delivery_r: Quietly.
facts: [A sister, Two buses, The top floor]
names: [Jamie, Simran, Kofi, Zofia]
---
## Persona

Jamie is quick.

## How to play

Guarded.
"""

ASSESSOR = """---
scenes:
  - {number: 1, title: Arrival, starts: 0, ends: 5, cue: Jamie enters.}
  - {number: 2, title: Rules, starts: 5, ends: 12, cue: Jamie begins.}
  - {number: 3, title: Next, starts: 12, ends: 20, cue: Jamie stands.}
grid:
  - {ref: M3.2.1, achieved: Said first., not_yet: Said late.}
stops: [A promise of secrecy]
debrief:
  - {who: Learner, text: Ask when.}
  - {who: Role player, text: Ask which.}
  - {who: Assessor, text: Ask what.}
---
Set out two chairs.
"""

EDITION = """---
title: Quiet
subtitle: A small book
edition: "2026.1"
published: "2026-05-04"
---

This book is small.
"""

FILES = {
    "edition.md": EDITION,
    "glossary.yaml": GLOSSARY,
    "chapters/05-keeping-quiet.md": CHAPTER,
    "cases/conventions.yaml": CONVENTIONS,
    "cases/cs01-first/case.yaml": CASE,
    "cases/cs01-first/learner.md": LEARNER,
    "cases/cs01-first/player.md": PLAYER,
    "cases/cs01-first/assessor.md": ASSESSOR,
}
CHAPTER_FILE = "chapters/05-keeping-quiet.md"


def a_manual(folder: Path, **changes: tuple[str, str]) -> Path:
    """The tiny manual on disk; each change replaces words in the file whose stem it names.

    Raises ValueError when the words to replace are not there, so that no test breaks nothing.
    """
    for name, text in FILES.items():
        old, new = changes.get(Path(name).stem.split("-")[0].replace("05", "chapter"), ("", ""))
        if old not in text:
            raise ValueError(f"{name} has no {old!r}")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder


def line_of(text: str, words: str) -> int:
    """The number of the first line that holds some words."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if words in line)
