/** A page with addresses that are shown once: each can be copied. Loaded alone, on those pages only. */

import { startCopying } from "./copy.js";

startCopying();
