// Reading without a network: a chapter that was opened can be opened again. The worker keeps the text alone.
const text = document.querySelector("[data-reading]");

/** On a page of the text: say where it comes from, as long as there is no network. */
function sayWhere() {
  // At the whole chapter's own address the text alone is only ever shown by the worker, for want of a network.
  const kept = !navigator.onLine || !location.pathname.endsWith("/text");
  for (const one of document.querySelectorAll("[data-offline-only]")) one.hidden = !kept;
  for (const one of document.querySelectorAll("[data-online-only]")) one.hidden = kept;
}

/** On the page for no network: the chapters that this device has. */
async function listKept() {
  const list = document.querySelector("[data-kept]");
  if (!list || !("caches" in window)) return;
  let any = false;
  for (const item of list.querySelectorAll("[data-text]")) {
    if (!(await caches.match(item.dataset.text))) continue;
    item.hidden = false;
    any = true;
  }
  list.hidden = !any;
  document.querySelector("[data-none]").hidden = any;
}

async function keepThis() {
  if (!text || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(text.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: text.dataset.text });
}

sayWhere();
addEventListener("online", sayWhere);
addEventListener("offline", sayWhere);
listKept().catch(() => {});
keepThis().catch(() => {}); // a browser that forbids workers reads with the network only
