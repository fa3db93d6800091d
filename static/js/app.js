// The entry of every page: starts each small behaviour. Pages read and every form posts without any of this.

import { startBulk } from "./bulk.js";
import { startDesk } from "./desk.js";
import { startForms } from "./forms.js";
import { startMenus } from "./menus.js";
import { startProgress } from "./progress.js";
import { startShortcuts } from "./shortcuts.js";
import { startTheme } from "./theme.js";
import { startThread } from "./thread.js";
import { startTrial } from "./trial.js";

for (const start of [startMenus, startForms, startShortcuts, startBulk, startProgress, startThread, startTrial, startDesk, startTheme]) {
  try {
    start(document);
  } catch (error) {
    // One broken comfort must not take the others with it.
    console.error(start.name, error);
  }
}
