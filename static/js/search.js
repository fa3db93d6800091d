// Search: tells the server once what was searched and how much was found, so that what customers miss can be counted.

/** A page seen again with the browser's arrow is not another search. */
function isFirstView() {
  return performance.getEntriesByType("navigation")[0]?.type === "navigate";
}

const form = document.querySelector("form[data-count-search]");
if (form && isFirstView()) {
  fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", keepalive: true }).catch(() => {});
}
