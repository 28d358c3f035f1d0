package pipeline

// githubHead is what a pipeline for GitHub begins with.
const githubHead = `name: davit

on:
  push:
    branches: [main, master]
    tags: ["v*"]
  pull_request:

permissions:
  contents: read

concurrency:
  group: ${{ github.workflow }}-${{ github.ref }}
  cancel-in-progress: ${{ github.event_name == 'pull_request' }}

jobs:
`

// github returns the pipeline for GitHub Actions.
func (p Pipeline) github() string {
	w := githubPage{version: p.Version}
	w.head("github", p.Notes)
	w.text(githubHead)
	for i, job := range p.Jobs {
		if i > 0 {
			w.line("")
		}
		w.job(p, job, i == 0)
	}
	if p.Image != nil {
		w.image(p)
	}
	for _, d := range p.Deploys {
		w.deploy(p, d)
	}
	return w.b.String()
}

// A githubPage is a pipeline for GitHub Actions, which installs a version of davit.
type githubPage struct {
	page
	version string
}

// job adds a job. The first one compares the pipeline with the project.
func (w *githubPage) job(p Pipeline, job Job, first bool) {
	w.line("  %s:", job.Name)
	w.line("    runs-on: ubuntu-latest")
	w.env(job.Variables)
	w.line("    steps:")
	w.line("      - uses: actions/checkout@v4")
	w.line("        with: {persist-credentials: false}")
	w.tools(job.Tools)
	w.caches(job)
	if p.Results {
		w.results(job)
	}
	w.davit()
	if first {
		w.line("      - run: %s github --check", p.Check)
	}
	if job.Command != "" {
		w.line("      - run: %s", quoted(job.Command))
	}
	if job.Reports {
		w.line("      - uses: actions/upload-artifact@v4")
		w.line("        if: ${{ !cancelled() }}")
		w.line("        with: {name: reports-%s, path: reports/, if-no-files-found: ignore}", job.Name)
	}
}

// env adds the variables of a job, if it has any.
func (w *githubPage) env(all []Variable) {
	if len(all) > 0 {
		w.line("    env:")
		w.variables(all)
	}
}

func (w *githubPage) variables(all []Variable) {
	for _, v := range all {
		w.line("      %s: %s", v.Name, v.Flow())
	}
}

// tools adds the steps that install tools.
func (w *githubPage) tools(all []Tool) {
	for _, s := range setups(all) {
		if s.Uses == "" {
			w.line("      - run: %s", quoted(s.Run))
			continue
		}
		w.line("      - uses: %s", s.Uses)
		if len(s.With) > 0 {
			w.line("        with:")
		}
		for _, line := range s.With {
			w.line("          %s", line)
		}
	}
}

// caches adds the step that keeps what tools have downloaded.
func (w *githubPage) caches(job Job) {
	s := saved(job.Caches)
	if s == nil {
		return
	}
	w.line("      - uses: actions/cache@v4")
	w.line("        with:")
	w.line("          path: |")
	for _, path := range s.Paths {
		w.line("            %s", path)
	}
	w.line("          key: %s-${{ runner.os }}-%s", job.Name, s.Hash())
	w.line("          restore-keys: %s-${{ runner.os }}-", job.Name)
}

// results adds the step that keeps the results of davit.
func (w *githubPage) results(job Job) {
	w.line("      - uses: actions/cache@v4")
	w.line("        with:")
	w.line("          path: ~/.cache/davit")
	w.line("          key: davit-%s-${{ runner.os }}-${{ github.sha }}", job.Name)
	w.line("          restore-keys: davit-%s-${{ runner.os }}-", job.Name)
}

// davit adds the step that installs davit.
func (w *githubPage) davit() {
	w.line("      - uses: davit-dev/davit/setup-davit@%s", ref(w.version))
	if w.version != "" {
		w.line("        with: {version: %s}", quoted(w.version))
	}
}

// checkout adds the step that gets the whole repository.
func (w *githubPage) checkout() {
	w.line("    steps:")
	w.line("      - uses: actions/checkout@v4")
	w.line("        with: {fetch-depth: 0, persist-credentials: false}")
}

// image adds the job that makes images.
func (w *githubPage) image(p Pipeline) {
	w.line("")
	w.line("  package:")
	if len(p.Jobs) > 0 {
		w.line("    needs: %s", list(p.Names()))
	}
	w.line("    runs-on: ubuntu-latest")
	if p.Image.Publish {
		w.line("    permissions: {contents: read, packages: write}")
	}
	w.env(p.Image.Variables)
	w.checkout()
	w.davit()
	w.line("      - run: davit package")
	switch {
	case p.Image.Publish && p.Image.Registry != "":
		w.line("      - uses: docker/login-action@v3")
		w.line("        if: github.event_name == 'push'")
		w.line("        with:")
		w.line("          registry: %s", quoted(host(p.Image.Registry)))
		w.text(githubPublish)
	case p.Image.Publish:
		w.text(githubPublishToGitHub)
	}
}

const githubPublish = `          username: ${{ secrets.REGISTRY_USER }}
          password: ${{ secrets.REGISTRY_PASSWORD }}
      - run: davit publish
        if: github.event_name == 'push'
`

const githubPublishToGitHub = `      - uses: docker/login-action@v3
        if: github.event_name == 'push'
        with:
          registry: ghcr.io
          username: ${{ github.actor }}
          password: ${{ secrets.GITHUB_TOKEN }}
      - run: davit publish --registry "${REGISTRY,,}"
        if: github.event_name == 'push'
        env: {REGISTRY: "ghcr.io/${{ github.repository_owner }}"}
`

// deploy adds the job that deploys to one environment.
func (w *githubPage) deploy(p Pipeline, d Deploy) {
	w.line("")
	approval := ""
	if d.Confirm {
		approval = " # who approves it is said in the settings of the repository, by environment"
	}
	w.line("  deploy-%s:%s", d.Environment, approval)
	if before := p.Before(d); len(before) > 0 {
		w.line("    needs: %s", list(before))
	}
	w.line("    if: github.event_name == 'push' && github.ref_name == github.event.repository.default_branch")
	w.line("    environment: %s", quoted(d.Environment))
	w.line("    concurrency: {group: deploy-%s, cancel-in-progress: false}", d.Environment)
	w.line("    runs-on: ubuntu-latest")
	if !d.Engine {
		w.line("    env:")
		w.line("      DOCKER_HOST: ${{ vars.DOCKER_HOST }}")
		w.variables(d.Variables)
	} else {
		w.env(d.Variables)
	}
	w.checkout()
	w.davit()
	if d.SSH {
		w.line("      - run: |")
		w.line("%s", indent(10, sshKey))
		w.line("        env:")
		w.line("          SSH_PRIVATE_KEY: ${{ secrets.SSH_PRIVATE_KEY }}")
		w.line("          SSH_KNOWN_HOSTS: ${{ secrets.SSH_KNOWN_HOSTS }}")
	}
	if !d.Engine {
		w.line("      - run: %s", d.checkEngine())
	}
	w.line("      - run: davit deploy %s --yes", d.Environment)
}
