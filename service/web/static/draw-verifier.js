// Verifies a published draw: the same steps as service/domain/inspect/published_draws.py, with nothing but this file.
// Runs in a page or as a worker. Written for old phones: own SHA-256 (the browser's needs HTTPS), no BigInt, no modules.
"use strict";
var DrawVerifier = (function () {
  var FORMAT = "minyi-draw/1", MAX_SERIAL = 200, MIN_SECRET = 16;
  // Trimmed are exactly these, as in frames.py; String.prototype.trim takes others.
  var BLANKS = "[\\t\\n\\v\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000]+";
  var ENDS = new RegExp("^" + BLANKS + "|" + BLANKS + "$", "g");
  var INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  var PLAIN = /^[!-~]+$/;  // visible ASCII needs neither trimming nor composing

  // --- SHA-256 (FIPS 180-4)

  function fractions(root) {
    // The first 32 bits of the fractional parts of the roots of the primes: the standard's constants, not typed in.
    var found = [];
    for (var n = 2; found.length < 64; n += 1) {
      var prime = true;
      for (var d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
      if (prime) found.push((Math.pow(n, 1 / root) % 1) * 4294967296 | 0);
    }
    return found;
  }
  var K = new Int32Array(fractions(3)), START = new Int32Array(fractions(2).slice(0, 8));
  var W = new Int32Array(64);

  function compress(state, bytes, at) {
    for (var i = 0; i < 16; i += 1, at += 4) {
      W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (; i < 64; i += 1) {
      var x = W[i - 15], y = W[i - 2];
      W[i] = (((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + W[i - 7]
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) + W[i - 16]) | 0;
    }
    var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (i = 0; i < 64; i += 1) {
      var one = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + W[i]) | 0;
      var two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
      h = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  // A hash under way: whole blocks are taken in at once, the rest waits.
  function Hash() {
    this.state = new Int32Array(START);
    this.rest = new Uint8Array(64);
    this.length = 0;
  }
  Hash.prototype.add = function (bytes, count) {
    var waiting = this.length % 64;
    this.length += count;
    for (var i = 0; i < count; i += 1) {
      this.rest[waiting] = bytes[i];
      waiting += 1;
      if (waiting === 64) { compress(this.state, this.rest, 0); waiting = 0; }
    }
    return this;
  };
  Hash.prototype.words = function () {
    var waiting = this.length % 64, rest = this.rest;
    rest[waiting] = 128;
    rest.fill(0, waiting + 1);
    if (waiting >= 56) { compress(this.state, rest, 0); rest.fill(0); }
    var high = Math.floor(this.length / 536870912), low = this.length * 8 >>> 0;
    for (var i = 0; i < 4; i += 1) { rest[56 + i] = high >>> (24 - 8 * i); rest[60 + i] = low >>> (24 - 8 * i); }
    compress(this.state, rest, 0);
    return this.state;
  };
  Hash.prototype.hex = function () {
    var words = this.words(), text = "";
    for (var i = 0; i < 8; i += 1) text += ("0000000" + (words[i] >>> 0).toString(16)).slice(-8);
    return text;
  };

  var buffer = new Uint8Array(4096);
  // UTF-8 of a text without lone surrogates, into `buffer`; how many bytes.
  function utf8(text) {
    if (text.length * 3 > buffer.length) buffer = new Uint8Array(text.length * 3);
    var to = 0;
    for (var i = 0; i < text.length; i += 1) {
      var code = text.charCodeAt(i);
      if (code < 128) { buffer[to++] = code; continue; }
      if (code < 2048) { buffer[to++] = 192 | code >> 6; buffer[to++] = 128 | code & 63; continue; }
      if (code >= 0xd800 && code < 0xdc00) {
        i += 1;
        code = 0x10000 + ((code - 0xd800) << 10) + text.charCodeAt(i) - 0xdc00;
        buffer[to++] = 240 | code >> 18;
        buffer[to++] = 128 | code >> 12 & 63;
      } else buffer[to++] = 224 | code >> 12;
      buffer[to++] = 128 | code >> 6 & 63;
      buffer[to++] = 128 | code & 63;
    }
    return to;
  }
  function sha256(text) { var count = utf8(text); return new Hash().add(buffer, count).hex(); }
  function sha256OfHex(hex) {
    var bytes = new Uint8Array(hex.length / 2);
    for (var i = 0; i < bytes.length; i += 1) bytes[i] = parseInt(hex.substr(2 * i, 2), 16);
    return new Hash().add(bytes, bytes.length).hex();
  }

  // --- Order and tickets

  // By code point, which is the order of the UTF-8 bytes. JavaScript's own order is that of 16-bit units, in which
  // characters beyond U+FFFF, written as two units from D800 to DFFF, would come before U+E000 to U+FFFF.
  function byCodePoint(a, b) {
    var shorter = Math.min(a.length, b.length);
    for (var i = 0; i < shorter; i += 1) {
      var x = a.charCodeAt(i), y = b.charCodeAt(i);
      if (x !== y) return (x < 0xd800 ? x : x < 0xe000 ? x + 0x2000 : x - 0x800)
        - (y < 0xd800 ? y : y < 0xe000 ? y + 0x2000 : y - 0x800);
    }
    return a.length - b.length;
  }

  var limbs = new Float64Array(8);
  function limbsOf(words) { for (var i = 0; i < 8; i += 1) limbs[i] = words[i] >>> 0; }
  // Divides the number in `limbs` by a million, in place; the rest is its last six decimal digits.
  function lastSix() {
    var rest = 0;
    for (var i = 0; i < 8; i += 1) {
      var value = rest * 4294967296 + limbs[i];  // below 2^52, so exact
      limbs[i] = Math.floor(value / 1000000);
      rest = value - limbs[i] * 1000000;
    }
    return rest;
  }
  function turned(six) {
    var found = 0;
    for (var i = 0; i < 6; i += 1) { found = found * 10 + six % 10; six = Math.floor(six / 10); }
    return found;
  }
  function isZero() { for (var i = 0; i < 8; i += 1) if (limbs[i]) return false; return true; }

  // seed -> {text: the ticket of a serial, start: its first twelve digits as a number}. A ticket is "0." and the decimal
  // digits of SHA-256(hex SHA-256(seed) + serial), last digit first, at least 64. The hex digits are one block of 64
  // bytes, taken in once for all. Nothing is allocated for a serial: 100,000 of them must not fill the memory.
  function tickets(seed) {
    var count = utf8(sha256(seed)), first = new Hash().add(buffer, count), hash = new Hash();
    function load(serial) {
      hash.state.set(first.state);
      hash.length = first.length;
      count = utf8(serial);
      limbsOf(hash.add(buffer, count).words());
    }
    return {
      start: function (serial) {
        load(serial);
        var six = turned(lastSix());
        return six * 1000000 + turned(lastSix());
      },
      text: function (serial) {
        load(serial);
        var text = "";
        while (!isZero()) text += ("00000" + turned(lastSix())).slice(-6);
        text = text.replace(/0+$/, "");  // zeros before the first digit of the number are none of its digits
        while (text.length < 64) text += "0";
        return "0." + text;
      }
    };
  }

  // The `count` items of smallest tickets as [ticket, serial], in order. Only those whose first twelve digits could
  // be among the smallest are written out and compared as text; equal tickets need a SHA-256 collision.
  function smallest(serials, ticket, count) {
    var starts = new Float64Array(serials.length);
    for (var i = 0; i < starts.length; i += 1) starts[i] = ticket.start(serials[i]);
    var limit = starts.slice().sort()[Math.min(count, starts.length) - 1], found = [];
    for (i = 0; i < starts.length; i += 1) if (starts[i] <= limit) found.push([ticket.text(serials[i]), serials[i]]);
    found.sort(function (x, y) { return x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : byCodePoint(x[1], y[1]); });
    return found.slice(0, count);
  }

  // --- The steps

  function Failure(step, reason, place, more) {
    this.step = step;
    this.reason = reason;
    this.place = place === undefined ? "" : String(place);
    this.expected = more && more.expected !== undefined ? more.expected : null;
    this.found = more && more.found !== undefined ? more.found : null;
    this.note = more && more.note ? more.note : "";
  }
  function require(holds, place) { if (!holds) throw new Failure("file", "wrong_type", place); }
  function isObject(value) { return typeof value === "object" && value !== null && !Array.isArray(value); }
  function own(object, name) { return Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined; }
  function keys(object) { return Object.keys(object).sort(byCodePoint); }
  function isText(value) { return typeof value === "string" && !INVISIBLE.test(value); }
  function isHash(value) { return typeof value === "string" && /^[0-9a-f]{64}$/.test(value); }
  function isHex(value) { return typeof value === "string" && /^(?:[0-9a-f]{2})*$/.test(value); }
  function isInteger(value) { return Number.isSafeInteger(value) && value >= 0; }
  function areTexts(value) {
    return Array.isArray(value) && value.every(function (one) { return typeof one === "string"; });
  }
  function isParty(name) { return name !== "" && name !== "public" && name.indexOf("=") < 0 && isText(name); }
  function mapping(plain, name, fits, named) {
    var found = own(plain, name);
    require(isObject(found), name);
    keys(found).forEach(function (key) {
      require((!named || named(key)) && fits(own(found, key)), name + "." + key);
    });
  }

  function checkFile(plain) {
    if (!isObject(plain)) throw new Failure("file", "unreadable");
    if (own(plain, "format") !== FORMAT) throw new Failure("file", "format_unknown", "format");
    require(own(plain, "draw") !== "" && isText(own(plain, "draw")), "draw");
    require(isInteger(own(plain, "number")) && plain.number >= 1, "number");
    var frame = own(plain, "frame");
    require(isObject(frame), "frame");
    require(isHash(own(frame, "sha256")), "frame.sha256");
    require(areTexts(own(frame, "serials")), "frame.serials");
    var strata = own(frame, "strata");
    require(strata === undefined || strata === null
      || areTexts(strata) && strata.length === frame.serials.length, "frame.strata");
    mapping(plain, "allocation", isInteger);
    mapping(plain, "skip", isInteger);
    mapping(plain, "commitments", isHash, isParty);
    mapping(plain, "secrets", isHex, isParty);
    ["public_source", "public", "seed"].forEach(function (name) { require(isText(own(plain, name)), name); });
    require(areTexts(own(plain, "drawn")), "drawn");
  }

  function characters(text) {
    var count = text.length;
    for (var i = 0; i < text.length; i += 1) if (text.charCodeAt(i) >> 10 === 0x36) count -= 1;  // first halves of pairs
    return count;
  }
  function canonical(text, line) {
    if (!PLAIN.test(text)) text = text.normalize("NFC").replace(ENDS, "");
    if (INVISIBLE.test(text)) throw new Failure("frame", "invisible", line);
    if (!text) throw new Failure("frame", "blank", line);
    if (text.length > MAX_SERIAL && characters(text) > MAX_SERIAL) throw new Failure("frame", "too_long", line);
    return text;
  }

  function checkFrame(plain, trace) {
    if (!plain.frame.serials.length) throw new Failure("frame", "empty");
    var serials = plain.frame.serials.map(function (text, at) { return canonical(text, at + 1); });
    var first = new Map();
    serials.forEach(function (serial, at) {
      if (first.has(serial)) {
        throw new Failure("frame", "repeated", at + 1, {found: serial, note: String(first.get(serial))});
      }
      first.set(serial, at + 1);
    });
    var strata = null;
    if (plain.frame.strata) strata = plain.frame.strata.map(function (text, at) { return canonical(text, at + 1); });
    var order = serials.map(function (_, at) { return at; });
    var sorted = order.every(function (at) { return !at || byCodePoint(serials[at - 1], serials[at]) < 0; });
    if (!sorted) order.sort(function (x, y) { return byCodePoint(serials[x], serials[y]); });
    var hash = new Hash(), items = [];
    order.forEach(function (at, place) {
      var line = serials[at] + (strata ? "\t" + strata[at] : "") + "\n", count = utf8(line);
      hash.add(buffer, count);
      if (place < 3) trace.frame.lines.push(line.slice(0, -1));
      items.push({serial: serials[at], stratum: strata ? strata[at] : ""});
    });
    trace.frame.rows = items.length;
    trace.frame.strata = Boolean(strata);
    trace.frame.published = plain.frame.sha256;
    trace.frame.computed = hash.hex();
    if (trace.frame.computed !== plain.frame.sha256) {
      throw new Failure("frame", "hash_differs", "", {expected: plain.frame.sha256, found: trace.frame.computed});
    }
    return {items: items, first: first};
  }

  function checkSecrets(plain, trace) {
    var commitments = plain.commitments, secrets = plain.secrets, revealed = keys(secrets), seen = new Map();
    var dropped = keys(commitments).filter(function (party) { return own(secrets, party) === undefined; });
    if (dropped.length && !plain.public) {
      throw new Failure("reveal", "not_revealed", dropped[0], {expected: commitments[dropped[0]]});
    }
    if (!revealed.length) throw new Failure("reveal", "nothing_revealed");
    var bound = keys(commitments).length > 0;
    revealed.forEach(function (party) {
      var secret = secrets[party], committed = own(commitments, party);
      if (secret.length < 2 * MIN_SECRET) throw new Failure("commitment", "secret_short", party);
      if (seen.has(secret)) throw new Failure("commitment", "secret_repeated", party);
      seen.set(secret, party);
      var actual = sha256OfHex(secret);
      trace.parties.push({party: party, secret: secret, commitment: committed || "", computed: actual});
      if (bound && committed === undefined) throw new Failure("commitment", "uncommitted", party, {found: actual});
      if (bound && committed !== actual) {
        throw new Failure("commitment", "secret_differs", party, {expected: committed, found: actual});
      }
    });
    var remarks = [];
    if (!bound) remarks.push(["no_commitments", ""]);
    else if (revealed.length === 1 && !plain.public) remarks.push(["one_party", revealed[0]]);
    return remarks.concat(dropped.map(function (party) { return ["dropped", party]; }));
  }

  function checkSeed(plain, trace) {
    var lines = [FORMAT, plain.frame.sha256, String(plain.number)];
    keys(plain.secrets).forEach(function (party) { lines.push(party + "=" + plain.secrets[party]); });
    lines.push("public=" + plain.public);
    var seed = sha256(lines.join("\n"));
    trace.seed = {lines: lines, published: plain.seed, computed: seed};
    if (seed !== plain.seed) throw new Failure("seed", "seed_differs", "", {expected: seed, found: plain.seed});
  }

  function checkAllocation(plain, groups, trace) {
    var asked = {}, sum = 0;
    keys(plain.allocation).concat(keys(plain.skip)).forEach(function (name) { asked["=" + name] = true; });
    keys(asked).forEach(function (key) {
      var name = key.slice(1), take = own(plain.allocation, name) || 0, skip = own(plain.skip, name) || 0;
      if (!groups.has(name)) throw new Failure("allocation", "stratum_unknown", name);
      if (take + skip > groups.get(name).length) {
        throw new Failure("allocation", "too_many", name,
          {expected: String(groups.get(name).length), found: String(take + skip)});
      }
      sum += take;
      trace.strata.push({stratum: name, size: groups.get(name).length, take: take, skip: skip});
    });
    if (!sum) throw new Failure("allocation", "nothing_to_draw");
  }

  function checkDrawn(plain, groups, frame, trace) {
    var ticket = tickets(plain.seed), place = 0;
    trace.seedHash = sha256(plain.seed);
    function next(right) {
      place += 1;
      var found = place <= plain.drawn.length ? plain.drawn[place - 1] : null;
      if (right === found) return;
      throw new Failure("drawn", found === null || frame.first.has(found) ? "drawn_differs" : "not_in_frame", place,
        {expected: right, found: found});
    }
    Array.from(groups.keys()).sort(byCodePoint).forEach(function (name) {
      var take = own(plain.allocation, name) || 0, skip = own(plain.skip, name) || 0;
      if (!take) return;
      smallest(groups.get(name), ticket, skip + take + 1).forEach(function (one, at) {
        var part = at < skip ? "skipped" : at < skip + take ? "drawn" : "next";
        if (trace.tickets.length < 5000) {
          trace.tickets.push({part: part, stratum: name, serial: one[1], ticket: one[0],
            hash: sha256(trace.seedHash + one[1])});
        }
        if (part === "drawn") next(one[1]);
      });
    });
    while (place < plain.drawn.length) next(null);
  }

  // The verdict on a published file: {failure: null or its step, reason, place …, remarks, trace: every step's numbers}.
  function verify(plain) {
    var trace = {frame: {lines: []}, parties: [], seed: null, strata: [], tickets: [], seedHash: ""};
    var verdict = {failure: null, remarks: [], listed: 0, drawn: 0, draw: "", trace: trace};
    try {
      checkFile(plain);
      verdict.draw = plain.draw;
      var frame = checkFrame(plain, trace), groups = new Map();
      var remarks = checkSecrets(plain, trace);
      checkSeed(plain, trace);
      frame.items.forEach(function (item) {
        if (!groups.has(item.stratum)) groups.set(item.stratum, []);
        groups.get(item.stratum).push(item.serial);
      });
      checkAllocation(plain, groups, trace);
      checkDrawn(plain, groups, frame, trace);
      verdict.remarks = remarks;
      verdict.listed = frame.items.length;
      verdict.drawn = plain.drawn.length;
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      verdict.failure = failure;
    }
    return verdict;
  }

  function verifyText(text) {
    var plain;
    try { plain = JSON.parse(text); } catch (broken) { plain = null; }
    return verify(plain);
  }

  return {verify: verify, verifyText: verifyText, sha256: sha256, sha256OfHex: sha256OfHex, tickets: tickets, byCodePoint: byCodePoint};
})();

// As a worker: one text in, its verdict out.
if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) {
  self.onmessage = function (event) { self.postMessage(DrawVerifier.verifyText(event.data)); };
}
