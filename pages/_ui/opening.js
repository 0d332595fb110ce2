// A page that is opened is shown when it is whole: until then its elements come one by one, the scripts of some after
// themselves, and push each other about. Later, from page to page, what was there before stays until the new has come.
(() => {
  const LONGEST = 3000
  let since = null
  document.body.classList.add("opening")

  function look(now) {
    const app = document.querySelector("[data-testid=stApp]")
    if (app) since ??= now
    const isWhole =
      app?.dataset.testScriptState === "notRunning" &&
      app.querySelector("[data-testid=stMain] h1") &&
      !app.querySelector("[data-testid=stSkeleton]")
    if (isWhole || now - (since ?? now) > LONGEST) document.body.classList.remove("opening")
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})()
