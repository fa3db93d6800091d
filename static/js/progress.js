// Progress: asks the server how a task stands, slower while nothing moves, and loads the page again when its state changes:
// the page is the one place that knows what each state looks like, so this needs no list of states.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 10000;

function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function rateWords(card, rate, number) {
  if (rate === null || rate === undefined) return "";
  return typeof rate === "number" ? fill(card.dataset.rate, { rate: number.format(rate) }) : rate;
}

function remainingWords(card, remaining, number) {
  if (remaining === null || remaining === undefined) return "";
  if (typeof remaining !== "number") return remaining;
  if (remaining < 60) return card.dataset.seconds;
  return fill(card.dataset.minutes, { minutes: number.format(Math.round(remaining / 60)) });
}

function show(card, news, number) {
  const part = (name) => card.querySelector(`[data-progress-${name}]`);
  const bar = card.querySelector("progress");
  if (news.total) {
    bar.max = news.total;
    bar.value = news.done;
  } else {
    bar.removeAttribute("value");
  }
  const [counted, total] = [news.done, news.total].map((count) => number.format(count ?? 0));
  const alone = (news.done ?? null) === null ? "" : counted;
  part("counts").textContent = news.total ? fill(card.dataset.counts, { done: counted, total }) : alone;
  part("rate").textContent = rateWords(card, news.rate, number);
  part("remaining").textContent = remainingWords(card, news.remaining, number);
  part("note").textContent = "";
  if (news.label) part("label").textContent = news.label;
  // The server renders this fragment with the same escaping as the page.
  if (news.html) part("body").innerHTML = news.html;
}

async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function follow(card, signal) {
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  let wait = FIRST_WAIT;
  let done = null;
  let state = card.dataset.state ?? null;

  const turn = async () => {
    if (document.hidden) {
      document.addEventListener("visibilitychange", turn, { once: true, signal });
      return;
    }
    try {
      const news = await ask(card.dataset.progress);
      if (signal.aborted) return;
      show(card, news, number);
      state ??= news.state;
      if (news.state !== state) {
        window.location.reload();
        return;
      }
      wait = news.done === done ? Math.min(wait * 1.5, LONGEST_WAIT) : FIRST_WAIT;
      done = news.done;
    } catch {
      card.querySelector("[data-progress-note]").textContent = card.dataset.lost;
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
    timer = window.setTimeout(turn, wait);
  };
  let timer = window.setTimeout(turn, wait);
  signal.addEventListener("abort", () => window.clearTimeout(timer));
}

export function startProgress(root, signal) {
  for (const card of root.querySelectorAll("[data-progress]")) follow(card, signal);
}
