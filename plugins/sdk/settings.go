package sdk

import "strings"

// Settings returns the files outside of a project that tools read, in the form of a step's settings, each
// once. The tools are named by their commands: "go", "golangci-lint", "npm"; "fmt" and "clippy" are those of
// Cargo. Files with nothing but credentials are not among them. A tool that reads none, or is not known, has
// none.
func Settings(tools ...string) (all []string) {
	for _, tool := range tools {
		for line := range strings.Lines(settingsOf[tool]) {
			folders, files, _ := strings.Cut(line, ":")
			all = union(all, filesIn(settingFolders(folders), strings.Fields(files)))
		}
	}
	return all
}

// filesIn returns each of the files in each of the folders. Without folders, the names are whole.
func filesIn(folders, files []string) (all []string) {
	if len(folders) == 0 {
		return files
	}
	for _, folder := range folders {
		for _, file := range files {
			all = append(all, folder+"/"+file)
		}
	}
	return all
}

// settingFolders splits a list of folders. CONFIG stands for those that hold the configuration of a user on
// Linux and on macOS.
func settingFolders(list string) (folders []string) {
	for _, folder := range strings.Fields(list) {
		if folder == "CONFIG" {
			folders = append(folders, "$XDG_CONFIG_HOME", "~/.config", "~/Library/Application Support")
			continue
		}
		folders = append(folders, folder)
	}
	return folders
}

