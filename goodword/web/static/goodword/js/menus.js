// Menus are plain <details>: one at a time, closed by Escape or by a click elsewhere.

export function closeMenus() {
  document.addEventListener("click", (event) => closeAllBut(event.target.closest?.(".menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector(".menu[open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function closeAllBut(kept) {
  for (const menu of document.querySelectorAll(".menu[open]")) if (menu !== kept && !menu.contains(kept)) menu.open = false;
}
