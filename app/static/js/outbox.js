// Things on their way: one at a time, in order, each with a key of its own so that sending it twice does it once. What is
// not confirmed stays on the device and is sent again when the page comes back.
import { RETRY_MS, deviceCopy, fieldsOf, freshToken, post, timeHere } from "./sending.js";

const COUNTS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

export class Outbox {
  constructor(place, keep) {
    this.place = place;
    this.copy = deviceCopy(keep ?? null);
    this.queue = []; // {entry, tell, bodyNow}
    this.held = new Map(); // slot -> entry, refused or clashed: a person must look
    this.busy = false;
    this.timer = null;
    window.addEventListener("online", () => this.run());
    window.addEventListener("offline", () => this.say("wait", "No signal", this.keptWords()));
  }

  get unsent() {
    return this.queue.length + this.held.size;
  }

  /** What waits on the device from before the page was reloaded. */
  waiting(kind) {
    return (this.copy.read() ?? []).filter((entry) => entry.kind === kind);
  }

  entryOf(kind, url, form) {
    const body = fieldsOf(form);
    return this.entry(kind, url, body, body.get("client_key"));
  }

  /** One thing to send. `slot`: a later entry for the same slot takes the place of one that has not gone yet. */
  entry(kind, url, body, slot) {
    const key = kind === "note" ? slot : crypto.randomUUID();
    body.set("client_key", key);
    return { kind, url, key, slot, body: body.toString() };
  }

  put(entry, tell, bodyNow = null) {
    const at = this.queue.findIndex((item, n) => item.entry.slot === entry.slot && !(this.busy && n === 0));
    const item = { entry, tell, bodyNow };
    if (at >= 0) this.queue[at] = item;
    else this.queue.push(item);
    this.remember();
    tell("device", {});
    this.run();
  }

  forget(key) {
    this.copy.write((this.copy.read() ?? []).filter((entry) => entry.key !== key));
  }

  remember() {
    const kept = [...this.held.values(), ...this.queue.map((item) => item.entry)];
    if (kept.length) this.copy.write(kept);
    else this.copy.clear();
  }

  async run() {
    if (this.busy || !this.queue.length) return;
    clearTimeout(this.timer);
    this.busy = true;
    const item = this.queue[0];
    item.tell("sent", {});
    const { kind, data } = await post(item.entry.url, this.bodyFor(item));
    this.busy = false;
    if (["saved", "clash", "refused"].includes(kind)) this.done(item, kind, data);
    else await this.wait(item, kind);
  }

  bodyFor(item) {
    const body = item.bodyNow ? item.bodyNow() : new URLSearchParams(item.entry.body);
    body.set("client_key", item.entry.key);
    if (this.token) body.set("csrf_token", this.token);
    return body;
  }

  done(item, kind, data) {
    this.queue.shift();
    if (kind === "saved") this.held.delete(item.entry.slot);
    else this.held.set(item.entry.slot, item.entry);
    this.remember();
    item.tell(kind, data);
    if (this.queue.length) this.run();
    else if (this.held.size) this.say("stop", `${this.held.size === 1 ? "One thing needs" : "Some things need"} a look`, "Marked where it stands. Everything else is confirmed.");
    else this.say("ok", "Connected", `Everything is confirmed, ${data.saved}.`);
  }

  async wait(item, kind) {
    item.tell("device", {});
    if (kind === "signed-out") {
      this.say("stop", "Signed out", "Sign in in another tab; your marks stay here and will be sent.");
      this.token = (await freshToken()) ?? this.token;
    } else {
      this.say("wait", "No signal", this.keptWords());
    }
    this.timer = setTimeout(() => this.run(), RETRY_MS);
  }

  keptWords() {
    const count = this.queue.length;
    if (!count) return "Everything so far is confirmed. What you add is kept here until signal returns.";
    return `Kept on this device at ${timeHere()}. ${COUNTS[count] ?? count} ${count === 1 ? "thing" : "things"} will send when signal returns.`;
  }

  say(kind, words, detail) {
    if (!this.place) return;
    this.place.querySelector(".st").className = `st st--${kind}`;
    this.place.querySelector("[data-connection-words]").textContent = words;
    this.place.querySelector("[data-connection-detail]").textContent = detail;
  }
}