// settingsOf has the files that each tool documents. A line is a list of folders and, behind the colon, of
// files that may be in each of them. The folder ".." is any folder above the project, and a line without
// folders has whole names.
var settingsOf = map[string]string{
	"go": `CONFIG $AppData: go/env
		..: go.work go.work.sum
		: $GOENV $GOWORK`,
	"staticcheck":   `..: staticcheck.conf`,
	"golangci-lint": `~ ..: .golangci.yml .golangci.yaml .golangci.toml .golangci.json`,

	"cargo": `$CARGO_HOME ~/.cargo ../.cargo: config.toml config
		$RUSTUP_HOME ~/.rustup: settings.toml
		..: Cargo.toml Cargo.lock rust-toolchain.toml rust-toolchain
		` + gitConfig,
	"fmt": `.. ~: rustfmt.toml .rustfmt.toml
		CONFIG: rustfmt/rustfmt.toml rustfmt/.rustfmt.toml`,
	"clippy": `.. $CLIPPY_CONF_DIR: clippy.toml .clippy.toml`,

	// The nearest package.json says which kind of module a file is, and packages are looked for in the
	// node_modules of all folders above.
	"node": `..: package.json tsconfig.json node_modules/
		~: .node_modules/ .node_libraries/`,
	"npm": `~: .npmrc
		: $NPM_CONFIG_USERCONFIG $npm_config_userconfig $NPM_CONFIG_GLOBALCONFIG $npm_config_globalconfig
		$PREFIX: etc/npmrc`,
	"pnpm": `CONFIG $LOCALAPPDATA ~/Library/Preferences: pnpm/rc pnpm/config.yaml
		..: .npmrc pnpm-workspace.yaml`,
	"yarn": `~ ..: .yarnrc .yarnrc.yml .npmrc`,
	"bun":  `~ $XDG_CONFIG_HOME: .bunfig.toml`,

	"eslint": `..: .eslintrc .eslintrc.js .eslintrc.cjs .eslintrc.yaml .eslintrc.yml .eslintrc.json
		..: eslint.config.js eslint.config.mjs eslint.config.cjs
		..: eslint.config.ts eslint.config.mts eslint.config.cts`,
	"prettier": `..: .editorconfig package.yaml .prettierrc .prettierrc.json .prettierrc.json5
		..: .prettierrc.yml .prettierrc.yaml .prettierrc.toml .prettierrc.js .prettierrc.mjs .prettierrc.cjs
		..: .prettierrc.ts .prettierrc.mts .prettierrc.cts prettier.config.js prettier.config.mjs
		..: prettier.config.cjs prettier.config.ts prettier.config.mts prettier.config.cts`,
	"biome": `..: biome.json biome.jsonc .biome.json .biome.jsonc`,
	"stylelint": `..: .stylelintrc .stylelintrc.json .stylelintrc.yaml .stylelintrc.yml .stylelintrc.js
		..: .stylelintrc.mjs .stylelintrc.cjs stylelint.config.js stylelint.config.mjs stylelint.config.cjs`,
	"babel":        `..: .babelrc .babelrc.json babel.config.js babel.config.cjs babel.config.json`,
	"browserslist": `..: .browserslistrc browserslist .browserlistrc browserlist`,
	"postcss": `..: .postcssrc .postcssrc.json .postcssrc.yaml .postcssrc.yml .postcssrc.js .postcssrc.cjs
		..: postcss.config.js postcss.config.mjs postcss.config.cjs postcss.config.ts`,
	"mocha": `..: .mocharc.js .mocharc.cjs .mocharc.yaml .mocharc.yml .mocharc.json .mocharc.jsonc`,
	"nyc": `..: .nycrc .nycrc.json .nycrc.yml .nycrc.yaml nyc.config.js nyc.config.cjs nyc.config.mjs
		..: .c8rc .c8rc.json`,

	"gradle": `$GRADLE_USER_HOME ~/.gradle: gradle.properties init.gradle init.gradle.kts`,
	"maven": `~/.m2: settings.xml settings-security.xml toolchains.xml
		~: .mavenrc`,

	"terraform": `~: .terraformrc .tofurc
		: $TF_CLI_CONFIG_FILE`,
	"ansible": `~: .ansible.cfg
		: $ANSIBLE_CONFIG`,

	// Which interpreter "python3" is, where pyenv chooses it.
	"python": `..: .python-version
		$PYENV_ROOT ~/.pyenv: version`,

	"pip": `CONFIG: pip/pip.conf
		~/.pip $VIRTUAL_ENV: pip.conf
		$APPDATA ~: pip/pip.ini
		$RUSTUP_HOME ~/.rustup: settings.toml
		..: rust-toolchain.toml rust-toolchain .gitignore .hgignore
		: $PIP_CONFIG_FILE ~/.pydistutils.cfg`,
	"uv": `CONFIG $APPDATA: uv/uv.toml uv/.python-version uv/.python-versions
		..: uv.toml pyproject.toml .python-version .python-versions
		: $UV_CONFIG_FILE`,
	"poetry": `CONFIG $APPDATA: pypoetry/config.toml
		$POETRY_CONFIG_DIR: config.toml`,
	"pdm": `CONFIG $LOCALAPPDATA: pdm/config.toml
		: $PDM_CONFIG_FILE`,
	"pipenv": `..: Pipfile Pipfile.lock`,
	"hatch": `CONFIG $LOCALAPPDATA: hatch/config.toml
		: $HATCH_CONFIG`,

	// The first of these files above the tests makes its folder the root of pytest, and an __init__.py makes
	// the folder above it the root of the modules.
	"pytest": `..: pytest.toml .pytest.toml pytest.ini .pytest.ini pyproject.toml tox.ini setup.cfg
		..: setup.py conftest.py __init__.py`,
	"ruff": `..: ruff.toml .ruff.toml pyproject.toml
		CONFIG $APPDATA: ruff/ruff.toml ruff/.ruff.toml ruff/pyproject.toml`,
	"black": `..: pyproject.toml
		~/.config $XDG_CONFIG_HOME: black
		~: .black`,
	"isort":  `..: .isort.cfg pyproject.toml setup.cfg tox.ini .editorconfig`,
	"flake8": `..: .flake8 setup.cfg tox.ini`,
	"pylint": `..: pylintrc .pylintrc pylintrc.toml .pylintrc.toml pyproject.toml setup.cfg tox.ini
		~: .pylintrc .pylintrc.toml .config/pylintrc
		: $PYLINTRC`,
	"mypy": `..: mypy.ini .mypy.ini pyproject.toml setup.cfg
		~/.config $XDG_CONFIG_HOME: mypy/config
		~: .mypy.ini`,
	"xenon": `~: .radon.cfg
		: $RADONCFG`,

	"git config": gitConfig,

	// What git ignores, which linters leave out, and the configuration that can name another such file.
	"git": `..: .gitignore .ignore
		~/.config/git $XDG_CONFIG_HOME/git: ignore
		: .git/info/exclude
		` + gitConfig,
}

// gitConfig is the configuration of git, which libraries for git read too.
const gitConfig = `~/.config/git $XDG_CONFIG_HOME/git: config
		~: .gitconfig
		: $GIT_CONFIG_GLOBAL`
