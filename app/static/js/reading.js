// Keeps how far one has read: a section once its end has been on the screen for a while, and the paragraph at which one
// stopped. The buttons stay for readers without this script, and for those who want to say so themselves.
const text = document.querySelector("[data-reading]");
const LINGER = 1500;
const PLACE_PAUSE = 2500;
const LINE = 0.3; // the height on the screen, from the top, at which people read

/** @returns whether the server has kept it */
async function send(address, fields) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ ...fields, csrf_token: text.dataset.token }),
    keepalive: true,
  });
  return answer.ok;
}

const links = (section) => document.querySelectorAll(`.rail__s a[href="#${CSS.escape(section)}"]`);

function showLeft() {
  const parts = [...text.querySelectorAll("[data-section]")];
  const left = parts.filter((part) => !part.dataset.read).reduce((sum, part) => sum + Number(part.dataset.minutes), 0);
  for (const note of document.querySelectorAll("[data-left]")) {
    note.textContent = left
      ? `About ${left} ${left === 1 ? "minute" : "minutes"} left. Your place is kept when you leave.`
      : "You have read all of this.";
  }
}

async function keep(part) {
  if (!(await send(text.dataset.reading, { section: part.dataset.section }))) return;
  part.dataset.read = "yes";
  for (const one of links(part.dataset.section)) one.parentElement.classList.add("done");
  showLeft();
}

/** Sections count as read by themselves. */
function watchEnds() {
  const timers = new Map();
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (!isIntersecting) continue;
      timers.set(target, setTimeout(() => {
        seen.unobserve(target);
        keep(target.closest("[data-section]")).catch(() => seen.observe(target));
      }, LINGER));
    }
  });
  for (const end of text.querySelectorAll("[data-section] .toread")) if (end.querySelector("button")) seen.observe(end);
}

/** The paragraph that stands at the reading line, or just above it. */
function paragraphHere(paragraphs) {
  const line = innerHeight * LINE;
  let here = null;
  for (const one of paragraphs) {
    if (one.getBoundingClientRect().top > line) break;
    here = one;
  }
  return here;
}

function showHere(paragraph) {
  const section = paragraph.closest("[data-section]")?.dataset.section;
  if (!section) return;
  for (const one of document.querySelectorAll(".rail__s [aria-current]")) one.removeAttribute("aria-current");
  for (const one of links(section)) one.parentElement.setAttribute("aria-current", "step");
  const parts = [...text.querySelectorAll("[data-section]")].map((part) => part.dataset.section);
  for (const one of document.querySelectorAll("[data-at]")) one.textContent = parts.indexOf(section) + 1;
}

/** The place is sent once the reader rests, and at once when they leave. */
function watchPlace() {
  const paragraphs = [...text.querySelectorAll("[id^='p-']")];
  let kept = text.dataset.stopped ?? "";
  let timer = null;
  let moved = false;
  const remember = () => {
    const here = moved && paragraphHere(paragraphs);
    if (!here || here.id === kept) return;
    const before = kept;
    kept = here.id;
    send(text.dataset.place, { paragraph: here.id }).then((ok) => ok || (kept = before), () => (kept = before));
  };
  addEventListener("scroll", () => {
    moved = true;
    const here = paragraphHere(paragraphs);
    if (here) showHere(here);
    clearTimeout(timer);
    timer = setTimeout(remember, PLACE_PAUSE);
  }, { passive: true });
  addEventListener("pagehide", remember);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && remember());
}

/** Beside the paragraph under the pointer stands a way to say something about it. Each section has the same as a link. */
function offerRemarks() {
  const pin = document.createElement("a");
  pin.className = "pinhere noprint";
  pin.hidden = true;
  pin.innerHTML = "<span aria-hidden='true'>¶</span><span class='vh'>Say something about this paragraph</span>";
  pin.title = "Say something about this paragraph";
  text.append(pin);
  text.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const paragraph = event.target.closest("[id^='p-']");
    if (!paragraph) return;
    pin.href = `${text.dataset.remarks}/${paragraph.id}`;
    pin.style.top = `${paragraph.getBoundingClientRect().top - text.getBoundingClientRect().top}px`;
    pin.hidden = false;
  });
}

if (text) {
  watchEnds();
  watchPlace();
  offerRemarks();
}
