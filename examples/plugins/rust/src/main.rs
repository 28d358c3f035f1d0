//! A plugin for Gleam packages. The request is on standard input, and the project is mounted at "/".

use serde_json::{json, Value};
use std::{fs, io::ErrorKind, path::Path, process::exit};
use toml::Table;

fn main() {
    match read() {
        Ok(plan) => println!("{plan}"),
        Err(message) => {
            eprintln!("{message}");
            exit(1)
        }
    }
}

/// Returns the plan of a package. A project of another stack does not match.
fn read() -> Result<Value, String> {
    let text = match fs::read_to_string("/gleam.toml") {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(json!({"api": 1, "match": false})),
        other => other.map_err(|e| format!("gleam.toml cannot be read: {e}"))?,
    };
    let manifest: Table = text.parse().map_err(|e: toml::de::Error| format!("gleam.toml: {}", e.message()))?;
    let mut package = Package::of(&manifest)?;
    package.locked = Path::new("/manifest.toml").exists();
    Ok(package.plan())
}

/// What the plan depends on.
struct Package {
    name: String,
    target: String,
    named: bool,
    tested: bool,
    locked: bool,
}

impl Package {
    /// Reads gleam.toml.
    fn of(manifest: &Table) -> Result<Package, String> {
        let string = |key| manifest.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_string();
        let (name, mut target) = (string("name"), string("target"));
        if !valid(&name) {
            return Err("gleam.toml has no name of a Gleam package".into());
        }
        let named = !target.is_empty();
        if !named {
            target = "erlang".into();
        }
        if target != "erlang" && target != "javascript" {
            return Err("gleam.toml: target is neither erlang nor javascript".into());
        }
        let depends = |table| manifest.get(table).is_some_and(|t| t.get("gleeunit").is_some());
        let tested = ["dependencies", "dev-dependencies", "dev_dependencies"].into_iter().any(depends);
        Ok(Package { name, target, named, tested, locked: false })
    }

    fn plan(&self) -> Value {
        let mut plan = json!({
            "api": 1, "match": true, "stack": "gleam",
            "summary": format!("Gleam package {} ({})", self.name, self.target),
            "decisions": self.decisions(),
            "tools": {"gleam": {"check": ["gleam", "--version"], "image": self.image(), "install": "https://gleam.run"}},
            "steps": {
                "deps": {"op": "exec", "argv": ["gleam", "deps", "download"], "tool": "gleam",
                    "inputs": self.manifests(), "no_cache": true},
                "style": gleam(&["format", "--check"]),
                "format": gleam(&["format"]),
                "build": after_deps(gleam(&["build"])),
                "run": after_deps(gleam(&["run"])),
            },
            "targets": {"init": ["deps"], "style": ["style"], "format": ["format"], "build": ["build"], "run": ["run"]},
        });
        if self.tested {
            plan["steps"]["test"] = after_deps(gleam(&["test"]));
            plan["targets"]["test-unit"] = json!(["test"]);
        } else {
            plan["about"] = json!({"test-unit": {"why": "gleam.toml does not depend on gleeunit"}});
        }
        plan
    }

    /// Returns what the plugin chose, and why.
    fn decisions(&self) -> Vec<String> {
        let why = if self.named { "as gleam.toml says" } else { "since gleam.toml names no target" };
        let mut all = vec![format!("{}, {why}", self.target)];
        if !self.locked {
            all.push("gleam chooses the versions of packages, since there is no manifest.toml".into());
        }
        all
    }

    /// Returns an image with Gleam and what it compiles to.
    fn image(&self) -> String {
        let runtime = if self.target == "javascript" { "node" } else { "erlang" };
        format!("ghcr.io/gleam-lang/gleam:v1.6.3-{runtime}")
    }

    /// Returns the files that decide which packages are downloaded.
    fn manifests(&self) -> Vec<&str> {
        if self.locked { vec!["gleam.toml", "manifest.toml"] } else { vec!["gleam.toml"] }
    }
}

/// Reports whether a name is one of a Gleam package.
fn valid(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Returns a step that runs gleam on all files but those that it makes.
fn gleam(args: &[&str]) -> Value {
    let argv: Vec<&str> = [&["gleam"], args].concat();
    json!({"op": "exec", "argv": argv, "tool": "gleam", "inputs": ["!build/"]})
}

/// Makes a step wait for the packages.
fn after_deps(mut step: Value) -> Value {
    step["needs"] = json!(["deps"]);
    step
}
