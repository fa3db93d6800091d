// The desk's drafts: what was typed and not sent yet stands in its field again when the same sheet is shown again, whether
// the page was loaded anew, the queue was walked, or something else of the sheet was decided meanwhile.

const FIELDS = '[data-desk] form[method="post"] :is(input:not([type]), input[type="text"], textarea)[id]';

/** The name of a field's draft: a form is known by its address, a correction by its attribute too. */
function nameOf(field) {
  const { form } = field;
  const path = new URL(form.getAttribute("action"), location.href).pathname;
  const attribute = form.elements.namedItem("attribute")?.value ?? "";
  return ["draft", path, attribute, field.id].join(" ");
}

function keep(field) {
  if (field.value === field.defaultValue) sessionStorage.removeItem(nameOf(field));
  else sessionStorage.setItem(nameOf(field), JSON.stringify({ over: field.defaultValue, typed: field.value }));
}

/** Put a draft back, where the field still says what it was typed over: words on other words are no correction of these. */
function restore(field) {
  const { over, typed } = JSON.parse(sessionStorage.getItem(nameOf(field)) ?? "{}");
  if (typed === undefined || over !== field.defaultValue) return;
  field.value = typed;
  field.closest("details")?.setAttribute("open", "");
}

export function startDrafts(root) {
  for (const field of root.querySelectorAll(FIELDS)) {
    restore(field);
    field.addEventListener("input", () => keep(field));
    field.form.addEventListener("submit", () => sessionStorage.removeItem(nameOf(field)));
    field.form.addEventListener("unsent", () => keep(field));
  }
}
