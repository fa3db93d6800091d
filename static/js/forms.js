// Forms: sent once, asked about where the form says so, focus at the first error, files by dropping, text fields that grow.

/** Ask in the page's own dialog; true when the person confirms. */
function confirmed(words) {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog?.showModal) return Promise.resolve(window.confirm(words));
  dialog.querySelector("[data-confirm-words]").textContent = words;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** A second click while the first is on its way must not act twice. */
function guardForm(form, signal) {
  let sent = false;
  let agreed = !form.dataset.confirm;
  form.addEventListener("submit", async (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    if (!agreed) {
      event.preventDefault();
      const button = event.submitter;
      agreed = await confirmed(form.dataset.confirm);
      if (agreed) form.requestSubmit(button);
      return;
    }
    sent = true;
    form.setAttribute("aria-busy", "true");
    // aria-disabled, not disabled: a disabled button would drop its own name and value from what is sent.
    for (const button of form.querySelectorAll('button[type="submit"]')) button.setAttribute("aria-disabled", "true");
  });
  const release = () => {
    sent = false;
    agreed = !form.dataset.confirm;
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  };
  form.addEventListener("unsent", release);
  // Coming back with the browser's arrow shows the page as it was left: make it usable again.
  window.addEventListener("pageshow", (event) => event.persisted && release(), { signal });
}

function acceptDrops(zone) {
  const input = zone.querySelector('input[type="file"]');
  const words = zone.querySelector("[data-drop-words]");
  if (!input) return;
  const over = (on) => zone.classList.toggle("drop-zone-over", on);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  zone.addEventListener("dragleave", () => over(false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => {
    if (words && input.files.length) words.textContent = [...input.files].map((file) => file.name).join(", ");
  });
}

function growWithText(area) {
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, window.innerHeight / 2)}px`;
  };
  area.addEventListener("input", fit);
  if (area.value) fit();
}

export function startForms(root, signal) {
  for (const form of root.querySelectorAll("form[data-form]")) guardForm(form, signal);
  root.querySelectorAll("[data-drop]").forEach(acceptDrops);
  root.querySelectorAll("textarea[data-grow]").forEach(growWithText);
  const wrong = root.querySelector('[aria-invalid="true"]') ?? root.querySelector(".error-summary");
  wrong?.focus();
}
