// Everything the pages do beyond links and forms. Each module stands alone: take one away and the page still works.
import "./all.js";
import "./brief.js";
import "./dirty.js";
import "./drafts.js";
import "./files.js";
import "./focus.js";
import "./keys.js";
import "./late.js";
import "./lookup.js";
import "./menus.js";
import "./once.js";
import "./opens.js";
import "./poll.js";
import "./rows.js";
import "./scheme.js";
import "./scroll.js";
import "./toasts.js";
