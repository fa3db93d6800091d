// The entry of every page: starts each small behaviour. Pages read and every form posts without any of this.

import { startBulk } from "./bulk.js";
import { startDesk } from "./desk.js";
import { startDrafts } from "./drafts.js";
import { startForms } from "./forms.js";
import { closeQueues, showTabs, startMenus } from "./menus.js";
import { startProgress } from "./progress.js";
import { startShortcuts } from "./shortcuts.js";
import { startSwap } from "./swap.js";
import { startTheme } from "./theme.js";
import { startThread } from "./thread.js";
import { startTrial } from "./trial.js";

// What belongs to the main part is started again when another is put in its place. Each is told by a signal that its part
// is gone: what it left with the window would keep every part of a day's work alive.
const INSIDE = [closeQueues, showTabs, startDrafts, startForms, startBulk, startProgress, startThread, startTrial, startDesk];

let inside = new AbortController();

function start(behaviours, root, signal) {
  for (const one of behaviours) {
    try {
      one(root, signal);
    } catch (error) {
      // One broken comfort must not take the others with it.
      console.error(one.name, error);
    }
  }
}

function startInside(root) {
  inside.abort();
  inside = new AbortController();
  start(INSIDE, root, inside.signal);
}

start([startMenus, startShortcuts, startTheme], document);
startInside(document);
startSwap(document, startInside);
