// Tables of figures: a press on a head orders the rows by its column, the largest first, or by name; another turns it round.
const text = new Intl.Collator(document.documentElement.lang, { numeric: true });

addEventListener('click', event => {
  const button = event.target.closest('[data-sort-by]');
  if (!button) return;
  const head = button.closest('th'), body = head.closest('table').tBodies[0], column = Number(button.dataset.sortBy);
  const down = head.ariaSort ? head.ariaSort === 'ascending' : column > 0;
  for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
  const name = row => row.cells[0].textContent.trim();
  const value = row => row.cells[column].dataset.value;
  const order = (one, other) => {
    if (!column) return text.compare(name(one), name(other)) * (down ? -1 : 1);
    const [a, b] = [value(one), value(other)];
    if (!a || !b) return Number(!a) - Number(!b);   // what has no figure comes last either way
    return (Number(a) - Number(b)) * (down ? -1 : 1) || text.compare(name(one), name(other));
  };
  body.append(...[...body.rows].sort(order));
});
