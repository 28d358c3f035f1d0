// The request of davit: one object of JSON on standard input.

// Returns the texts of the files that plugin.toml lists under "reads", by their names.
export function files(): Map<string, string> {
  const all = new Map<string, string>();
  const r = new Reader(input());
  for (let more = r.enter(); more; more = r.next()) {
    if (r.text() != "files") {
      r.skip();
      continue;
    }
    for (let file = r.enter(); file; file = r.next()) all.set(r.text(), r.text());
  }
  return all;
}

// Returns standard input.
function input(): Uint8Array {
  let all = new Uint8Array(1 << 16);
  let size = 0;
  for (let n = process.stdin.read(all.buffer); n > 0; n = process.stdin.read(all.buffer, size)) {
    size += n;
    if (size == all.length) {
      const larger = new Uint8Array(2 * size);
      larger.set(all);
      all = larger;
    }
  }
  return all.subarray(0, size);
}

// A Reader reads JSON that is valid, as davit writes it: without spaces between values.
class Reader {
  at: i32 = 0;

  constructor(private json: Uint8Array) {}

  // Enters an object, and reports whether it has a key.
  enter(): bool {
    this.at++;
    return this.next();
  }

  // Goes to the next key or, behind the last one, out of the object.
  next(): bool {
    const c = this.json[this.at];
    if (c == 0x2c || c == 0x7d) this.at++; // , and }
    return c != 0x7d;
  }

  // Skips a value, however deep it nests.
  skip(): void {
    let depth = 0;
    for (; this.at < this.json.length; this.at++) {
      const c = this.json[this.at];
      if (c == 0x22) this.at = this.end(this.at); // "
      else if (c == 0x7b || c == 0x5b) depth++; // { and [
      else if (depth == 0 && (c == 0x2c || c == 0x7d)) return;
      else if (c == 0x7d || c == 0x5d) depth--; // } and ]
    }
  }

  // Returns where the string ends that begins at a place.
  private end(start: i32): i32 {
    let i = start + 1;
    while (this.json[i] != 0x22) i += this.json[i] == 0x5c ? 2 : 1;
    return i;
  }

  // Returns a string, and goes behind it and the colon after a key.
  text(): string {
    const end = this.end(this.at);
    const out = new Uint8Array(end - this.at);
    let n = 0;
    for (let i = this.at + 1; i < end; i++) {
      if (this.json[i] != 0x5c) {
        out[n++] = this.json[i];
        continue;
      }
      const escaped = this.json[++i];
      if (escaped == 0x75) {
        let code = this.hex(i + 1);
        i += 4;
        if (code >= 0xd800 && code < 0xdc00 && this.json[i + 2] == 0x75) {
          code = 0x10000 + ((code - 0xd800) << 10) + (this.hex(i + 3) - 0xdc00);
          i += 6;
        }
        n += this.put(out, n, code);
      } else out[n++] = control(escaped);
    }
    this.at = end + 1;
    if (this.json[this.at] == 0x3a) this.at++; // :
    return String.UTF8.decode(out.buffer.slice(0, n));
  }

  private hex(at: i32): u32 {
    let code: u32 = 0;
    for (let i = at; i < at + 4; i++) {
      const c = this.json[i];
      code = 16 * code + (c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57);
    }
    return code;
  }

  // Writes a character as UTF-8, and returns how many bytes it has.
  private put(out: Uint8Array, at: i32, code: u32): i32 {
    const bytes = Uint8Array.wrap(String.UTF8.encode(String.fromCodePoint(code)));
    out.set(bytes, at);
    return bytes.length;
  }
}

// Returns what a letter behind a backslash stands for.
function control(letter: u8): u8 {
  switch (letter) {
    case 0x62: return 0x08; // b
    case 0x66: return 0x0c; // f
    case 0x6e: return 0x0a; // n
    case 0x72: return 0x0d; // r
    case 0x74: return 0x09; // t
  }
  return letter;
}
