// Where the phone says it is, how exactly, and how old that is. Refusing is allowed and is recorded.

import {say} from "./words.js"

const PATIENCE = 20_000, OLDEST = 60_000
const WHY = {1: "denied", 2: "unavailable", 3: "timeout"}

export const takePosition = () => new Promise(resolve => {
  if (!navigator.geolocation) return resolve({missing: "unavailable"})
  navigator.geolocation.getCurrentPosition(
    ({coords, timestamp}) => resolve({
      latitude: Number(coords.latitude.toFixed(6)), longitude: Number(coords.longitude.toFixed(6)),
      accuracy_m: Math.round(coords.accuracy), age_s: Math.max(0, Math.round((Date.now() - timestamp) / 1000)), mock: null,
    }),
    error => resolve({missing: WHY[error.code] || "unavailable"}),
    {enableHighAccuracy: true, timeout: PATIENCE, maximumAge: OLDEST},
  )
})

export const isTaken = position => position.latitude !== undefined

export const positionText = position => {
  if (isTaken(position)) return say("position_is", {latitude: position.latitude, longitude: position.longitude, m: position.accuracy_m, s: position.age_s})
  return say(position.missing ? `position_${position.missing}` : "position_none")
}
