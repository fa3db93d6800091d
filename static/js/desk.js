// The desk: the sheet that is shown is taken in hand, and kept while someone is at it; the form's own button does the same.

const EVERY = 120_000;

async function take(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  return answer.ok ? answer.json() : { mine: true, words: "" };
}

function keep(form, signal) {
  const told = form.ownerDocument.querySelector("[data-held]");
  let active = true;
  const turn = async () => {
    if (!active) return;
    active = false;
    try {
      const { mine, words } = await take(form);
      if (!mine) told.textContent = words;
    } catch {
      // The page was left, or the line is down: the version of the sheet still guards the decision.
    }
  };
  for (const sign of ["keydown", "pointerdown", "scroll"]) {
    form.ownerDocument.addEventListener(sign, () => (active = true), { passive: true, capture: true, signal });
  }
  const timer = window.setInterval(turn, EVERY);
  signal.addEventListener("abort", () => window.clearInterval(timer));
  turn();
}

export function startDesk(root, signal) {
  for (const form of root.querySelectorAll("[data-hold]")) keep(form, signal);
}
