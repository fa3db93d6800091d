// Search: tells the server once what was searched, how much was found and whether a result was opened, so that what
// customers miss can be counted; and offers how a begun search may go on.

const WAIT_MILLISECONDS = 150;

/** A page seen again with the browser's arrow is not another search. */
function isFirstView() {
  return performance.getEntriesByType("navigation")[0]?.type === "navigate";
}

function tell(form, more = {}) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  fetch(form.action, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
}

const form = document.querySelector("form[data-count-search]");
if (form) {
  if (isFirstView()) tell(form);
  document.getElementById("hits")?.addEventListener("click", (event) => {
    if (event.target.closest("a[data-hit]")) tell(form, { clicked: "1" });
  }, { once: true });
}

/** Fill the list under the search box; an answer that comes after a later keystroke is dropped. */
function startProposals(box) {
  const list = document.getElementById(box.getAttribute("list"));
  let waiting = 0;
  let asked = "";
  const ask = async () => {
    const typed = box.value.trim();
    if (typed.length < 2 || typed === asked) return;
    asked = typed;
    const answer = await fetch(`${box.dataset.proposals}?q=${encodeURIComponent(typed)}`, { credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok || asked !== typed) return;
    const { items } = await answer.json();
    list.replaceChildren(...items.map((item) => Object.assign(document.createElement("option"), { value: item.text })));
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MILLISECONDS);
  });
}

const box = document.querySelector("input[data-proposals]");
if (box) startProposals(box);
