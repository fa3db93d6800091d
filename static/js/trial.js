// Trial: asks the server what typed rules do while one types; the newest answer counts, an older one is given up. The page's
// own button does the same without any of this.

const PAUSE = 300;

async function ask(form, signal) {
  const answer = await fetch(form.dataset.trial, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    signal,
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).html;
}

function follow(form) {
  const result = form.querySelector("[data-trial-result]");
  let timer = 0;
  let asking = null;

  const turn = async () => {
    asking?.abort();
    asking = new AbortController();
    result.setAttribute("aria-busy", "true");
    try {
      // The server renders this fragment with the same escaping as the page.
      result.innerHTML = await ask(form, asking.signal);
      result.removeAttribute("aria-busy");
    } catch (error) {
      // What was shown last stays; the button asks again.
      if (error.name !== "AbortError") result.removeAttribute("aria-busy");
    }
  };
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[data-trial-source], select")) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(turn, PAUSE);
  });
}

export function startTrial(root) {
  root.querySelectorAll("[data-trial]").forEach(follow);
}
