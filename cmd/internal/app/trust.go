package app

import "slices"

// writesCache reports whether this run may write layers to the shared cache. By default only CI does, and not
// for a pull request, which anybody may open: its layers would be in the next release.
func (p *Project) writesCache() bool {
	switch p.Config.Cache.Write {
	case "always":
		return true
	case "never":
		return false
	}
	return p.env("CI") == "true" && !p.isPullRequest()
}

// pullRequestVariables are set by CI systems in runs of pull requests, to any value or to one of these.
var pullRequestVariables = map[string][]string{
	"GITHUB_EVENT_NAME": {"pull_request", "pull_request_target", "pull_request_review",
		"pull_request_review_comment", "issue_comment", "workflow_run"},
	"GITHUB_HEAD_REF":                  nil,
	"CI_MERGE_REQUEST_IID":             nil, // GitLab
	"CI_EXTERNAL_PULL_REQUEST_IID":     nil,
	"CIRCLE_PULL_REQUEST":              nil,
	"SYSTEM_PULLREQUEST_PULLREQUESTID": nil, // Azure
	"CHANGE_ID":                        nil, // Jenkins
	"BITBUCKET_PR_ID":                  nil,
	"DRONE_PULL_REQUEST":               nil,
	"CI_COMMIT_PULL_REQUEST":           nil, // Woodpecker
	"APPVEYOR_PULL_REQUEST_NUMBER":     nil,
	"BUILDKITE_PULL_REQUEST":           nil,
	"TRAVIS_PULL_REQUEST":              nil,
}

// isPullRequest reports whether this run is of a pull request.
func (p *Project) isPullRequest() bool {
	for name, values := range pullRequestVariables {
		value := p.env(name)
		if value == "" || value == "false" {
			continue
		}
		if values == nil || slices.Contains(values, value) {
			return true
		}
	}
	return false
}
