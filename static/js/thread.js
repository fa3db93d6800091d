// Conversation: keeps the draft in this browser until the message is sent; puts a ready-made answer where the cursor is.

const KEEP_DAYS = 14;

function readDraft(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    const fresh = draft && Date.now() - draft.at < KEEP_DAYS * 86_400_000;
    return fresh ? draft.text : "";
  } catch {
    return "";
  }
}

function writeDraft(key, text) {
  try {
    if (text.trim()) localStorage.setItem(key, JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(key);
    return Boolean(text.trim());
  } catch {
    // A browser without storage, or full: the message can still be written and sent.
    return false;
  }
}

function keepDraft(form) {
  const key = `draft:${form.dataset.draft}`;
  const area = form.querySelector("textarea");
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  const say = (kept) => {
    if (note) note.textContent = kept ? note.dataset.kept : "";
  };
  if (!area.value) {
    area.value = readDraft(key);
    if (area.value) {
      area.dispatchEvent(new Event("input"));
      say(true);
    }
  }
  area.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => say(writeDraft(key, area.value)), 400);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    window.clearTimeout(timer);
    writeDraft(key, "");
  });
}

function insertCanned(form, select) {
  const area = form.querySelector("textarea");
  select.addEventListener("change", () => {
    const text = select.selectedOptions[0]?.dataset.text;
    if (!text) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  });
}

export function startThread(root) {
  for (const form of root.querySelectorAll("form.composer")) {
    if (form.dataset.draft) keepDraft(form);
    const canned = form.querySelector("[data-canned]");
    if (canned) insertCanned(form, canned);
  }
}
