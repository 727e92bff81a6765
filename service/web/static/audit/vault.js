// An auditor's store on this phone, locked by a PIN. The PIN makes a key (PBKDF2), which opens the data key (AES-GCM);
// neither key can be read out by a script. While the app is locked, no key is in memory.
//
// What this is worth: whoever finds the phone and only opens the browser reads nothing. Whoever copies the phone's
// memory can try PINs at about two a second on such a phone, far faster on rented machines: six digits then hold for
// hours or days, not for ever. A longer PIN is allowed, and records leave the phone as soon as they are acknowledged.

import * as database from "./database.js"

export const PIN_DIGITS = 6, FREE_TRIES = 10
const ITERATIONS = 600_000, FIRST_WAIT = 30_000, LONGEST_WAIT = 15 * 60_000
const bytes = text => new TextEncoder().encode(text)
let opened = null // {id, user, name, key}

export const current = () => opened
export const lock = () => { opened = null }
export const vaults = () => database.all("vaults")

const stretched = async (pin, salt, iterations) => {
  const raw = await crypto.subtle.importKey("raw", bytes(pin), "PBKDF2", false, ["deriveKey"])
  const how = {name: "PBKDF2", hash: "SHA-256", salt, iterations}
  return crypto.subtle.deriveKey(how, raw, {name: "AES-GCM", length: 256}, false, ["wrapKey", "unwrapKey"])
}

// Digits of any script are the same PIN.
export const tidy = pin => pin.normalize("NFKC").trim()

// Why a PIN is none: "pin_short", "pin_simple", or "".
export const unfit = pin => {
  if (!/^[0-9]+$/.test(pin) || pin.length < PIN_DIGITS) return "pin_short"
  const steps = new Set([...pin].slice(1).map((digit, place) => (digit - pin[place] + 10) % 10))
  return steps.size === 1 && [0, 1, 9].includes([...steps][0]) ? "pin_simple" : ""
}

export const create = async (user, pin) => {
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12))
  // Readable for as long as it takes to wrap it; what is used afterwards is not.
  const first = await crypto.subtle.generateKey({name: "AES-GCM", length: 256}, true, ["encrypt", "decrypt"])
  const wrapped = await crypto.subtle.wrapKey("raw", first, await stretched(pin, salt, ITERATIONS), {name: "AES-GCM", iv})
  const vault = {
    id: crypto.randomUUID(), user: user.id, name: user.name, made_at: Date.now(),
    salt, iterations: ITERATIONS, iv, wrapped, tries: 0, tried_at: 0,
  }
  await database.put("vaults", vault)
  return unlock(vault.id, pin)
}

// Milliseconds to wait before the next try. A clock that was set back does not shorten it.
export const wait = vault => {
  const over = vault.tries - FREE_TRIES
  if (over < 0) return 0
  const pause = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** over), since = Date.now() - vault.tried_at
  return since < 0 ? pause : Math.max(0, pause - since)
}

// The opened vault, or null if the PIN is wrong. A try is counted before it is made: closing the page saves none.
export const unlock = async (id, pin) => {
  const vault = await database.get("vaults", id)
  if (wait(vault) > 0) return null
  await database.put("vaults", {...vault, tries: vault.tries + 1, tried_at: Date.now()})
  const own = await stretched(pin, vault.salt, vault.iterations)
  const wrapping = {name: "AES-GCM", iv: vault.iv}
  try {
    const key = await crypto.subtle.unwrapKey("raw", vault.wrapped, own, wrapping, "AES-GCM", false, ["encrypt", "decrypt"])
    opened = {id, user: vault.user, name: vault.name, key}
  } catch {
    return null
  }
  await database.put("vaults", {...vault, tries: 0, tried_at: 0})
  return opened
}

// --- Sealing. `place` is bound in: what was sealed for one place opens at no other.

export const seal = async (place, content) => {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const how = {name: "AES-GCM", iv, additionalData: bytes(`${opened.id} ${place}`)}
  return {iv, data: await crypto.subtle.encrypt(how, opened.key, content)}
}

export const unseal = (place, {iv, data}) =>
  crypto.subtle.decrypt({name: "AES-GCM", iv, additionalData: bytes(`${opened.id} ${place}`)}, opened.key, data)

export const sealJson = (place, value) => seal(place, bytes(JSON.stringify(value)))
export const unsealJson = async (place, sealed) => JSON.parse(new TextDecoder().decode(await unseal(place, sealed)))

export const keep = async (name, value) =>
  database.put("kept", {vault: opened.id, name, ...await sealJson(`kept ${name}`, value)})

export const kept = async name => {
  const found = await database.get("kept", [opened.id, name])
  return found ? unsealJson(`kept ${name}`, found) : null
}

// Removes the opened store and all that is in it. Whoever calls has made sure that nothing waits in it.
export const destroy = async () => {
  const {id} = opened
  const [records, photos, kept] = await Promise.all([
    database.allOf("records", "vault", id), database.allOf("photos", "vault", id), database.all("kept"),
  ])
  await database.transact(["vaults", "records", "photos", "kept"], "readwrite", (vaults, recordStore, photoStore, keptStore) => {
    records.forEach(record => recordStore.delete(record.id))
    photos.forEach(photo => photoStore.delete([photo.record, photo.sha256]))
    kept.filter(each => each.vault === id).forEach(each => keptStore.delete([id, each.name]))
    vaults.delete(id)
  })
  opened = null
}
