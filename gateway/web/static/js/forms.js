// A merge field goes to the cursor.
import { $, post } from './dom.js';

addEventListener('click', event => {
  const field = event.target.closest('[data-field]'), box = field && $('.msgbox', field.closest('form'));
  if (!box) return;
  box.setRangeText(field.dataset.field, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
});

// Kept words tell how often they are used.
addEventListener('click', event => {
  const used = event.target.closest('[data-snippet]');
  if (used) post(`/snippets/${used.dataset.snippet}/used`, {});
});
