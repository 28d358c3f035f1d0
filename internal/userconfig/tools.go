package userconfig

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// lazy returns an expression that is compiled when it is used first.
func lazy(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}

// A tool is what one package manager reads of a user's configuration.
type tool struct {
	variables    []string // names and globs of names
	certificates []string // variables that name the file of a certificate
	files        []file
	project      []string // files of the project that can name variables
	derive       func(*reader)
}

// A file is one file of configuration.
type file struct {
	places []string              // where it may be on this machine; the first one that there is counts
	to     string                // where the step finds it in the container
	keep   func() *regexp.Regexp // of the names of its entries; nil keeps all
	// variable names the file in the container; empty where the tool finds it by itself.
	variable string
}

// config returns the places of a file in the folders for the configuration of a user, on Linux, macOS and
// Windows.
func config(name string) []string {
	return []string{"$XDG_CONFIG_HOME/" + name, "~/.config/" + name, "~/Library/Application Support/" + name,
		"$APPDATA/" + name}
}

// The entries of files that name registries, certificates and credentials.
var (
	npmKeys = lazy(`^(@[^:]+:)?registry$|^//|^(always-auth|strict-ssl|cafile|ca(\[\])?|cert|key|` +
		`proxy|https?-proxy|no-?proxy|_auth|_authToken|_password|username|email)$`)
	pipKeys = lazy(`\.(index[-_]url|extra[-_]index[-_]url|find[-_]links|trusted[-_]host|no[-_]index|proxy|cert|client[-_]cert)$`)
	uvKeys  = lazy(`^(pip\.)?(index|index-url|extra-index-url|find-links|no-index|index-strategy|` +
		`allow-insecure-host|native-tls|system-certs)(\.|$)`)
	poetryKeys = lazy(`^(repositories|http-basic|certificates)\.`)
	pdmKeys    = lazy(`^pypi\.`)
	cargoKeys  = lazy(`^(registries|source|net|http)\.|^registry\.(default|index|token)$`)
	yarnKeys   = lazy(`^npm(RegistryServer|AuthToken|AuthIdent|AlwaysAuth|Scopes|Registries)$|` +
		`^(httpProxy|httpsProxy|enableStrictSsl|unsafeHttpWhitelist|https(Ca|Cert|Key)FilePath|networkSettings)$`)
	bunKeys = lazy(`^install\.(registry|scopes|cafile|ca)(\.|$)`)
	gitKeys = lazy(`^(url|http)[ .]`)
)

// The variables of curl and of libraries that several managers use.
var (
	netrc = file{places: []string{"$NETRC", "~/.netrc", "~/_netrc"}, to: "~/.netrc"}
	git   = file{places: []string{"$GIT_CONFIG_GLOBAL", "~/.gitconfig", "$XDG_CONFIG_HOME/git/config",
		"~/.config/git/config"}, to: "~/.gitconfig", keep: gitKeys}
	npmrc = file{places: []string{"$NPM_CONFIG_USERCONFIG", "$npm_config_userconfig", "~/.npmrc"}, to: "~/.npmrc",
		keep: npmKeys}
	goVariables = []string{"GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GONOSUMCHECK", "GOSUMDB", "GOINSECURE",
		"GOVCS"}
	npmVariables = []string{"NPM_CONFIG_REGISTRY", "npm_config_registry", "NPM_CONFIG__AUTH*", "npm_config__auth*",
		"NPM_CONFIG_STRICT_SSL", "npm_config_strict_ssl"}
	nodeCertificates = []string{"NODE_EXTRA_CA_CERTS", "NPM_CONFIG_CAFILE", "npm_config_cafile"}
	pythonCerts      = []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
)

