// Runs on every page. The page is complete without it.

/** After a refused form the list of faults takes the focus, so that it is the first thing read. */
function focusErrorSummary() {
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

/** An open menu closes on Escape and when the focus or a press goes elsewhere. */
function closeMenusOnLeaving() {
  const menus = document.querySelectorAll("details.who, details.menu");
  const closeOthers = (target) => {
    for (const menu of menus) if (!menu.contains(target)) menu.open = false;
  };
  document.addEventListener("focusin", (event) => closeOthers(event.target));
  document.addEventListener("pointerdown", (event) => closeOthers(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** A button that is marked unavailable says why beside it; pressing it does nothing. */
function holdUnavailable() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled='true']")) event.preventDefault();
  });
}

focusErrorSummary();
closeMenusOnLeaving();
holdUnavailable();
