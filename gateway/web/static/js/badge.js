// The unread number on the app's icon; on pages without a list of conversations also in the rail and the title.
import { $, get, paced } from './dom.js';

let shown = -1;
function badge(unread) {
  if (unread === shown) return;
  shown = unread;
  if (unread) navigator.setAppBadge?.(unread).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

const inRail = () => Number($('#unread-rail')?.dataset.unread) || 0;

// The number beside the balance is the rail's.
function mirror() {
  const rail = $('#unread-rail'), top = $('#unread-top');
  badge(inRail());
  if (!top) return;
  top.hidden = rail.hidden;
  top.textContent = rail.firstChild?.textContent ?? '';
}

const look = paced(400, 2000, async () => {
  if ($('#rows') || !$('#unread-rail')) return;
  const answer = await get('/unread');
  if (answer?.status !== 200) return;
  const { unread } = await answer.json(), box = $('#unread-rail');
  box.dataset.unread = unread;
  box.hidden = !unread;
  if (box.firstChild) box.firstChild.textContent = unread < 1000 ? String(unread) : '999+';
});

export function start() {
  if (!$('#unread-rail')) return;
  mirror();
  new MutationObserver(mirror).observe($('.rail'), { subtree: true, childList: true, characterData: true, attributes: true });
  document.addEventListener('live-change', event => { if (/^(message_received|thread_read|conversation_)/.test(event.detail.type)) look(); });
}
