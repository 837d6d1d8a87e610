// Keeps time for the page: [id, milliseconds] starts a time-out and [id] ends it; the id comes back when it is due.
'use strict';

const handles = new Map();

onmessage = event => {
  const [id, delay] = event.data;
  clearTimeout(handles.get(id));
  handles.delete(id);
  if (delay === undefined) return;
  handles.set(id, setTimeout(() => {
    handles.delete(id);
    postMessage(id);
  }, delay));
};

postMessage('ready');
