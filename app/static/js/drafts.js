// Words that are not saved yet stay on the device, sealed, so that a browser that breaks off loses none of them. The key
// comes from the site for whoever is signed in, and is never kept here: the next person on this device cannot open it.
const PREFIX = "towpath:draft";
const OLDEST = 30 * 24 * 3600 * 1000;

const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const text64 = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));

/** In pieces: a long text has more bytes than a function may have arguments. */
function sealedText(buffer) {
  const all = new Uint8Array(buffer);
  let out = "";
  for (let at = 0; at < all.length; at += 8192) out += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(out);
}

/** Drafts that nobody came back for. */
function clearOld() {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    const at = JSON.parse(localStorage.getItem(name) ?? "{}").at ?? 0;
    if (Date.now() - at > OLDEST) localStorage.removeItem(name);
  }
}

/** The drafts of whoever is signed in; null where nothing can be sealed, and so nothing is kept. */
export async function openDrafts(address) {
  try {
    if (!crypto.subtle) return null;
    clearOld();
    const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) return null;
    const { key, name } = await answer.json();
    const sealing = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    return new Drafts(sealing, `${PREFIX}:${name}`);
  } catch {
    return null; // no network, or storage is forbidden: the words are in the page, as before
  }
}

class Drafts {
  constructor(key, prefix) {
    this.key = key;
    this.prefix = prefix;
    this.latest = new Map(); // a slow sealing must not overtake a later one
  }

  async keep(id, value) {
    const turn = (this.latest.get(id) ?? 0) + 1;
    this.latest.set(id, turn);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = new TextEncoder().encode(JSON.stringify(value));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, data);
    if (this.latest.get(id) !== turn) return;
    try {
      localStorage.setItem(`${this.prefix}:${id}`, JSON.stringify({ iv: text64(iv), data: sealedText(sealed), at: Date.now() }));
    } catch {
      // storage is full: the words are still in the page
    }
  }

  drop(id) {
    this.latest.set(id, (this.latest.get(id) ?? 0) + 1);
    localStorage.removeItem(`${this.prefix}:${id}`);
  }

  /** What was kept, or null. */
  async read(id) {
    try {
      const { iv, data } = JSON.parse(localStorage.getItem(`${this.prefix}:${id}`));
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, this.key, bytes(data));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null;
    }
  }
}
