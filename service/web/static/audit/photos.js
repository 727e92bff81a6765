// Photos: made smaller and upright on the phone, hashed, and refused before anything is lost when there is no room.
// Drawing anew leaves nothing of the camera's notes in the file; when it was taken stands in its name.

import {room} from "./database.js"

const LONGEST_SIDE = 1600, QUALITY = [0.8, 0.65, 0.5], WANTED = 600_000, RESERVE = 3_000_000

export class NoPhoto extends Error {
  constructor(word) {
    super(word)
    this.word = word
  }
}

export const sha256 = async content =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", content))].map(byte => byte.toString(16).padStart(2, "0")).join("")

export const blobOf = (canvas, type, quality) => new Promise(resolve => canvas.toBlob(resolve, type, quality))

// {content, size, sha256, name, content_type} of a picture that the camera or a person gave.
export const compressed = async (file, question) => {
  const blob = await smaller(file)
  if ((await room()).left < blob.size * 2 + RESERVE) throw new NoPhoto("photo_no_room")
  const content = await blob.arrayBuffer()
  const taken = new Date(file.lastModified || Date.now()).toISOString().replace(/[-:]|\.\d+/g, "")
  const hash = await sha256(content)
  return {content, size: content.byteLength, sha256: hash, name: `${question}-${taken}-${hash.slice(0, 6)}.jpg`, content_type: "image/jpeg"}
}

const smaller = async file => {
  const address = URL.createObjectURL(file)
  try {
    // An <img> turns a picture as its camera says, in all browsers; createImageBitmap does not in all.
    const image = new Image()
    image.src = address
    await image.decode().catch(() => { throw new NoPhoto("photo_unreadable") })
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.naturalWidth, image.naturalHeight))
    const canvas = document.createElement("canvas")
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
    const pen = canvas.getContext("2d")
    pen.fillStyle = "#fff"
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await small(canvas)
  } finally {
    URL.revokeObjectURL(address)
  }
}

const small = async canvas => {
  let blob = null
  for (const quality of QUALITY) {
    blob = await blobOf(canvas, "image/jpeg", quality)
    if (!blob) throw new NoPhoto("photo_unreadable")
    if (blob.size <= WANTED) break
  }
  return blob
}
