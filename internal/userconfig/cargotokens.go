package userconfig

import "strings"

// cargoToken is the token of a registry in Cargo's credentials.
var cargoToken = lazy(`(?m)^\s*token\s*=\s*["']([^"'\n]+)["']`)

// addCargoTokens adds the tokens of Cargo's credentials as variables, since in a container the folder for them is
// that of the cache. Cargo takes tokens from there only if it is told to; other providers of credentials are
// programs and services of this machine.
func addCargoTokens(r *reader) {
	for _, place := range []string{"$CARGO_HOME/credentials.toml", "$CARGO_HOME/credentials",
		"~/.cargo/credentials.toml", "~/.cargo/credentials"} {
		if text, err := r.read(r.path(place)); err == nil {
			r.addTokensIn(string(text))
			break
		}
	}
	for name := range r.Variables {
		if strings.HasPrefix(name, "CARGO_REGISTRIES_") && strings.HasSuffix(name, "_TOKEN") {
			r.Variables["CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS"] = "cargo:token"
			return
		}
	}
}

// addTokensIn adds the tokens of a file of credentials.
func (r *reader) addTokensIn(text string) {
	for _, section := range strings.Split("\n"+text, "\n[")[1:] {
		header, entries, _ := strings.Cut(section, "]")
		if token := cargoToken().FindStringSubmatch(entries); token != nil {
			r.addCargoToken(strings.TrimSpace(header), token[1])
		}
	}
}

// addCargoToken adds the token of [registry] or of [registries.NAME], unless a variable has it.
func (r *reader) addCargoToken(section, token string) {
	name, ok := strings.CutPrefix(section, "registries.")
	variable := "CARGO_REGISTRIES_" + strings.ToUpper(strings.ReplaceAll(strings.Trim(name, `"`), "-", "_")) + "_TOKEN"
	if section == "registry" {
		variable, ok = "CARGO_REGISTRY_TOKEN", true
	}
	if _, set := r.env[variable]; ok && !set {
		r.Variables[variable] = token
	}
}
