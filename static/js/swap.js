// The desk without a page load: a decision or a line of the queue is asked for as any browser would, and the answer's main
// part is put in the place of this one. What is no page of the desk any more (signed out, an error) is opened as a page.

const DESK = "[data-desk]";
// What stands around the main part and may have changed with it: counts, and where the language switch comes back to.
const AROUND = ".nav-link, .top-bell, .language-switch";
// A file travels as the browser sends it.
const UPLOAD = "multipart/form-data";
const SAME = { credentials: "same-origin" };
// A decision is answered with the page that it leads to, in one turn instead of two (RFC 7240).
const WITH_PAGE = { Prefer: "return=representation" };

function addressOf(form, submitter) {
  // Not form.action: a field of that name would stand in its place.
  return new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, location.href);
}

async function send(form, submitter) {
  const url = addressOf(form, submitter);
  const fields = new URLSearchParams(new FormData(form, submitter));
  if (form.getAttribute("method") === "post") return fetch(url, { ...SAME, method: "POST", body: fields, headers: WITH_PAGE });
  url.search = fields;
  return fetch(url, SAME);
}

/** Where an answer's page is found again. */
function placeOf(answer) {
  return new URL(answer.headers.get("Content-Location") ?? answer.url, location.href).href;
}

/** Whether an answer is of the same desk: with a queue that is empty now, but with the word of what was decided last. */
function belongs(news, answer) {
  const section = (address) => new URL(address).pathname.split("/")[1];
  return news.querySelector(DESK) || (news.querySelector(".frame #main") && section(placeOf(answer)) === section(location.href));
}

function put(news, start) {
  const main = document.adoptNode(news.getElementById("main"));
  document.getElementById("main").replaceWith(main);
  document.title = news.title;
  const around = news.querySelectorAll(AROUND);
  document.querySelectorAll(AROUND).forEach((part, at) => around[at] && part.replaceWith(document.adoptNode(around[at])));
  main.focus({ preventScroll: true });
  start(main);
  // A refusal without a field of its own is told at the top, which a long sheet may have pushed out of sight.
  if (document.activeElement === main) main.querySelector('[role="alert"]:not([hidden])')?.scrollIntoView({ block: "nearest" });
}

export function startSwap(root, start) {
  if (!root.querySelector(DESK)) return;
  const page = () => location.pathname + location.search;
  let asking = false;
  let shown = page();

  const turn = async (ask, failed) => {
    asking = true;
    try {
      const answer = await ask();
      const news = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!belongs(news, answer)) {
        location.assign(placeOf(answer));
        return;
      }
      const before = location.pathname;
      // A refused decision is told where it was taken: its address is no page to come back to.
      const place = placeOf(answer);
      if (answer.ok && place !== location.href) history.pushState(null, "", place);
      shown = page();
      put(news, start);
      if (location.pathname !== before) window.scrollTo(0, 0);
    } catch (error) {
      // The line is down: nothing typed is lost, the same key asks again.
      console.warn(error);
      failed();
      document.querySelector("[data-desk-lost]").hidden = false;
    } finally {
      asking = false;
    }
  };

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.closest(DESK) || form.enctype === UPLOAD) return;
    event.preventDefault();
    if (asking) return;
    turn(() => send(form, event.submitter), () => form.dispatchEvent(new Event("unsent")));
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-queue-link]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!asking) turn(() => fetch(link.href, SAME), () => location.assign(link.href));
  });
  window.addEventListener("popstate", () => {
    // A jump to a place of the same page is none of ours.
    if (page() !== shown) turn(() => fetch(location.href, SAME), () => location.reload());
  });
}
