// Selection: the bar of acts appears with the first chosen line and says how many there are.

function startBar(root, bar, signal) {
  const boxes = [...root.querySelectorAll(`[data-select="${bar.id}"]`)];
  const all = root.querySelector(`[data-select-all="${bar.id}"]`);
  const count = bar.querySelector("[data-bulk-count]");
  const clear = bar.querySelector("[data-bulk-clear]");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  let last = null;

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    count.textContent = (chosen === 1 ? count.dataset.one : count.dataset.many).replace("{count}", number.format(chosen));
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  const choose = (checked) => {
    for (const box of boxes) box.checked = checked;
    show();
  };

  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      // Shift takes everything between this line and the one chosen before.
      if (event.shiftKey && last) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
      }
      last = box;
      show();
    });
    box.addEventListener("change", show);
  }
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => choose(all.checked));
  }
  if (clear) {
    clear.hidden = false;
    clear.addEventListener("click", () => {
      choose(false);
      (all ?? boxes[0])?.focus();
    });
  }
  window.addEventListener("pageshow", show, { signal });
  show();
}

export function startBulk(root, signal) {
  for (const bar of root.querySelectorAll("form[data-bulk]")) startBar(root, bar, signal);
}
