// The app's own version: installing it for use without network, and changing to a new one without losing anything.

import {alerted, button, h, one} from "./dom.js"
import {say} from "./words.js"

let flush = async () => {}
let leaving = false
export let failed = false // the app works, but cannot be opened without network

// `save` writes down what is being typed; it is awaited before a new version takes over.
export const install = async save => {
  flush = save
  if (!("serviceWorker" in navigator)) return
  const controlled = Boolean(navigator.serviceWorker.controller)
  navigator.serviceWorker.addEventListener("controllerchange", async () => {
    if (!controlled && !leaving) return // the first installation: this page has the same version
    await flush()
    location.reload()
  })
  let registration
  try {
    registration = await navigator.serviceWorker.register("/audit/service-worker.js", {scope: "/audit/", updateViaCache: "none"})
  } catch {
    failed = true
    return
  }
  const watch = worker => worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) offer(registration)
  })
  registration.addEventListener("updatefound", () => watch(registration.installing))
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration)
  addEventListener("online", () => registration.update().catch(() => {}))
}

const offer = registration => {
  if (one("#update")) return
  const take = async () => {
    leaving = true
    await flush()
    registration.waiting?.postMessage("take over")
  }
  document.body.prepend(h("aside", {id: "update", class: "notice", role: "status"},
    h("p", {}, say("update_ready")), button(say("update_now"), take)))
}

// --- What this phone cannot do

// Why the app cannot work here: a text, or "".
export const obstacle = () => {
  if (!isSecureContext) return say("needs_https")
  const needed = [navigator.serviceWorker, navigator.locks, window.indexedDB, window.crypto?.subtle, AbortSignal.timeout]
  return needed.every(Boolean) ? "" : say("too_old")
}

export const explain = text => [alerted(text), h("p", {}, say("paper_instead"))]
