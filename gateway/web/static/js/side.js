// The contact panel: docked where there is room, else over the thread.
import { $ } from './dom.js';

export function toggleSide() {
  const pane = $('#pane');
  if (!pane) return;
  const open = pane.dataset.side ? pane.dataset.side === 'on' : innerWidth >= 1380;
  pane.dataset.side = open ? 'off' : 'on';
}
