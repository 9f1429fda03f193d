// The clock of the scene. The server says how many seconds had gone when it drew the page; from there the device counts
// with a clock that cannot be set back.

export class Clock {
  constructor(place) {
    this.place = place;
    this.from = Number(place?.dataset.elapsed ?? 0);
    this.length = Number(place?.dataset.length ?? 0);
    this.running = place?.dataset.running === "yes";
    this.began = performance.now();
    this.listeners = [];
    this.face = place?.querySelector("[data-clock-time]");
    this.scenes = document.querySelector("[data-scenes]");
    if (this.running) setInterval(() => this.tick(), 250);
  }

  /** Whole seconds gone. */
  seconds() {
    return Math.floor(this.from + (this.running ? (performance.now() - this.began) / 1000 : 0));
  }

  words(seconds) {
    return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
  }

  onTick(listener) {
    this.listeners.push(listener);
    listener();
  }

  tick() {
    const words = this.words(this.seconds());
    if (this.face && this.face.textContent !== words) {
      this.face.textContent = words;
      if (this.seconds() % 60 === 0) this.face.setAttribute("aria-label", `${this.seconds() / 60} minutes gone of ${Math.round(this.length / 60)} minutes`);
      this.drawLine();
      this.markScene();
    }
    for (const listener of this.listeners) listener();
  }

  drawLine() {
    if (!this.scenes || !this.length) return;
    const x = Math.round(Math.min(this.seconds() / this.length, 1) * 1000);
    this.scenes.querySelector("[data-line-gone]").setAttribute("d", `M0 9H${x}`);
    this.scenes.querySelector("[data-line-togo]").setAttribute("d", `M${x} 9H1000`);
    this.scenes.querySelector("[data-line-now]").setAttribute("d", `M${x} 0v18`);
  }

  markScene() {
    const now = this.seconds();
    for (const scene of this.scenes?.querySelectorAll("li") ?? []) {
      const here = Number(scene.dataset.start) <= now && now < Number(scene.dataset.end);
      scene.classList.toggle("done", now >= Number(scene.dataset.end));
      scene.querySelector("[data-scene-now]").textContent = here ? ", now" : "";
      if (here) scene.setAttribute("aria-current", "step");
      else scene.removeAttribute("aria-current");
    }
    for (const cue of this.scenes?.querySelectorAll("[data-scene-cue]") ?? []) {
      const last = Number(cue.dataset.end) >= this.length;
      cue.hidden = now < Number(cue.dataset.start) || (now >= Number(cue.dataset.end) && !last);
    }
  }
}
