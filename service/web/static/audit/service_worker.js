// The shell without network. VERSION and FILES (address -> integrity) are put before this text by the server.
// One version is one cache: it is filled whole or not at all, and a page is served from the version it was loaded with.
const PREFIX = "minyi-audit-"
const PAGE = `/audit/shell/${VERSION}/page.html`

self.addEventListener("install", event => event.waitUntil((async () => {
  const cache = await caches.open(PREFIX + VERSION)
  await Promise.all(Object.entries(FILES).map(async ([address, integrity]) => {
    const answer = await fetch(address, {integrity, credentials: "same-origin"})
    if (!answer.ok) throw new Error(`${answer.status} ${address}`)
    await cache.put(address, answer)
  }))
})()))

// Deleting the old version's files waits until no page uses them: until then this worker is not active.
self.addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== PREFIX + VERSION) await caches.delete(name)
  }
  await self.clients.claim()
})()))

// The page asks for it after it has written down everything, and loads itself anew when this worker takes over.
self.addEventListener("message", event => {
  if (event.data === "take over") self.skipWaiting()
})

self.addEventListener("fetch", event => {
  const address = new URL(event.request.url)
  if (event.request.method !== "GET" || address.origin !== location.origin) return
  if (event.request.mode === "navigate" && address.pathname === "/audit/") {
    event.respondWith(kept(PAGE, event.request))
  } else if (address.pathname.startsWith("/audit/shell/")) {
    event.respondWith(kept(address.pathname, event.request))
  }
})

const kept = async (address, request) => {
  const cache = await caches.open(PREFIX + VERSION)
  return await cache.match(address) || fetch(request)
}
