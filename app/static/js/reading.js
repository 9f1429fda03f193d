// Keeps a section as read once its end has been on the screen for a while. The buttons stay for
// readers without this script, and for those who want to say so themselves.
const text = document.querySelector("[data-reading]");
const LINGER = 1500;

async function keep(section) {
  const body = new URLSearchParams({ section, csrf_token: text.dataset.token });
  const answer = await fetch(text.dataset.reading, {
    method: "POST",
    headers: { Accept: "application/json" },
    body,
  });
  if (answer.ok) {
    const link = document.querySelector(`.rail__s a[href="#${CSS.escape(section)}"]`);
    document.querySelectorAll(`.rail__s a[href="#${CSS.escape(section)}"]`).forEach((one) => {
      one.parentElement.classList.add("done");
      one.parentElement.removeAttribute("aria-current");
    });
    return Boolean(link);
  }
  return false;
}

const timers = new Map();
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const section = target.closest("[data-section]").dataset.section;
    clearTimeout(timers.get(section));
    if (isIntersecting) {
      timers.set(section, setTimeout(() => {
        seen.unobserve(target);
        keep(section).catch(() => seen.observe(target));
      }, LINGER));
    }
  }
});

if (text) {
  for (const end of text.querySelectorAll("[data-section] .toread")) {
    if (end.querySelector("button")) seen.observe(end);
  }
}
