// Whether the server knows us, as far as the phone knows: null (not asked yet), false, or {id, name}.

import {Failed, session} from "./net.js"

let known = null

export const signedIn = () => known
export const remember = user => { known = user }

// Asks the server; without network the last answer stands.
export const refresh = async () => {
  try {
    known = await session()
  } catch (error) {
    if (error instanceof Failed && error.kind === "signed_out") known = false
  }
  return known
}
