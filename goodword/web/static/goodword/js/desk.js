// Everything here makes quicker what works without it. One module for each habit.
import { followFocus, keepFoldsOpen, openAtHash } from "./focus.js";
import { listenToKeys } from "./keys.js";
import { restWhileHidden, spareWhatSheWrites, waitForHerAnswers } from "./live.js";
import { closeMenus } from "./menus.js";
import { goToLine } from "./lines.js";
import { guardDraft, hideSpareButtons, nameChosenFiles } from "./drafts.js";

hideSpareButtons();
listenToKeys();
closeMenus();
followFocus();
spareWhatSheWrites();
restWhileHidden();
waitForHerAnswers();
keepFoldsOpen();
openAtHash();
guardDraft();
nameChosenFiles();
goToLine();
