// Appearance: shows the chosen theme at once and tells the server in the background; without this the form posts and reloads.

export function startTheme(root) {
  for (const form of root.querySelectorAll("form[data-theme-form]")) {
    form.addEventListener("submit", (event) => {
      const theme = event.submitter?.value;
      if (!theme) return;
      event.preventDefault();
      const before = root.documentElement.dataset.bsTheme;
      const apply = (value) => {
        root.documentElement.dataset.bsTheme = value;
        for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === value));
      };
      apply(theme);
      fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), credentials: "same-origin" })
        .then((answer) => {
          if (!answer.ok) throw new Error(`${answer.status}`);
        })
        .catch(() => apply(before));
    });
  }
}
