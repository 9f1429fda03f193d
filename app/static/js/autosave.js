// textarea[data-autosave=url] is saved while one writes. The words beside it say what is so: "Saved" only after the
// server answered that it is. Without this script the Save button posts the same form.
// Every such text is private: what is not saved yet stays on the device only sealed (drafts.js).
import { openDrafts } from "./drafts.js";
import { RETRY_MS, fieldsOf, freshToken, guardLeaving, post } from "./sending.js";

const PAUSE_MS = 800;
const SAYS = {
  unsaved: ["none", "Not saved yet"],
  saving: ["wait", "Saving"],
  out: ["stop", "You have been signed out. Sign in in another tab; your words stay here."],
  unreachable: ["wait", "No connection. Your words are kept in this page and will be sent when it returns"],
};

class Draft {
  constructor(box) {
    this.box = box;
    this.form = box.form;
    this.state = this.form.querySelector("[data-save-state]");
    this.confirmed = box.defaultValue; // what the server sent: somebody may have typed before this script came
    this.timer = null;
    this.sending = false;
    this.stopped = false; // after a clash only a person can decide
    box.addEventListener("input", () => this.changed());
    this.form.addEventListener("submit", () => this.leaveToForm());
    window.addEventListener("online", () => this.unsaved && this.send());
    if (this.unsaved) this.changed();
  }

  get unsaved() {
    return this.box.value !== this.confirmed;
  }

  get version() {
    return this.form.elements.version;
  }

  say(kind, words, link) {
    if (!this.state) return;
    this.state.className = `st savest st--${kind}`;
    const place = this.state.querySelector("[data-save-words]") ?? this.state;
    place.textContent = words;
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link;
      anchor.textContent = "See both versions side by side";
      place.append(" ", anchor);
    }
  }

  changed() {
    this.keepDraft();
    if (this.stopped) return;
    this.say(...SAYS.unsaved);
    this.later(PAUSE_MS);
  }

  get draftName() {
    return `${this.box.id}@${location.pathname}`;
  }

  keepDraft() {
    if (!this.unsaved) return this.drafts?.drop(this.draftName);
    this.drafts?.keep(this.draftName, { text: this.box.value, version: this.version?.value });
  }

  /** What was typed before the browser broke off comes back, and is sent. An older version meets the newer one openly. */
  async restore(drafts) {
    this.drafts = drafts;
    const kept = await drafts.read(this.draftName);
    if (!kept || this.unsaved) return this.unsaved ? this.keepDraft() : undefined;
    if (kept.text === this.box.value) return drafts.drop(this.draftName);
    this.box.value = kept.text;
    if (this.version && kept.version !== undefined) this.version.value = kept.version;
    this.say("wait", "Brought back from this device. Saving");
    this.later(0);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  async send() {
    if (this.sending || this.stopped || !this.unsaved) return;
    this.sending = true;
    const text = this.box.value;
    this.say(...SAYS.saving);
    const result = await post(this.box.dataset.autosave, fieldsOf(this.form));
    this.sending = false;
    await this.settle(result, text);
  }

  async settle({ kind, data }, text) {
    if (this.stopped) return;
    if (kind === "saved") return this.saved(data, text);
    if (kind === "clash") return this.clash(data);
    if (kind === "refused") return this.say("stop", data.error ?? "This could not be saved. Copy your words before you leave the page.");
    this.say(...(kind === "signed-out" ? SAYS.out : SAYS.unreachable));
    if (kind === "signed-out") await this.renewToken();
    this.later(RETRY_MS);
  }

  saved(data, text) {
    this.confirmed = text;
    this.keepDraft();
    if (this.version && data.version !== undefined) this.version.value = data.version;
    if (this.unsaved) {
      this.changed();
      return;
    }
    this.say("ok", `Saved ${data.saved}`);
  }

  clash(data) {
    this.stopped = true;
    this.drafts?.drop(this.draftName); // the server has both
    this.say("stop", "This was changed somewhere else. Your words are kept, nothing is overwritten.", data.url);
  }

  async renewToken() {
    const token = await freshToken();
    if (token) this.form.elements.csrf_token.value = token;
  }

  /** The Save button was pressed: the browser sends the words now, and the page will tell what became of them. */
  leaveToForm() {
    clearTimeout(this.timer);
    this.stopped = true;
    this.confirmed = this.box.value;
  }
}

const drafts = [...document.querySelectorAll("textarea[data-autosave]")].map((box) => new Draft(box));
// Only pages of the journal may leave a copy behind.
const mayKeep = document.querySelector("[data-drafts]");
if (mayKeep && drafts.length) openDrafts(mayKeep.dataset.drafts).then((kept) => kept && drafts.forEach((draft) => draft.restore(kept)));
guardLeaving(() => drafts.some((draft) => draft.unsaved));
