// Single keys for those who like them: j and k go through the sections, / searches, ? says which keys there are. They are
// never needed, and can be turned off on this device (WCAG 2.1.4), where somebody dictates or presses keys by accident.
const OFF = "towpath:keys-off";
const help = document.querySelector("[data-keys]");
const box = help?.querySelector("[data-keys-off]");

const stored = () => {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false; // storage is forbidden: the keys work, and the box works for this page
  }
};
let off = stored();

function writing(target) {
  return target.closest("input, textarea, select, [contenteditable]") && target.type !== "radio" && target.type !== "checkbox";
}

/** The heading after (or before) the one at the top of the screen. */
function go(step) {
  const heads = [...document.querySelectorAll("main h2[id], main [data-section] > h2, main section > h2")].filter((one) => one.offsetParent);
  const edge = 120;
  const tops = heads.map((one) => one.getBoundingClientRect().top);
  const next = step > 0 ? tops.findIndex((top) => top > edge) : tops.findLastIndex((top) => top < -1);
  if (next < 0) return step < 0 ? scrollTo(0, 0) : undefined;
  const head = heads[next];
  head.tabIndex = -1;
  head.focus({ preventScroll: true });
  head.scrollIntoView({ block: "start" });
}

function search() {
  const field = document.querySelector("[data-find]");
  if (field) field.focus();
  else location.assign(help.dataset.search);
}

const KEYS = { j: () => go(1), k: () => go(-1), "/": search, "?": () => help.showModal() };

if (help) {
  box.checked = off;
  box.addEventListener("change", () => {
    off = box.checked;
    try {
      if (off) localStorage.setItem(OFF, "yes");
      else localStorage.removeItem(OFF);
    } catch {
      // it holds for this page only
    }
  });
  for (const button of document.querySelectorAll("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || help.open || writing(event.target)) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
