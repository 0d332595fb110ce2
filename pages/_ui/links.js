// Links that stay in the dashboard (class `in`) and the points of charts change the address and let Streamlit
// follow it, as Back and Forward do. Without this script they are plain links, and load the page anew.
(() => {
  // The view is in the address already while the page is still being drawn; other pages are told of it by a mark.
  function view() {
    const told = document.getElementById("view")?.dataset
    if (!told) return { query: "", pages: [] }
    const pages = told.pages.split(" ")
    if (!pages.includes(pageOf(location))) return { query: told.query, pages }
    const names = told.names.split(" ")
    const query = [...new URLSearchParams(location.search)].filter(([name]) => names.includes(name))
    return { query: String(new URLSearchParams(query)), pages }
  }

  const pageOf = (address) => address.pathname.split("/").pop() || "overview"

  function go(address) {
    if (address.href === location.href) return
    history.pushState({}, "", address)
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }))
  }

  function withView(link) {
    const address = new URL(link.href, location.href)
    const { query, pages } = view()
    address.search = pages.includes(pageOf(address)) ? query : ""
    return address
  }

  function isPlain(event) {
    return !(event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
  }

  function closeSidebarOfPhone() {
    if (innerWidth >= 768) return
    document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.in, a[data-testid=stSidebarNavLink]")
    if (!link || !isPlain(event)) return
    const address = link.matches(".in") ? new URL(link.href) : withView(link)
    if (address.origin !== location.origin) return
    event.preventDefault()
    event.stopPropagation()
    go(address)
    if (!link.matches(".in")) closeSidebarOfPhone()
  }, true)

  // A new tab gets the view as well.
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest?.("a[data-testid=stSidebarNavLink]")
    if (link) link.href = withView(link)
  }, true)

  // Streamlit's navigation puts headings among the items of a list, which readers of screens cannot follow.
  function mendNavigation() {
    for (const list of document.querySelectorAll("[data-testid=stSidebarNavItems]:not([role])")) list.role = "group"
    for (const item of document.querySelectorAll("[data-testid=stSidebarNavItems] li:not([role])")) item.role = "none"
  }
  new MutationObserver(mendNavigation).observe(document.body, { childList: true, subtree: true })
  mendNavigation()

  // Points of a chart: the last word of `customdata` is the query that opens what is behind.
  function open(clicked) {
    const point = clicked.points.find((each) => each.customdata?.at?.(-1)?.startsWith?.("?"))
    if (point) go(new URL(point.customdata.at(-1), location.href))
  }
  document.addEventListener("pointerover", (event) => {
    const chart = event.target.closest?.(".js-plotly-plot")
    if (!chart?.on || chart.opens) return
    chart.opens = true
    chart.on("plotly_click", open)
  }, true)
})()