// known are the package managers by name, which is also that of the cache of their downloads in plans.
var known = sync.OnceValue(func() map[string]tool {
	return map[string]tool{
		"go": {
			variables:    goVariables,
			certificates: []string{"SSL_CERT_FILE", "GIT_SSL_CAINFO"},
			files:        []file{netrc, git}, derive: addGoEnv,
		},
		"cargo": {
			variables: []string{"CARGO_REGISTRIES_*", "CARGO_REGISTRY_TOKEN", "CARGO_REGISTRY_DEFAULT", "CARGO_HTTP_PROXY",
				"CARGO_NET_GIT_FETCH_WITH_CLI"},
			certificates: []string{"CARGO_HTTP_CAINFO", "SSL_CERT_FILE"},
			// Cargo reads all folders above the project, too.
			files: []file{{places: []string{"$CARGO_HOME/config.toml", "$CARGO_HOME/config", "~/.cargo/config.toml",
				"~/.cargo/config"}, to: "/.cargo/config.toml", keep: cargoKeys}, netrc, git},
			derive: addCargoTokens,
		},
		"npm": {variables: npmVariables, certificates: nodeCertificates, files: []file{npmrc, git},
			project: []string{".npmrc"}},
		"pnpm": {variables: append([]string{"PNPM_CONFIG_REGISTRY", "pnpm_config_registry"}, npmVariables...),
			certificates: nodeCertificates,
			files: []file{npmrc, git,
				{places: append(config("pnpm/rc"), "~/Library/Preferences/pnpm/rc", "$LOCALAPPDATA/pnpm/config/rc"),
					to: "~/.config/pnpm/rc", keep: npmKeys},
				{places: append(config("pnpm/auth.ini"), "~/Library/Preferences/pnpm/auth.ini"),
					to: "~/.config/pnpm/auth.ini", keep: npmKeys}},
			project: []string{".npmrc", "pnpm-workspace.yaml"}},
		"yarn": {variables: append([]string{"YARN_REGISTRY", "yarn_registry", "YARN_NPM_*"}, npmVariables...),
			certificates: append([]string{"YARN_HTTPS_CA_FILE_PATH"}, nodeCertificates...),
			files: []file{npmrc, git, {places: []string{"~/.yarnrc"}, to: "~/.yarnrc", keep: npmKeys},
				{places: []string{"~/.yarnrc.yml"}, to: "~/.yarnrc.yml", keep: yarnKeys}},
			project: []string{".npmrc", ".yarnrc", ".yarnrc.yml"}},
		"bun": {variables: append([]string{"BUN_CONFIG_REGISTRY", "BUN_CONFIG_TOKEN"}, npmVariables...),
			certificates: nodeCertificates,
			files: []file{npmrc, git, {places: []string{"$XDG_CONFIG_HOME/.bunfig.toml", "~/.bunfig.toml"},
				to: "~/.bunfig.toml", keep: bunKeys}},
			project: []string{".npmrc", "bunfig.toml"}},
		"pip": {
			variables: []string{"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST",
				"PIP_NO_INDEX", "PIP_PROXY"},
			certificates: append([]string{"PIP_CERT", "PIP_CLIENT_CERT"}, pythonCerts...),
			files: []file{
				{places: []string{"/etc/pip.conf"}, to: "/etc/pip.conf", keep: pipKeys},
				{places: []string{"~/.pip/pip.conf", "~/pip/pip.ini"}, to: "~/.pip/pip.conf", keep: pipKeys},
				{places: append(config("pip/pip.conf"), "$APPDATA/pip/pip.ini"), to: "~/.config/pip/pip.conf",
					keep: pipKeys},
				{places: []string{"$PIP_CONFIG_FILE"}, to: "/run/secrets/pip.conf", keep: pipKeys,
					variable: "PIP_CONFIG_FILE"},
				netrc, git},
		},
		"uv": {
			variables: []string{"UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_*", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS",
				"UV_NO_INDEX", "UV_INSECURE_HOST", "UV_NATIVE_TLS"},
			certificates: pythonCerts,
			files: []file{
				{places: []string{"/etc/uv/uv.toml"}, to: "/etc/uv/uv.toml", keep: uvKeys},
				{places: config("uv/uv.toml"), to: "~/.config/uv/uv.toml", keep: uvKeys},
				{places: []string{"$UV_CONFIG_FILE"}, to: "/run/secrets/uv.toml", keep: uvKeys,
					variable: "UV_CONFIG_FILE"},
				{places: []string{"$UV_CREDENTIALS_DIR/credentials.toml", "$XDG_DATA_HOME/uv/credentials/credentials.toml",
					"~/.local/share/uv/credentials/credentials.toml"},
					to: "~/.local/share/uv/credentials/credentials.toml"},
				netrc, git},
		},
		"poetry": {
			variables:    []string{"POETRY_HTTP_BASIC_*", "POETRY_REPOSITORIES_*"},
			certificates: pythonCerts,
			files: []file{
				{places: append([]string{"$POETRY_CONFIG_DIR/config.toml"}, config("pypoetry/config.toml")...),
					to: "~/.config/pypoetry/config.toml", keep: poetryKeys},
				{places: append([]string{"$POETRY_CONFIG_DIR/auth.toml"}, config("pypoetry/auth.toml")...),
					to: "~/.config/pypoetry/auth.toml", keep: poetryKeys},
				netrc, git},
		},
		"pdm": {
			variables:    []string{"PDM_PYPI_*"},
			certificates: pythonCerts,
			files: []file{{places: append([]string{"$PDM_CONFIG_FILE"}, config("pdm/config.toml")...),
				to: "~/.config/pdm/config.toml", keep: pdmKeys}, netrc, git},
			project: []string{"pyproject.toml", "pdm.toml"},
		},
		"pipenv": {variables: []string{"PIPENV_PYPI_MIRROR"}, certificates: pythonCerts, project: []string{"Pipfile"},
			files: []file{netrc, git}},
	}
})

// aliases are other names of the tools: those of caches in plans, and of programs.
var aliases = map[string]string{"go-mod": "go", "yarn-berry": "yarn", "npx": "npm", "pnpx": "pnpm", "bunx": "bun",
	"pip3": "pip", "uvx": "uv"}

// implied are the tools whose configuration others read besides their own.
var implied = map[string][]string{"pipenv": {"pip"}}

// Tools returns the package managers among names of caches and programs, sorted.
func Tools(names ...string) (tools []string) {
	for _, name := range names {
		if other, ok := aliases[name]; ok {
			name = other
		}
		if _, ok := known()[name]; ok {
			tools = append(append(tools, name), implied[name]...)
		}
	}
	slices.Sort(tools)
	return slices.Compact(tools)
}

// Reads reports whether one of the package managers reads a variable.
func Reads(tools []string, variable string) bool {
	return slices.ContainsFunc(tools, func(name string) bool {
		t := known()[name]
		return t.reads(variable) || slices.Contains(t.certificates, variable)
	})
}

// ProjectFiles returns the files of a project that can name variables for the package managers: in a folder,
// and in those above it.
func ProjectFiles(tools []string, dir string) (files []string) {
	for dir = path.Clean(dir); ; dir = path.Dir(dir) {
		for _, name := range tools {
			for _, file := range known()[name].project {
				files = append(files, path.Join(dir, file))
			}
		}
		if dir == "." || dir == "/" {
			slices.Sort(files)
			return slices.Compact(files)
		}
	}
}

// reads reports whether a tool reads a variable.
func (t tool) reads(variable string) bool {
	return slices.ContainsFunc(t.variables, func(glob string) bool {
		prefix, more := strings.CutSuffix(glob, "*")
		return variable == glob || more && strings.HasPrefix(variable, prefix)
	})
}
