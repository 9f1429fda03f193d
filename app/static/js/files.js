// A file that is too large is told of before it travels. Without this script the server says it alone, afterwards.

for (const box of document.querySelectorAll("input[type=file][data-largest]")) {
  const told = document.createElement("p");
  told.className = "errmsg";
  told.id = `${box.id}-large`;
  told.setAttribute("role", "alert");
  box.before(told);
  box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
  box.addEventListener("change", () => {
    const most = Number(box.dataset.largest);
    const large = [...box.files].filter((file) => file.size > most).map((file) => `‘${file.name}’`);
    told.textContent = large.length
      ? `Larger than ${most / 1_000_000} MB: ${large.join(", ")}. Nothing is chosen now. Choose again, without it.`
      : "";
    if (large.length) box.value = "";
  });
}
