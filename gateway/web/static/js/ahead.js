// The threads that are probably opened next are asked for before they are: two in the direction of the keys, so that
// fast steps find theirs there, and the one the pointer rests on. Few, for a minute, used once; asking marks nothing as
// read and tells nobody.
import { $, later, painted, wide } from './dom.js';
import { currentId, stepped } from './list.js';
import { isLive } from './live.js';

const FRESH = 60_000, MOST = 4;
const kept = new Map();   // address -> { id, thread, answer, until }

function ask(row) {
  const url = row && $('.cr-top', row)?.getAttribute('hx-get'), id = row?.dataset.id;
  // Without the stream nobody would say that it has grown old.
  if (!url || id === currentId() || kept.has(url) || !isLive() || !wide() || document.hidden || navigator.connection?.saveData) return;
  const one = { id, until: Date.now() + FRESH };
  one.answer = fetch(url, { headers: { 'HX-Request': 'true', Accept: 'text/html' } }).then(async answer => {
    const text = await answer.text();
    one.thread = /data-thread="(thr_\w+)"/.exec(text)?.[1];
    if (!answer.ok || !one.thread) drop(other => other === one);
    return new Response(text, { status: answer.status, headers: answer.headers });
  });
  one.answer.catch(() => drop(other => other === one));
  kept.set(url, one);
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
}

function drop(which = () => true) {
  for (const [url, one] of kept) if (which(one)) kept.delete(url);
}

const onward = () => { if (currentId()) for (const far of [1, 2]) ask(stepped(far)); };
// After something happened to them, once it is quiet again.
const anew = later(1000, onward);

const toPane = event => event.detail.ctx?.target?.id === 'pane';
document.addEventListener('htmx:before:request', event => {
  if (!toPane(event)) return;
  const { ctx } = event.detail, one = kept.get(ctx.request.action);
  kept.delete(ctx.request.action);
  // One that fails after all is asked for as if it had never been.
  if (one && Date.now() < one.until) ctx.fetch = (url, request) => one.answer.catch(() => fetch(url, request));
});
document.addEventListener('htmx:after:swap', event => { if (toPane(event)) painted(onward); });
const rest = later(100, row => { if (row.isConnected && row.matches(':hover')) ask(row); });
document.addEventListener('pointerover', event => {
  const row = event.pointerType === 'mouse' && event.target.closest?.('#rows .cr');
  if (row) rest(row);
});

// Whatever happened to a conversation since, here or elsewhere, is not in what was asked for before it.
document.addEventListener('live-change', event => {
  const { conversations = [], threads = [] } = event.detail;
  drop(one => !one.thread || conversations.includes(one.id) || threads.includes(one.thread));
  anew();
});
// That one was read, or something written in it, is seen in no other.
document.addEventListener('command-sent', event => {
  const [, id, thread] = /^\/(?:conversations\/(\w+)\/read|threads\/(\w+)\/draft)$/.exec(event.detail ?? '') ?? [];
  drop(one => !(id || thread) || !one.thread || one.id === id || one.thread === thread);
  anew();
});
