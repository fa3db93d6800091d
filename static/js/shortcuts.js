// Keys: any link, button or field with data-shortcut answers to that key; j and k walk the lines of a list or a desk's queue.
// Keys rest while one types, while a dialog is open, and when a control key is held.

const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]";
const WALK = { j: 1, k: -1 };

/** The words that stand for an element in the help. */
function wordsOf(element) {
  const words = element.querySelector("span:not(.visually-hidden)")?.textContent ?? element.textContent;
  return (element.dataset.shortcutLabel ?? (words || element.getAttribute("aria-label")) ?? "").trim();
}

function shown(element) {
  return element.offsetParent !== null || element.getClientRects().length > 0;
}

/** Move to the next or previous line: the queue of a desk is followed, a row of a table is focused at its link. */
function walk(root, step) {
  const queue = [...root.querySelectorAll("[data-queue-link]")];
  if (queue.length) {
    const here = queue.findIndex((link) => link.getAttribute("aria-current"));
    queue[here + step]?.click();
    return;
  }
  const rows = [...root.querySelectorAll("tr[data-row]")].filter(shown);
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.classList.contains("row-current") || row.contains(document.activeElement));
  const row = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  for (const other of rows) other.classList.toggle("row-current", other === row);
  (row.querySelector("a[href]") ?? row.querySelector("button, input"))?.focus();
  row.scrollIntoView({ block: "nearest" });
}

function press(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function fillHelp(root, list) {
  const keys = new Map();
  if (root.querySelector("tr[data-row], [data-queue-link]")) keys.set("j", list.dataset.next).set("k", list.dataset.previous);
  for (const element of root.querySelectorAll("[data-shortcut]")) {
    const key = element.dataset.shortcut;
    if (!keys.has(key) && key !== "/" && key !== "?") keys.set(key, wordsOf(element));
  }
  if (root.querySelector('[data-shortcut="/"]')) keys.set("/", list.dataset.search);
  keys.set("?", list.dataset.help);
  list.replaceChildren();
  for (const [key, words] of keys) {
    const term = list.appendChild(document.createElement("dt"));
    term.appendChild(document.createElement("kbd")).textContent = key;
    list.appendChild(document.createElement("dd")).textContent = words;
  }
}

function openHelp(root) {
  const dialog = root.getElementById("help-dialog");
  if (!dialog || dialog.open) return;
  fillHelp(root, dialog.querySelector("[data-help-keys]"));
  dialog.showModal();
}

export function startShortcuts(root) {
  for (const button of root.querySelectorAll("[data-help-open]")) {
    button.hidden = false;
    button.addEventListener("click", () => openHelp(root));
  }
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (root.querySelector("dialog[open]")) return;
    const key = event.key;
    const field = event.target.closest?.(TYPING);
    if (field) {
      // Escape leaves the field, and the keys are the page's again.
      if (key === "Escape" && !event.defaultPrevented) field.blur();
      return;
    }
    if (key === "?") {
      event.preventDefault();
      openHelp(root);
      return;
    }
    const target = [...root.querySelectorAll("[data-shortcut]")].find((element) => element.dataset.shortcut === key && shown(element));
    if (target) {
      event.preventDefault();
      press(target);
    } else if (key in WALK) {
      event.preventDefault();
      walk(root, WALK[key]);
    }
  });
}
