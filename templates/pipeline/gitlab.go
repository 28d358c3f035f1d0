package pipeline

// gitlabHead is what a pipeline for GitLab begins with.
const gitlabHead = `stages: [check, package, deploy]

workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS
      when: never
    - if: $CI_COMMIT_BRANCH || $CI_COMMIT_TAG

.davit:
  variables:
    DAVIT_VERSION: %s
  before_script:
    - |
%s
`

// gitlabEngine is what jobs extend that need a container engine.
const gitlabEngine = `
.engine:
  extends: .davit
  image: docker:29-cli
  services: ["docker:29-dind"]
  variables:
    DOCKER_HOST: tcp://docker:2376
    DOCKER_TLS_VERIFY: "1"
    DOCKER_TLS_CERTDIR: /certs
    DOCKER_CERT_PATH: /certs/client
    GIT_DEPTH: "0"
`

// gitlab returns the pipeline for GitLab CI.
func (p Pipeline) gitlab() string {
	var w gitlabPage
	w.head("gitlab", p.Notes)
	w.textf(gitlabHead, p.versionOrLatest(), indent(6, installer))
	if p.NeedsEngine() {
		w.text(gitlabEngine)
	}
	for i, job := range p.Jobs {
		w.job(p, job, i == 0)
	}
	if p.Image != nil {
		w.image(*p.Image)
	}
	for _, d := range p.Deploys {
		w.deploy(p, d)
	}
	return w.b.String()
}

// A gitlabPage is a pipeline for GitLab CI.
type gitlabPage struct{ page }

// job adds a job. The first one compares the pipeline with the project.
func (w *gitlabPage) job(p Pipeline, job Job, first bool) {
	w.line("")
	w.line("%s:", job.Name)
	w.line("  stage: check")
	if job.Container != "" {
		w.line("  extends: .davit")
		w.line("  image: %s", quoted(job.Container))
		w.folders(job.Caches)
		w.caches(job)
	} else {
		w.line("  extends: .engine")
	}
	w.line("  script:")
	if first {
		w.line("    - %s gitlab --check", p.Check)
	}
	if job.Command != "" {
		w.line("    - %s", quoted(job.Line()))
	}
	if job.Reports {
		w.text("  artifacts:\n    when: always\n    paths: [reports/]\n    reports:\n      junit: reports/*.xml\n")
	}
}

// folders adds the variables that tell tools where their caches are.
func (w *gitlabPage) folders(caches []Cache) {
	if len(caches) > 0 {
		w.line("  variables:")
	}
	for _, c := range caches {
		if c.Env != "" {
			w.line("    %s: $CI_PROJECT_DIR/.cache/%s", c.Env, c.ID)
		}
	}
}

// caches adds what is kept of the folders, by the files that say what is in them.
func (w *gitlabPage) caches(job Job) {
	all := keys(job.Caches)
	if len(all) > 0 {
		w.line("  cache:")
	}
	for _, k := range all {
		if len(k.Files) <= 2 {
			w.line("    - key: {files: %s, prefix: %s}", list(k.Files), k.Name)
		} else {
			w.line("    - key: %s-%s", job.Name, k.Name)
		}
		w.line("      paths:")
		for _, id := range k.IDs {
			w.line("        - .cache/%s/", id)
		}
	}
}

// image adds the jobs that make images and publish them.
func (w *gitlabPage) image(image Image) {
	w.text("\npackage:\n  stage: package\n  extends: .engine\n")
	if image.Publish {
		w.text("  rules:\n    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n")
	}
	w.text("  script:\n    - davit package\n")
	if !image.Publish {
		return
	}
	w.text("\npublish:\n  stage: package\n  extends: .engine\n  rules:\n" +
		"    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH || $CI_COMMIT_TAG\n  script:\n")
	if image.Registry != "" {
		w.line(`    - echo "$REGISTRY_PASSWORD" | docker login -u "$REGISTRY_USER" --password-stdin %s`, host(image.Registry))
		w.line("    - davit publish")
	} else {
		w.line(`    - echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"`)
		w.line(`    - davit publish --registry "$CI_REGISTRY_IMAGE"`)
	}
}

// deploy adds the job that deploys to one environment.
func (w *gitlabPage) deploy(p Pipeline, d Deploy) {
	w.line("")
	w.line("deploy-%s:", d.Environment)
	w.text("  stage: deploy\n  extends: .davit\n  image: docker:29-cli\n")
	if d.Requires != "" {
		w.line("  needs: %s", list(p.Before(d)))
	}
	w.line("  environment: %s", quoted(d.Environment))
	w.line("  resource_group: %s", d.Environment)
	w.text("  variables:\n    GIT_DEPTH: \"0\"\n  rules:\n    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH\n")
	if d.Confirm {
		w.text("      when: manual\n      allow_failure: false\n")
	}
	w.line("  script:")
	if d.SSH {
		w.line("    - |")
		w.line("%s", indent(6, sshKey))
	}
	if !d.Engine {
		w.line("    - %s", d.checkEngine())
	}
	w.line("    - davit deploy %s --yes", d.Environment)
}
