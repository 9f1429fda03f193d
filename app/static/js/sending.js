// What autosave and the mark sheet share: sending a form in the background and saying truthfully how it went.

export const RETRY_MS = 5000;

/** What a send came to. `kind`: saved, signed-out, clash, refused or unreachable; `data`: what the server said. */
function outcome(kind, data = {}) {
  return { kind, data };
}

async function answerOf(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}

/** A fresh token for the session that is signed in now, in this or another tab; null when none can be had. */
export async function freshToken() {
  try {
    const response = await fetch("/csrf-token", { headers: { Accept: "application/json" }, cache: "no-store" });
    return response.ok ? (await answerOf(response)).token ?? null : null;
  } catch {
    return null;
  }
}

/** Posts `body` and tells what became of it. Only an answer of 200 with a time in it counts as saved. */
export async function post(url, body) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual",
    });
  } catch {
    return outcome("unreachable");
  }
  const data = await answerOf(response);
  if (response.ok && data.saved) return outcome("saved", data);
  // a redirect is the sign-in page; an old token is met with 400 and the word csrf
  if (response.status === 401 || response.type === "opaqueredirect" || data.error === "csrf") return outcome("signed-out", data);
  if (response.status === 409) return outcome("clash", data);
  if (response.status >= 500 || response.status === 429) return outcome("unreachable", data);
  return outcome("refused", data);
}

/** The fields of a form as form-encoded text, without those named in `leaveOut`. */
export function fieldsOf(form, leaveOut = []) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !leaveOut.includes(name)) body.append(name, value);
  }
  return body;
}

/** A copy on the device until the server has confirmed. `key` null: keep nothing (sealed texts). */
export function deviceCopy(key) {
  const name = key ? `towpath:${key}` : null;
  return {
    read() {
      try {
        return name ? JSON.parse(localStorage.getItem(name)) : null;
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        if (name) localStorage.setItem(name, JSON.stringify(value));
        return Boolean(name);
      } catch {
        return false; // storage is full or forbidden: the words are still in the page
      }
    },
    clear() {
      try {
        if (name) localStorage.removeItem(name);
      } catch {
        // nothing was kept where storage is forbidden
      }
    },
  };
}

/** Asks before the page is left while `unsaved()` is true. */
export function guardLeaving(unsaved) {
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });
}

/** "7.42 pm", by the device's clock: only for what is kept on the device. */
export function timeHere(date = new Date()) {
  const hours = date.getHours();
  return `${hours % 12 || 12}.${String(date.getMinutes()).padStart(2, "0")} ${hours < 12 ? "am" : "pm"}`;
}
