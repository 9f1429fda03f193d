// The live mark sheet. Without this script every button posts a form; with it the clock ticks, a note carries the time of
// its first letter, and notes and marks are sent while the assessor goes on looking up.
import { Clock } from "./clock.js";
import { Outbox } from "./outbox.js";
import { guardLeaving } from "./sending.js";

const clock = new Clock(document.querySelector("[data-clock]"));
const outbox = new Outbox(document.querySelector("[data-connection]"), document.querySelector("[data-note-form]")?.dataset.keep);
const STATE_WORDS = { device: "On this device", sent: "Sent, not confirmed yet" };

function showState(place, kind, words) {
  if (!place) return;
  place.textContent = words;
  place.classList.toggle("is-wait", kind === "device" || kind === "sent");
  place.classList.toggle("is-stop", kind === "stop");
  if (!place.classList.contains("st")) return;
  place.classList.remove("st--wait", "st--none", "st--stop");
  place.classList.add(kind === "confirmed" ? "st--none" : kind === "stop" ? "st--stop" : "st--wait");
}

/** Follows one thing on its way and says in its own place where it has got to. */
function follow(place) {
  return (kind, data) => {
    if (kind === "saved") showState(place, "confirmed", `Confirmed ${data.saved}`);
    else if (kind === "clash") showClash(place, data);
    else if (kind === "refused") showState(place, "stop", data.error ?? "Not taken. Change it and send it again.");
    else showState(place, kind, STATE_WORDS[kind]);
  };
}

function showClash(place, data) {
  showState(place, "stop", "Changed somewhere else; both are kept. ");
  if (!data.url || !place) return;
  const link = document.createElement("a");
  link.href = data.url;
  link.textContent = "See both";
  place.append(link);
}

// ---------- notes ----------

class Notes {
  constructor(form, list) {
    this.form = form;
    this.list = list;
    this.button = form.querySelector("[data-note-time]");
    this.stamp = null; // seconds on the clock at the first letter of the note being written
    form.elements.text.addEventListener("input", () => this.typed());
    form.elements.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
    form.addEventListener("submit", (event) => this.add(event));
    clock.onTick(() => this.showTime());
    for (const entry of outbox.waiting("note")) this.bringBack(entry);
  }

  showTime() {
    if (this.button) this.button.textContent = clock.words(this.stamp ?? clock.seconds());
  }

  typed() {
    const { text, first_typed_at: typedAt, at_seconds: at } = this.form.elements;
    if (!text.value) {
      this.stamp = null;
      typedAt.value = at.value = "";
    } else if (this.stamp === null) {
      this.stamp = clock.seconds();
      typedAt.value = new Date().toISOString();
      at.value = String(this.stamp);
    }
    this.showTime();
  }

  add(event) {
    event.preventDefault();
    const { text, client_key: key } = this.form.elements;
    if (!text.value.trim()) {
      text.focus();
      return;
    }
    key.value = crypto.randomUUID();
    const entry = outbox.entryOf("note", this.form.action, this.form);
    outbox.put(entry, follow(this.draw(entry)));
    this.form.reset();
    this.stamp = null;
    text.value = "";
    this.showTime();
    text.focus();
  }

  bringBack(entry) {
    if (this.list.querySelector(`[data-note="${CSS.escape(entry.key)}"]`)) {
      outbox.forget(entry.key); // the server has it already
      return;
    }
    outbox.put(entry, follow(this.draw(entry)));
  }

  draw(entry) {
    const fields = new URLSearchParams(entry.body);
    const item = document.createElement("li");
    item.dataset.note = entry.key;
    const time = document.createElement("span");
    time.className = "mono";
    time.textContent = clock.words(Number(fields.get("at_seconds") || 0));
    const words = document.createElement("div");
    const text = document.createElement("p");
    text.dir = "auto";
    text.textContent = fields.get("text");
    words.append(text, this.footOf(fields));
    item.append(time, words);
    this.list.querySelector("[data-no-notes]")?.remove();
    this.list.prepend(item);
    return item.querySelector("[data-item-state]");
  }

  footOf(fields) {
    const foot = document.createElement("p");
    foot.className = "obs__g";
    for (const tag of fields.getAll("tags")) {
      const code = document.createElement("b");
      code.textContent = tag;
      foot.append(code, " ");
    }
    const state = document.createElement("span");
    state.className = "st st--wait";
    state.dataset.itemState = "";
    foot.append(state);
    return foot;
  }
}

// ---------- judgements ----------

class Marks {
  constructor(form) {
    this.form = form;
    this.counter = document.querySelector("[data-judged]");
    form.addEventListener("change", (event) => this.changed(event.target.closest("[data-criterion]")));
    for (const entry of outbox.waiting("mark")) this.bringBack(entry);
    this.count();
  }

  rowOf(code) {
    return this.form.querySelector(`[data-criterion="${CSS.escape(code)}"]`);
  }

  changed(row) {
    if (!row) return;
    const state = follow(row.querySelector("[data-item-state]"));
    const entry = outbox.entry("mark", this.form.dataset.marks, this.bodyOf(row), `mark:${row.dataset.criterion}`);
    this.count();
    outbox.put(entry, (kind, data) => {
      if (kind === "saved") this.took(row, data);
      state(kind, data);
    }, () => this.bodyOf(row));
  }

  /** What is sent for one criterion, read from the page at the moment of sending, so that a second press wins. */
  bodyOf(row) {
    const body = new URLSearchParams();
    body.set("csrf_token", this.form.elements.csrf_token.value);
    body.set("criterion", row.dataset.criterion);
    body.set("mark", row.querySelector("input[type=radio]:checked")?.value ?? "");
    body.set("comment", row.querySelector("textarea")?.value ?? "");
    body.set("version", row.dataset.version);
    return body;
  }

  took(row, data) {
    row.dataset.version = data.version;
    const held = row.querySelector("input[name^='version-']");
    if (held) held.value = data.version;
  }

  /** A mark made before the page was reloaded is put back if nobody has marked this criterion since. */
  bringBack(entry) {
    const fields = new URLSearchParams(entry.body);
    const row = this.rowOf(fields.get("criterion"));
    outbox.forget(entry.key);
    if (!row || row.dataset.version !== fields.get("version")) return;
    const choice = row.querySelector(`input[value="${CSS.escape(fields.get("mark"))}"]`);
    const comment = row.querySelector("textarea");
    if (choice) choice.checked = true;
    if (comment) comment.value = fields.get("comment");
    this.changed(row);
  }

  count() {
    const rows = this.form.querySelectorAll("[data-criterion]");
    const judged = [...rows].filter((row) => row.querySelector("input:checked")).length;
    if (this.counter) this.counter.textContent = `${judged} of ${rows.length} judged`;
  }
}

const noteForm = document.querySelector("[data-note-form]");
const list = document.querySelector("[data-notes]");
if (noteForm && list) new Notes(noteForm, list);
const marks = document.querySelector("[data-marks]");
if (marks) new Marks(marks);
// words in a note's box that were never added count as unsaved too
guardLeaving(() => outbox.unsent > 0 || Boolean(noteForm?.elements.text.value.trim()));
document.querySelector("[data-clock-form]")?.addEventListener("submit", (event) => {
  event.target.elements.at_seconds.value = String(clock.seconds());
});
