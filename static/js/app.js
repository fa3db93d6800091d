// The entry of every page: starts each small behaviour. Pages read and every form posts without any of this.

import { startBulk } from "./bulk.js";
import { startDesk } from "./desk.js";
import { startDrafts } from "./drafts.js";
import { startForms } from "./forms.js";
import { closeQueues, startMenus } from "./menus.js";
import { startProgress } from "./progress.js";
import { startShortcuts } from "./shortcuts.js";
import { startSwap } from "./swap.js";
import { startTheme } from "./theme.js";
import { startThread } from "./thread.js";
import { startTrial } from "./trial.js";

// What belongs to the main part is started again when another is put in its place.
const INSIDE = [closeQueues, startDrafts, startForms, startBulk, startProgress, startThread, startTrial, startDesk];

function start(behaviours, root) {
  for (const one of behaviours) {
    try {
      one(root);
    } catch (error) {
      // One broken comfort must not take the others with it.
      console.error(one.name, error);
    }
  }
}

start([startMenus, startShortcuts, ...INSIDE, startTheme], document);
startSwap(document, (main) => start(INSIDE, main));
