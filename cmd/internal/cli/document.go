package cli

// A document is what has a JSON Schema.
type document struct{ name, title string }

// documents are what has a schema: the files that people write, what plugins read and write, and then what each command
// prints with --json.
var documents = []document{
	{"project", "project.toml"},
	{"manifest", "plugin.toml, the manifest of a plugin"},
	{"request", "what a plugin is asked, API 1"},
	{"plan", "what a plugin answers, API 1"},
	{"events", "each line of a run: davit TARGET, deploy, rollback, heal, init, lock"},
	{"audit", "davit audit"},
	{"ci", "davit explain --ci"},
	{"diff", "davit diff"},
	{"doctor", "davit doctor"},
	{"dry-run", "davit TARGET --dry-run"},
	{"engine", "davit engine"},
	{"env", "davit env"},
	{"explain", "davit explain"},
	{"graph", "davit graph"},
	{"inspect", "davit inspect"},
	{"log", "davit releases --all"},
	{"logs", "each line of davit logs"},
	{"new", "davit new TEMPLATE DIR"},
	{"onboard", "davit onboard"},
	{"open", "davit open"},
	{"pipeline", "davit ci and davit ide"},
	{"plugin-build", "davit plugin build and davit plugin pack"},
	{"plugin-change", "davit plugin add, update and remove"},
	{"plugin-lint", "davit plugin lint"},
	{"plugin-new", "davit plugin new"},
	{"plugin-published", "davit plugin publish and davit plugin inspect"},
	{"plugin-run", "davit plugin run"},
	{"plugin-search", "davit plugin search"},
	{"plugin-test", "davit plugin test"},
	{"plugins", "davit plugin list and davit plugin fetch"},
	{"proposal", "davit plan"},
	{"releases", "davit releases"},
	{"report", "davit report"},
	{"status", "davit status"},
	{"targets", "davit and davit targets"},
	{"template", "davit new TEMPLATE"},
	{"templates", "davit new"},
	{"vendor", "davit vendor"},
	{"version", "davit version"},
	{"watch", "each line of davit heal --watch"},
}
