// The live stream: hints that something changed; what changed is asked for then, once for many hints.
import { $, emit, later, load, paced, painted, post, root } from './dom.js';
import { currentId, refreshRows, reloadRows } from './list.js';
import { listen } from './stream.js';
import { _ } from './words.js';
import { refreshThread } from './thread.js';
import { mode, ready as composerReady } from './composer.js';
import { isNote, saveDraft } from './drafts.js';

let stream = null, open = false, position = '', lost = null;
export const isLive = () => open;
const changed = { conversations: new Set(), messages: new Set(), threads: new Set() };

function show(on, words) {
  const badge = $('#live');
  if (!badge) return;
  badge.classList.toggle('is-off', !on);
  badge.dataset.tip = on ? _('Live updates are on') : _('Live updates are off; trying again');
  $('.dot', badge).className = `dot ${on ? 'dot-green' : 'dot-amber dot-pulse'}`;
  $('[data-live-text]', badge).textContent = words;
  if (on) $('#netbar').hidden = true;
}

function heard(kind, data, id) {
  if (id) position = id;
  if (HEARD[kind]) HEARD[kind](data);
}
const HEARD = {
  open() {
    const back = lost !== null;
    clearTimeout(lost);
    lost = null;
    open = true;
    show(true, _('Live'));
    if (back) catchUp();
  },
  lost() {
    open = false;
    show(false, _('Reconnecting'));
    lost ??= setTimeout(() => { $('#netbar').hidden = false; }, 3000);
  },
  'signed-out': () => location.reload(),
  change: data => take(JSON.parse(data)),
  reload: () => everything(),
  draft: data => drafted(JSON.parse(data)),
  presence: data => presence(JSON.parse(data)),
};

// By way of the worker that this browser's pages share; alone where a browser has none.
function connect() {
  if (!('SharedWorker' in window)) { stream = listen(position, heard); return; }
  const worker = new SharedWorker(new URL('./hub.js', import.meta.url), { type: 'module', name: $('.app').dataset.me }), { port } = worker;
  worker.addEventListener('error', () => { port.close(); stream = listen(position, heard); });
  port.addEventListener('message', ({ data: { kind, data, id } }) => heard(kind, data, id));
  port.start();
  const ask = what => port.postMessage({ ask: what, after: position });
  ask('join');
  stream = { close() { ask('leave'); port.close(); }, rest: () => ask('rest'), wake: () => ask('wake') };
}

// Whoever opted out can't be written to any more: the composer says so at once.
const lock = later(200, async () => {
  const id = currentId(), within = $('#composer');
  if (!id || !within) return;
  await saveDraft();
  if (!within.isConnected) return;
  await load(`/conversations/${id}/composer`, '#composer', 'outerHTML');
  if (currentId() !== id) return;
  composerReady();
  if (isNote(within)) mode('note');
});

function take(hint) {
  if (/^contact_opted_/.test(hint.type) && hint.threads?.includes($('#pane .thread')?.dataset.thread)) lock();
  // How a gateway does stands beside its mailboxes, and comes with the numbers around whichever row is asked for.
  if (hint.type === 'gateway_health_changed' && $('#rows .cr')) changed.conversations.add($('#rows .cr').dataset.id);
  for (const name of Object.keys(changed)) for (const one of hint[name] ?? []) changed[name].add(one);
  soon();
  emit('live-change', hint);
}

// Something is half written in a thread of this person's, or no more, here or on another device of theirs.
function drafted({ conversation, thread }) {
  emit('command-sent', `/threads/${thread}/draft`);
  refreshRows([conversation]);
}

const soon = paced(60, 500, async () => {
  const conversations = [...changed.conversations], messages = [...changed.messages], threads = changed.threads;
  const thread = $('#pane .thread')?.dataset.thread, mine = threads.has(thread) || conversations.includes(currentId());
  for (const one of Object.values(changed)) one.clear();
  await Promise.all([refreshRows(conversations), mine ? refreshThread(messages) : null]);
});

function everything() {
  reloadRows();
  if (currentId()) refreshThread();
}

function catchUp() {
  everything();
  emit('live-back');
}

// Who else has this open, and who is writing. Nothing of it is stored.
function presence(told) {
  const where = $('#presence');
  if (!where || told.conversation !== currentId()) return;
  const others = told.people.filter(person => person.id !== $('.app').dataset.me);
  where.hidden = !others.length;
  const typing = others.find(person => person.typing);
  where.textContent = typing ? _('%(name)s is writing', typing) : others.map(person => _('%(name)s viewing', person)).join(', ');
}
let typedAt = 0;
function tell(typing) {
  if (currentId() && !document.hidden) post('/live/presence', { conversation: currentId(), typing: typing ? '1' : '' });
}
document.addEventListener('typing', () => { if (Date.now() - typedAt > 4000) { typedAt = Date.now(); tell(true); } });
document.addEventListener('htmx:after:swap', event => { if (event.detail.ctx?.target?.id === 'pane') painted(() => tell(false)); });
setInterval(() => tell(Date.now() - typedAt < 5000), 20_000);

export function start() {
  position = $('meta[name=position]')?.content ?? '';
  if (!$('#live')) return;
  connect();
  tell(false);
  addEventListener('pagehide', () => stream.close());
  addEventListener('pageshow', event => { if (event.persisted) { connect(); everything(); } });
  addEventListener('offline', () => stream.rest());
  addEventListener('online', () => { stream.wake(); catchUp(); });   // the stream may have come back before this page did
  root.dataset.ready = '1';
}
