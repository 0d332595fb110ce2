// Draws the charts: an element of the class `chart` carries its figure in `data-figure`, and Plotly draws it here.
(() => {
  const { library, pages } = document.currentScript.dataset
  const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false }
  const LETTER = 6.7, BETWEEN = 14, NARROWEST = 120
  const places = document.getElementsByClassName("chart")
  // The graph of each chart by its name: what comes anew under the same name is drawn over what was there before,
  // before anything is painted, so that nothing flashes.
  const graphs = new Map()
  let loading = null

  function plotly() {
    loading ??= new Promise((loaded, failed) => {
      const script = document.createElement("script")
      script.src = library
      script.onload = () => loaded(window.Plotly)
      script.onerror = () => {
        loading = null
        failed(new Error("Plotly did not come"))
      }
      document.head.append(script)
    })
    return loading
  }

  // Names below an axis that would touch are left out: of equal steps evenly, else one by one.
  function thin(axis, room) {
    if (axis.tickmode !== "array") return
    const width = (n) => axis.ticktext[n].length * LETTER + BETWEEN
    const widest = Math.max(...axis.ticktext.map((_, n) => width(n)))
    const step = Math.ceil((axis.ticktext.length * widest) / room)
    let last = null
    const stays = axis.tickvals.map((value, n) => {
      if (axis.type !== "log") return n % step === 0
      const [from, to] = axis.range
      const at = ((Math.log10(value) - from) / (to - from)) * room
      const isFree = last === null || at - last.at >= (width(n) + last.width) / 2
      if (at < 0 || at > room || !isFree) return false
      last = { at, width: width(n) }
      return true
    })
    axis.tickvals = axis.tickvals.filter((_, n) => stays[n])
    axis.ticktext = axis.ticktext.filter((_, n) => stays[n])
  }

  // Plotly fails at axes without a length, and a column has its width only after a while.
  function draw(place) {
    const width = place.clientWidth
    place.isDue = true
    if (width < NARROWEST || !place.isConnected) return
    const { data, layout } = JSON.parse(place.dataset.figure)
    thin(layout.xaxis, width - layout.margin.l - 8)
    const name = place.dataset.chart
    if (!graphs.has(name)) graphs.set(name, document.createElement("div"))
    const graph = graphs.get(name)
    if (graph.parentNode !== place) place.append(graph)
    place.drawnWide = width
    window.Plotly.react(graph, data, { ...layout, width, autosize: false }, CONFIG)
  }

  // A first drawing takes a while: what is beside the charts is painted before.
  function drawSoon(place) {
    plotly().then(
      () => requestAnimationFrame(() => setTimeout(() => draw(place))),
      () => place.append(place.getAttribute("aria-label"))
    )
  }

  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) if (target.isDue && target.drawnWide !== target.clientWidth) draw(target)
  })

  function look() {
    for (const place of places) {
      if (place.isKnown) continue
      place.isKnown = true
      widths.observe(place)
      if (window.Plotly && graphs.has(place.dataset.chart)) draw(place)
      else drawSoon(place)
    }
    for (const [name, graph] of graphs) {
      if (graph.isConnected) continue
      window.Plotly.purge(graph)
      graphs.delete(name)
    }
  }

  // Where there will be charts, the library is compiled beside the main thread while Streamlit begins.
  if (pages.split(" ").includes(location.pathname.split("/").pop() || "overview")) plotly().catch(() => {})
  new MutationObserver(look).observe(document, { childList: true, subtree: true })
})()
