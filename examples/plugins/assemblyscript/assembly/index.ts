// A plugin for Gleam packages. AssemblyScript has no files, so it reads those of plugin.toml's "reads" from the request.
import { files } from "./request";

// What the plan depends on.
class Package {
  name: string = "";
  target: string = "erlang";
  named: bool = false;
  tested: bool = false;
  locked: bool = false;

  // Takes a key of gleam.toml.
  set(table: string, key: string, value: string): void {
    if (table == "" && key == "name") this.name = text(value);
    if (table == "" && key == "target") {
      this.target = text(value);
      this.named = true;
    }
    if (key == "gleeunit" && (table == "[dependencies]" || table == "[dev-dependencies]" || table == "[dev_dependencies]"))
      this.tested = true;
  }

  // Returns what is wrong with the package, or "".
  fault(): string {
    if (!validName(this.name)) return "gleam.toml has no name of a Gleam package";
    if (this.target != "erlang" && this.target != "javascript")
      return "gleam.toml: target is neither erlang nor javascript";
    return "";
  }

  plan(): string {
    const image = this.target == "erlang" ? "erlang" : "node";
    return `{"api":1,"match":true,"stack":"gleam","summary":"Gleam package ${this.name} (${this.target})"` +
      `,"decisions":[${this.decisions()}]` +
      `,"tools":{"gleam":{"check":["gleam","--version"],"image":"ghcr.io/gleam-lang/gleam:v1.6.3-${image}"` +
      `,"install":"https://gleam.run"}},"steps":{${this.steps()}}` +
      `,"targets":{"init":["deps"],"style":["style"],"format":["format"],"build":["build"],"run":["run"]` +
      (this.tested ? `,"test-unit":["test"]}` : `},"about":{"test-unit":{"why":"gleam.toml does not depend on gleeunit"}}`) + "}";
  }

  // Returns what the plugin chose, and why.
  decisions(): string {
    const why = this.named ? "as gleam.toml says" : "since gleam.toml names no target";
    const versions = `,"gleam chooses the versions of packages, since there is no manifest.toml"`;
    return `"${this.target}, ${why}"` + (this.locked ? "" : versions);
  }

  steps(): string {
    const manifests = this.locked ? `"gleam.toml","manifest.toml"` : `"gleam.toml"`;
    return `"deps":{"op":"exec","argv":["gleam","deps","download"],"tool":"gleam","inputs":[${manifests}],"no_cache":true}` +
      step("style", `"format","--check"`, false) + step("format", `"format"`, false) +
      step("build", `"build"`, true) + step("run", `"run"`, true) + (this.tested ? step("test", `"test"`, true) : "");
  }
}

// Returns a step that runs gleam on all files but those that it makes.
function step(id: string, args: string, afterDeps: bool): string {
  const needs = afterDeps ? `"needs":["deps"],` : "";
  return `,"${id}":{"op":"exec","argv":["gleam",${args}],"tool":"gleam",${needs}"inputs":["!build/"]}`;
}

// Returns the text of a TOML string. One with escapes is none of a name.
function text(value: string): string {
  const quote = value.charAt(0);
  const end = value.indexOf(quote, 1);
  if ((quote != '"' && quote != "'") || end < 0) return "";
  const inner = value.substring(1, end);
  return inner.includes("\\") ? "" : inner;
}

// Reports whether a name is one of a Gleam package.
function validName(name: string): bool {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    const letter = c >= 0x61 && c <= 0x7a;
    const later = (c >= 0x30 && c <= 0x39) || c == 0x5f;
    if (!letter && (i == 0 || !later)) return false;
  }
  return name.length > 0;
}

// Reads the lines of gleam.toml.
function parse(toml: string): Package {
  const p = new Package();
  let table = "";
  const lines = toml.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i].trim();
    const equals = line.indexOf("=");
    if (line.startsWith("[")) table = line;
    else if (!line.startsWith("#") && equals > 0)
      p.set(table, line.substring(0, equals).trim(), line.substring(equals + 1).trim());
  }
  return p;
}

// Answers a request.
function answer(): void {
  const read = files();
  if (!read.has("gleam.toml")) {
    process.stdout.write(`{"api":1,"match":false}`);
    return;
  }
  const p = parse(read.get("gleam.toml"));
  p.locked = read.has("manifest.toml");
  const fault = p.fault();
  if (fault == "") {
    process.stdout.write(p.plan());
    return;
  }
  process.stderr.write(fault + "\n");
  process.exit(1);
}

answer();
