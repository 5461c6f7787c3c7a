// A clock for the bell. Browsers slow the timers of a page that lies behind others down to one a minute; not a worker's.
"use strict";
setInterval(() => postMessage(0), 2000);
