// What lies on the phone: IndexedDB, with promises. Everything about visits and records in it is encrypted (vault.js).
//
// vaults   {id, user, name, ...}                an auditor's locked store on this phone
// kept     {vault, name, iv, data}              the visits
// records  {id, vault, state, changed_at, iv, data}
// photos   {record, sha256, vault, size, iv, data}
// plain    {name, value}                        language, theme: nothing about anybody

const NAME = "minyi-audit", VERSION = 1
let opening = null
let closed = () => {}

export const onClosed = call => { closed = call }

const promised = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

const make = database => {
  database.createObjectStore("vaults", {keyPath: "id"})
  database.createObjectStore("kept", {keyPath: ["vault", "name"]})
  database.createObjectStore("records", {keyPath: "id"}).createIndex("vault", "vault")
  const photos = database.createObjectStore("photos", {keyPath: ["record", "sha256"]})
  photos.createIndex("vault", "vault")
  photos.createIndex("record", "record")
  database.createObjectStore("plain", {keyPath: "name"})
}

export const open = () => opening ||= new Promise((resolve, reject) => {
  const request = indexedDB.open(NAME, VERSION)
  request.onupgradeneeded = () => make(request.result)
  request.onerror = () => reject(request.error)
  request.onsuccess = () => {
    const database = request.result
    const letGo = () => {
      database.close()
      opening = null
      closed()
    }
    database.onversionchange = letGo
    database.onclose = letGo
    resolve(database)
  }
})

// One transaction. `work` gets its stores and must ask everything at once or in the answers; resolves when it is durable.
export const transact = async (stores, mode, work) => {
  const database = await open()
  const transaction = database.transaction(stores, mode, {durability: "strict"})
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(transaction.error || new DOMException("aborted", "AbortError"))
  })
  const result = work(...stores.map(name => transaction.objectStore(name)))
  const [value] = await Promise.all([result instanceof IDBRequest ? promised(result) : result, done])
  return value
}

export const get = (store, key) => transact([store], "readonly", found => found.get(key))
export const put = (store, value) => transact([store], "readwrite", found => { found.put(value) })
export const remove = (store, key) => transact([store], "readwrite", found => { found.delete(key) })
export const all = store => transact([store], "readonly", found => found.getAll())
export const allOf = (store, index, value) => transact([store], "readonly", found => found.index(index).getAll(value))

export const plainGet = async name => (await get("plain", name))?.value
export const plainPut = (name, value) => put("plain", {name, value})

export const isFull = error => error?.name === "QuotaExceededError"

// --- Room. A block is set aside, so that a record can still be written when the phone is full of photos.

const BALLAST = 1_000_000

export const setAside = async () => {
  if (!await plainGet("set aside")) await plainPut("set aside", new Uint8Array(BALLAST).fill(1)).catch(() => {})
}

// Puts into several stores at once; gives up the block before it gives up the record.
export const putAnyway = async (stores, work) => {
  try {
    return await transact(stores, "readwrite", work)
  } catch (error) {
    if (!isFull(error)) throw error
    await remove("plain", "set aside")
    return await transact(stores, "readwrite", work)
  }
}

export const room = async () => {
  const {usage = 0, quota = 0} = await navigator.storage?.estimate?.() || {}
  return {usage, quota, left: Math.max(0, quota - usage)}
}

export const persist = async () => {
  try {
    return await navigator.storage.persisted() || await navigator.storage.persist()
  } catch {
    return false
  }
}
