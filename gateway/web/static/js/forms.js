// Small helps of forms: a secret goes to the clipboard, a merge field goes to the cursor.
import { $, toast } from './dom.js';
import { _ } from './words.js';

// Without https the clipboard is closed: what is selected can be copied by hand.
export async function copy(button) {
  const box = document.getElementById(button.dataset.of);
  box.select();
  try {
    await navigator.clipboard.writeText(box.value);
    toast(_('Copied'));
  } catch { toast(_('Selected. Copy it with Ctrl C')); }
}

addEventListener('click', event => {
  const field = event.target.closest('[data-merge]'), box = field && $('.msgbox', field.closest('form'));
  if (!box) return;
  box.setRangeText(field.dataset.merge, box.selectionStart, box.selectionEnd, 'end');
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
});
