package pipeline

// woodpeckerHead is what a pipeline for Woodpecker begins with.
const woodpeckerHead = `when:
  - event: [pull_request, tag, deployment]
  - event: [push, manual]
    branch: ${CI_REPO_DEFAULT_BRANCH}

workspace:
  base: /woodpecker
  path: src
`

// woodpeckerEngine is the service that jobs need which run in containers.
const woodpeckerEngine = `
services:
  - name: docker # privileged: an administrator has to trust the repository
    image: docker:29-dind
    privileged: true
    environment: {DOCKER_TLS_CERTDIR: ""}
`

// woodpeckerSteps are the first lines of the steps, which install davit.
const woodpeckerSteps = `
steps:
  - name: davit
    image: docker:29-cli
    environment:
      DAVIT_VERSION: %s
      DAVIT_BIN: /woodpecker/bin
    commands:
      - |
%s
`

// woodpecker returns the pipeline for Woodpecker CI.
func (p Pipeline) woodpecker() string {
	var w woodpeckerPage
	w.head("woodpecker", p.Notes)
	w.text(woodpeckerHead)
	if p.NeedsEngine() {
		w.text(woodpeckerEngine)
	}
	w.textf(woodpeckerSteps, p.versionOrLatest(), indent(8, verbatim(installer)))
	for i, job := range p.Jobs {
		w.job(p, job, i == 0)
	}
	if p.Image != nil {
		w.image(*p.Image)
	}
	for _, d := range p.Deploys {
		w.deploy(d)
	}
	return w.b.String()
}

// A woodpeckerPage is a pipeline for Woodpecker CI.
type woodpeckerPage struct{ page }

// step adds the first lines of a step: its name, image, and when it runs.
func (w *woodpeckerPage) step(name, image, when string) {
	w.line("")
	w.line("  - name: %s", name)
	w.line("    image: %s", image)
	w.line("    when: [{%s}]", when)
}

// always is when steps run that deploy nothing.
const always = "event: [pull_request, tag, push, manual]"

// job adds a job. The first one compares the pipeline with the project.
func (w *woodpeckerPage) job(p Pipeline, job Job, first bool) {
	if job.Container != "" {
		w.step(job.Name, quoted(job.Container), always)
		if len(job.Variables) > 0 {
			w.line("    environment:")
		}
	} else {
		w.step(job.Name, "docker:29-cli", always)
		w.engine()
	}
	w.secrets(job.Variables)
	w.commands()
	if first {
		w.line("      - %s woodpecker --check", p.Check)
	}
	if job.Command != "" {
		w.line("      - %s", quoted(job.Line()))
	}
}

// engine adds the environment of a step that needs the engine of the pipeline.
func (w *woodpeckerPage) engine() {
	w.line("    environment:")
	w.line("      DOCKER_HOST: tcp://docker:2375")
}

// secrets adds variables to the environment of a step.
func (w *woodpeckerPage) secrets(all []Variable) {
	for _, v := range all {
		w.secret(v.Name)
	}
}

func (w *woodpeckerPage) secret(name string) { w.line("      %s: {from_secret: %s}", name, name) }

// commands adds the first command of a step, by which the others find davit.
func (w *woodpeckerPage) commands() {
	w.line("    commands:")
	w.line("      - export PATH=/woodpecker/bin:$PATH")
}

// image adds the steps that make images and publish them.
func (w *woodpeckerPage) image(image Image) {
	w.step("package", "docker:29-cli", always)
	w.engine()
	w.secrets(image.Variables)
	w.commands()
	w.line("      - davit package")
	if !image.Publish || image.Registry == "" {
		return
	}
	w.step("publish", "docker:29-cli", "event: [tag, push]")
	w.engine()
	w.secret("REGISTRY_USER")
	w.secret("REGISTRY_PASSWORD")
	w.secrets(image.Variables)
	w.commands()
	w.line(`      - echo "$REGISTRY_PASSWORD" | docker login -u "$REGISTRY_USER" --password-stdin %s`, host(image.Registry))
	w.line("      - davit publish")
}

// deploy adds the step that deploys to one environment.
func (w *woodpeckerPage) deploy(d Deploy) {
	when := "event: push"
	if d.Confirm {
		when = `event: deployment, evaluate: 'CI_PIPELINE_DEPLOY_TARGET == "` + d.Environment + `"'`
	}
	w.step("deploy-"+d.Environment, "docker:29-cli", when)
	w.line("    environment:")
	if !d.Engine {
		w.secret("DOCKER_HOST")
	}
	if d.SSH && d.Engine {
		w.secret("SSH_PRIVATE_KEY")
		w.secret("SSH_KNOWN_HOSTS")
	}
	w.secrets(d.Variables)
	w.commands()
	if d.SSH && d.Engine {
		w.line("      - |")
		w.line("%s", indent(8, verbatim(sshKey)))
	}
	w.line("      - davit deploy %s --yes", d.Environment)
}
