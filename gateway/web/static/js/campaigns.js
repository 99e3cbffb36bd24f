// Campaigns: figures that follow what happens, and a count while one writes; the server's preview follows and rules.
import { $, later, paced } from './dom.js';
import { draw, measure } from './counter.js';

// What became of a recipient is written down a moment after the log has it: the last look comes later than the last hint.
const look = paced(200, 1500, () => {
  document.body.dispatchEvent(new CustomEvent('campaign-changed'));
  // Not under the hands of somebody who reads further down, or is at it with the keys.
  const people = $('#recipients');
  if (people && people.querySelectorAll('tbody tr').length <= 51 && !people.contains(document.activeElement)) document.body.dispatchEvent(new CustomEvent('recipients-changed'));
});
const lastLook = later(2500, look);
document.addEventListener('live-change', event => {
  if (!event.detail.campaigns?.includes($('#campaign-state')?.dataset.campaign)) return;
  look();
  lastLook();
});

const SENDER = { channel: 'sms', price: 0, currency: '' };
// The composer counts every box with data-count, for its own sender and contact: this one has neither.
function count(box) {
  box.dataset.count = box.dataset.rough;
  draw(box, measure(box.value), SENDER, box.value);
  delete box.dataset.count;
}
document.addEventListener('input', event => { if (event.target.dataset?.rough) count(event.target); });
document.addEventListener('htmx:after:swap', event => {
  if (event.detail.ctx?.target?.id === 'body-box') $('[data-rough]').dispatchEvent(new Event('input', { bubbles: true }));   // a template's words
});
if ($('[data-rough]')) count($('[data-rough]'));
