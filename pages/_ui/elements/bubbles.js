// Draws the lines anew when they changed, keeps what was opened open, and follows the newest line
// unless the reader has scrolled up. Texts of clients only ever become text nodes.
const drawn = new WeakMap()

function piece(tag, cls, text) {
  const node = document.createElement(tag)
  node.className = cls
  if (text !== undefined) node.textContent = text
  return node
}

function factsOf(line, opened) {
  const details = piece("details", "facts")
  details.dataset.id = line.id
  details.open = opened.has(line.id)
  details.append(piece("summary", "", line.more))
  const table = piece("dl", "")
  for (const [name, value] of line.facts) table.append(piece("dt", "", name), piece("dd", "", value))
  details.append(table)
  return details
}

function lineOf(line, opened) {
  const row = piece("div", "line " + line.side)
  row.dataset.id = line.id
  if (line.side === "day" || line.side === "avito") {
    row.append(piece("span", "notice", line.text))
    return row
  }
  const bubble = piece("div", "bubble" + (line.kind ? " thing" : ""))
  if (line.kind) bubble.append(piece("span", "kind", line.kind))
  if (line.text) bubble.append(piece("span", "text", line.text))
  if (line.link) {
    const link = piece("a", "link", line.linkText)
    link.href = line.link
    link.target = "_blank"
    link.rel = "noopener noreferrer"
    bubble.append(link)
  }
  row.append(bubble)
  const under = piece("div", "under " + (line.tone || ""))
  if (line.meta) under.append(piece("span", "meta", line.meta))
  if (line.facts?.length) under.append(factsOf(line, opened))
  row.append(under)
  return row
}

export default function ({ data, parentElement }) {
  const talk = parentElement.querySelector(".talk")
  talk.setAttribute("aria-label", data.label)
  const now = JSON.stringify(data.lines)
  const before = drawn.get(talk)
  if (before?.text === now) return
  const ids = data.lines.map((line) => line.id)
  const isOther = before?.first !== ids[0]
  const wasAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80
  const opened = new Set([...talk.querySelectorAll("details[open]")].map((d) => d.dataset.id))
  const top = talk.scrollTop
  talk.replaceChildren(...data.lines.map((line) => lineOf(line, opened)))
  drawn.set(talk, { text: now, first: ids[0] })
  talk.scrollTop = isOther || wasAtEnd ? talk.scrollHeight : top
  if (isOther) requestAnimationFrame(() => (talk.scrollTop = talk.scrollHeight))
}
