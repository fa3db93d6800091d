// Menus are <details>: this closes them on Escape, on a click elsewhere and when another opens.

/** Close every open menu except the one given; return the one that was open last. */
function closeMenus(root, except = null) {
  let closed = null;
  for (const menu of root.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    menu.open = false;
    closed = menu;
  }
  return closed;
}

export function startMenus(root) {
  root.addEventListener("click", (event) => {
    closeMenus(root, event.target.closest("details[data-menu]"));
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeMenus(root)?.querySelector("summary")?.focus();
    for (const diff of root.querySelectorAll(".reasoned")) diff.classList.add("tip-off");
  });
  for (const type of ["pointerover", "focusin"]) {
    root.addEventListener(type, (event) => {
      if (!event.target.closest(".reasoned .tip")) event.target.closest(".reasoned")?.classList.remove("tip-off");
    });
  }
}

/** The queue of a desk starts closed where it would push the thing out of sight. */
export function closeQueues(root) {
  if (!matchMedia("(max-width: 1279.98px)").matches) return;
  for (const queue of root.querySelectorAll("details[data-desk-queue]")) queue.open = false;
}

/** On a phone tabs are wider than the page: the one that is open is brought into sight. */
export function showTabs(root) {
  for (const tab of root.querySelectorAll(".tabs [aria-current]")) {
    const list = tab.closest("ul");
    const [inside, around] = [tab, list].map((one) => one.getBoundingClientRect());
    if (inside.right > around.right) list.scrollLeft += inside.left - around.left;
  }
}
