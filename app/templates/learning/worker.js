// Keeps the text of each chapter that was opened, so that it can be read without a network. Nobody's own words are kept:
// the address that ends in /text holds the same for every reader. Everything else goes to the network as if this were not here.
const CACHE = "towpath-manual-1";
const VERSION = {{ version | tojson }};
const HOME = {{ url_for("learning.contents") | tojson }};
const OFFLINE = {{ url_for("learning.offline") | tojson }};
const NEEDED = {{ [static_url("site.css"), static_url("print.css"), static_url("js/offline.js"), static_url("fonts/literata.woff2"), static_url("fonts/literata-italic.woff2"), static_url("fonts/atkinson-next.woff2"), static_url("marks/favicon.svg")] | tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([OFFLINE, ...NEEDED])).then(() => self.skipWaiting()));
});

/** Assets of an older release go; chapters stay until their new text has come. */
async function tidy() {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    if (pathname.includes("/static/") && !NEEDED.includes(pathname + search)) await cache.delete(request);
  }
}

self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

/** The text of the chapter that an address belongs to, or null. */
function textOf(url) {
  const match = new URL(url).pathname.slice(HOME.length).match(/^([a-z0-9-]+)(\/text)?$/);
  return new URL(url).pathname.startsWith(HOME) && match ? `${HOME}${match[1]}/text` : null;
}

async function keep(address) {
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (answer.ok) await (await caches.open(CACHE)).put(address, answer);
}

self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep).catch(() => {}));
});

async function offlinePage(request) {
  const cache = await caches.open(CACHE);
  const text = textOf(request.url);
  return (text && (await cache.match(text))) || (await cache.match(OFFLINE)) || Response.error();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => offlinePage(request)));
  } else if (new URL(request.url).pathname.includes("/static/")) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});
