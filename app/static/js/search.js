// Searches while one types. Without this script the button does the same.
const PAUSE_MS = 150;
const box = document.querySelector("[data-find]");
const results = document.querySelector("[data-results]");

let timer = null;
let asked = 0;

async function search() {
  const words = box.value.trim();
  const address = new URL(box.form.action);
  address.searchParams.set("words", words);
  const number = ++asked;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok || number !== asked) return; // a later question is on its way
  results.innerHTML = (await answer.json()).html;
  history.replaceState(null, "", words ? address : address.pathname);
}

if (box && results) {
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search().catch(() => {}), PAUSE_MS);
  });
}
