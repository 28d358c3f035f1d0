package dependencies

import (
	"encoding/json"
	"maps"

	"github.com/davit-dev/davit/internal/managertest"
	"github.com/davit-dev/davit/internal/packagetest"
)

// nodeTest is the test of a project of Node.
const nodeTest = `let version;
try {
  version = require("mast").version;
} catch {
  version = "none";
}
console.log("saw mast", version);
process.exit(version === "1.11.0" ? 0 : 1);
`

// node returns a manager of Node, whose settings are in more files.
func node(name string, program *managertest.Manager, more func(url string) files, lock, lockFile, install string,
) manager {
	return manager{
		name: name, program: program, needs: []string{"node", "npm"},
		registry: packagetest.Node, module: nodeModule, more: []packagetest.Package{elsewhere}, ahead: both,
		files: func(url, _ string, packages []string) files {
			all := files{"package.json": packageJSON(packages), "test.js": nodeTest, ".gitignore": "node_modules/\n.yarn/\n"}
			maps.Copy(all, more(url))
			return all
		},
		lock: lock, lockFiles: []string{lockFile}, install: install, test: "node test.js",
		environment: "node_modules", installed: "mast", tarball: ".tgz",
	}
}

// elsewhere is a package of which no system that runs these tests has a use.
var elsewhere = packagetest.Package{Name: "mast-aix", Version: "1.0.0",
	Manifest: map[string]any{"os": []string{"aix"}}}

// nodeModule returns a package. That of mast has an optional dependency, which is never installed.
func nodeModule(name, version string) packagetest.Package {
	p := packagetest.NodeModule(name, version)
	if name == mast {
		p.Manifest = map[string]any{"optionalDependencies": map[string]string{elsewhere.Name: elsewhere.Version}}
	}
	return p
}

// packageJSON returns a manifest with packages for development.
func packageJSON(packages []string) string {
	needs := map[string]string{}
	for _, p := range packages {
		needs[p] = "^1.0.0"
	}
	text, err := json.MarshalIndent(map[string]any{"name": "app", "version": "1.0.0", "private": true,
		"scripts": map[string]string{"test": "node test.js"}, "devDependencies": needs}, "", "  ")
	if err != nil {
		panic(err)
	}
	return string(text) + "\n"
}

func npmrc(url string) files { return files{".npmrc": "registry=" + url + "/\n"} }

// Not all managers leave out packages for development with NODE_ENV=production.
var installsDev = map[string]verdict{"NODE_ENV=production once": green}

var nodeManagers = []manager{
	node("npm", nil, npmrc, "npm install --package-lock-only --no-audit --no-fund -s", "package-lock.json",
		"npm ci --no-audit --no-fund -s").slowly(),
	node("pnpm", &managertest.PNPM, npmrc, "pnpm install --lockfile-only --silent", "pnpm-lock.yaml",
		"CI=true pnpm install --frozen-lockfile --silent").with(installsDev).slowly(),
	node("yarn 1", &managertest.Yarn1, func(url string) files {
		return files{".yarnrc": "registry \"" + url + "/\"\n"}
	}, "yarn install -s --ignore-scripts", "yarn.lock", "yarn install -s --frozen-lockfile --non-interactive").slowly(),
	node("yarn 4", &managertest.Yarn4, func(url string) files {
		return files{".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\nnpmRegistryServer: \"" + url +
			"\"\nunsafeHttpWhitelist:\n  - 127.0.0.1\n"}
	}, "yarn install --mode=update-lockfile", "yarn.lock", "yarn install --immutable").with(installsDev).slowly(),
	node("bun", &managertest.Bun, func(url string) files {
		return files{"bunfig.toml": "[install]\nregistry = \"" + url + "/\"\n"}
	}, "bun install --lockfile-only --silent", "bun.lock", "bun install --frozen-lockfile --silent").
		with(installsDev),
}
