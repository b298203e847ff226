// Everything here makes quicker what works without it. One module for each habit.
import { followFocus, keepFoldsOpen, openAtHash, spareWhatSheWrites } from "./focus.js";
import { listenToKeys } from "./keys.js";
import { closeMenus } from "./menus.js";
import { goToLine } from "./lines.js";
import { guardDraft, hideSpareButtons, nameChosenFiles } from "./drafts.js";

hideSpareButtons();
listenToKeys();
closeMenus();
followFocus();
spareWhatSheWrites();
keepFoldsOpen();
openAtHash();
guardDraft();
nameChosenFiles();
goToLine();
