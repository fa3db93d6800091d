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

function keep(form) {
  const told = form.ownerDocument.querySelector("[data-held]");
  let active = true;
  const turn = async () => {
    if (!form.isConnected) window.clearInterval(timer);
    if (!form.isConnected || !active) return;
    active = false;
    try {
      const { mine, words } = await take(form);
      if (!mine) told.textContent = words;
    } catch {
      // The page was left, or the line is down: the version of the sheet still guards the decision.
    }
  };
  for (const sign of ["keydown", "pointerdown", "scroll"]) {
    form.ownerDocument.addEventListener(sign, () => (active = true), { passive: true, capture: true });
  }
  const timer = window.setInterval(turn, EVERY);
  turn();
}

export function startDesk(root) {
  root.querySelectorAll("[data-hold]").forEach(keep);
}
