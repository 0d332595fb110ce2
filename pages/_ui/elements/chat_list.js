// Draws the rows anew when they changed; texts of clients only ever become text nodes.
const drawn = new WeakMap()

function piece(tag, cls, text) {
  const node = document.createElement(tag)
  node.className = cls
  if (text !== undefined) node.textContent = text
  return node
}

function rowOf(row, selected) {
  const button = piece("button", "row" + (row.id === selected ? " on" : ""))
  button.type = "button"
  button.dataset.id = row.id
  if (row.id === selected) button.setAttribute("aria-current", "true")
  const top = piece("div", "top")
  top.append(piece("span", "name", row.name), piece("span", "time", row.time))
  const bottom = piece("div", "bottom")
  bottom.append(piece("span", "text", row.text))
  if (row.unanswered) bottom.append(piece("span", "count", String(row.unanswered)))
  button.append(top, piece("div", "listing", row.listing), bottom)
  if (row.badge) button.append(piece("span", "badge " + row.tone, row.badge))
  return button
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector(".list")
  const now = JSON.stringify(data)
  list.onclick = (event) => {
    const row = event.target.closest(".row")
    if (row) setTriggerValue("picked", row.dataset.id)
  }
  if (drawn.get(list) === now) return
  drawn.set(list, now)
  const focused = list.getRootNode().activeElement?.dataset?.id
  list.replaceChildren(...data.rows.map((row) => rowOf(row, data.selected)))
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus()
}
