package cli

// runName is the name of the default command, which nobody types.
const runName = "TARGET"

// grammar has every command and option. Targets is the default command: a word that is no command is the name
// of a target.
type grammar struct {
	options
	Run        runCmd        `cmd:"" name:"TARGET" default:"withargs" help:"Run targets: davit build test"`
	Targets    targetsCmd    `cmd:"" help:"List the targets of this project and their providers"`
	Explain    explainCmd    `cmd:"" help:"Explain a target: its provider, the files read, its steps"`
	Audit      auditCmd      `cmd:"" help:"Trace targets: print what their steps read and write beyond their inputs and outputs"`
	Init       initCmd       `cmd:"" help:"Install what the project needs; in an empty folder, create a project.toml"`
	Upgrade    upgradeCmd    `cmd:"" yields:"own" help:"Move the project to newer versions: its template, and what its target upgrade moves"`
	Env        envCmd        `cmd:"" group:"environments" help:"List the environments and the release in each"`
	Plan       planCmd       `cmd:"" group:"environments" help:"Show what a deploy would change: davit plan staging"`
	Deploy     deployCmd     `cmd:"" group:"environments" help:"Deploy a release to an environment: davit deploy dev"`
	Rollback   rollbackCmd   `cmd:"" group:"environments" help:"Return an environment to its previous healthy release"`
	Releases   releasesCmd   `cmd:"" group:"environments" help:"List what was deployed to an environment, when and by whom"`
	Status     statusCmd     `cmd:"" group:"environments" help:"Show whether an environment is in sync and healthy"`
	Diff       diffCmd       `cmd:"" group:"environments" help:"Show how an environment differs from its release"`
	Inspect    inspectCmd    `cmd:"" group:"environments" help:"List everything in an environment"`
	Logs       logsCmd       `cmd:"" group:"environments" help:"Print the logs of an environment: davit logs dev web"`
	Exec       execCmd       `cmd:"" group:"environments" help:"Run a command in a container: davit exec dev web ls"`
	Open       openCmd       `cmd:"" group:"environments" help:"Open a published address in a browser: davit open dev web"`
	Heal       healCmd       `cmd:"" group:"environments" help:"Replace containers that are unhealthy or differ from the release: davit heal dev"`
	Destroy    destroyCmd    `cmd:"" group:"environments" help:"Remove an environment; its volumes only with --volumes"`
	Lock       lockCmd       `cmd:"" help:"Pin the images of the project in project.lock"`
	Completion completionCmd `cmd:"" help:"Print the completion script of a shell"`
	Complete   completeCmd   `cmd:"" name:"__complete" hidden:""`
	New        newCmd        `cmd:"" yields:"" help:"Write a new project from a template: davit new go-service DIR"`
	Adopt      adoptCmd      `cmd:"" yields:"" help:"Write a project.toml that names what davit finds here, and what it does not know"`
	Doctor     doctorCmd     `cmd:"" yields:"" help:"Check this machine for the project: tools, git, cache, disk, engines"`
	Onboard    onboardCmd    `cmd:"" yields:"" help:"Print one page for a new colleague: tools, targets, services, environments, who to ask"`
	Graph      graphCmd      `cmd:"" yields:"" help:"Draw the steps of targets, and what each waits for: davit graph test | dot -Tsvg"`
	Report     reportCmd     `cmd:"" yields:"" help:"Show the last run, or write its timeline as a page: davit report --html FILE"`
	CI         ciCmd         `cmd:"" name:"ci" yields:"" help:"Print or write a pipeline of what this project offers: davit ci github --write"`
	IDE        ideCmd        `cmd:"" name:"ide" yields:"" help:"Print or write the tasks of an editor, one for each target: davit ide vscode --write"`
	Plugin     pluginCmd     `cmd:"" yields:"" help:"Write, test and share plugins: davit plugin test"`
	Convention conventionCmd `cmd:"" yields:"" help:"Compare this project with its convention, and conventions with each other"`
	Template   templateCmd   `cmd:"" yields:"" help:"Publish templates for davit new"`
	Vendor     vendorCmd     `cmd:"" yields:"" engine:"" help:"Put the plugins that project.lock pins into this project"`
	Schema     schemaCmd     `cmd:"" yields:"" help:"Print the JSON Schema of project.toml, of a plan, or of what davit prints"`
	Found      engineCmd     `cmd:"" name:"engine" help:"Show which container engine is found, and what it can do"`
	Version    versionCmd    `cmd:"" help:"Print the version"`
	Help       helpCmd       `cmd:"" help:"Show help: davit help explain"`
}

// options go with every command.
type options struct {
	Directory string `short:"C" placeholder:"DIR" help:"Run as if davit was started in DIR"`
	JSON      bool   `name:"json" help:"Print JSON: one result, or NDJSON events of a run"`
	Engine    string `placeholder:"ADDR" help:"Use this container engine: tcp://HOST:1234, another address as in BUILDKIT_HOST, or docker://CONTEXT"`
	Offline   bool   `help:"Open no network connections, and have the Docker engine pull nothing"`
	Quiet     bool   `short:"q" help:"Print only failures"`
	Verbose   bool   `short:"v" help:"Print the output of every step as it runs, and what davit does"`
	Color     string `enum:"auto,always,never" default:"auto" placeholder:"WHEN" help:"Use colour: auto, always or never"`
	Command   bool   `help:"Run the command of davit, where the project has a target of its name: davit --command graph test"`
	Show      bool   `name:"version" help:"Print the version"`
}
