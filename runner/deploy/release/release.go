package release

import (
	"bytes"
	"time"
)

// SecretReference is in each reference to a secret in the Compose model of a release.
const SecretReference = "a secret of the release"

// HasSecrets reports whether the release has references to secrets.
func (r Release) HasSecrets() bool { return bytes.Contains(r.Compose, []byte(SecretReference)) }

// A Release is the record of one deploy.
type Release struct {
	// Format is the version of the format; see Format.
	Format int `json:"format"`
	// Number counts the releases of an environment from 1.
	Number      int       `json:"number"`
	Project     string    `json:"project"`
	Environment string    `json:"environment"`
	Time        time.Time `json:"time"`
	// By is who deployed: "name <address>", or the user and the machine.
	By string `json:"by"`
	// Revision is that of the project, and Dirty says that its files differed from it.
	Revision string `json:"revision,omitempty"`
	Dirty    bool   `json:"dirty,omitempty"`
	Version  string `json:"version,omitempty"`
	// Folder is the folder of the project that it was deployed from, behind the name of its machine:
	// "laptop:/home/ann/shop".
	Folder string `json:"folder,omitempty"`
	// Images are by service.
	Images map[string]Image `json:"images"`
	// Compose is the rendered Compose model, which is applied. A secret is a reference in it.
	Compose []byte `json:"compose,omitempty"`
	// Key is the id of the key of its hashes of secrets; empty for the one of an old davit.
	Key string `json:"key,omitempty"`
	// Model is what Compose means, which is compared and shown. A record has none: it is derived from Compose
	// when the record is read.
	Model Model `json:"model,omitzero"`
	// Hashes and SelfModified are what a record keeps of a model besides Compose; see Reduced. Hashes are the
	// fields whose values Compose only refers to, by "services/web/environment.TOKEN", and SelfModified are
	// the files that the containers of a service modify themselves.
	Hashes       Fields              `json:"hashes,omitempty"`
	SelfModified map[string][]string `json:"self_modified,omitempty"`
	// Mounted are the digests of the small files of the project that services mount, by service and path: "web
	// ./nginx.conf". They are those with which the containers were made.
	Mounted map[string]string `json:"mounted,omitempty"`
	// Skipped are the services that a rollback, or the way back from a release that failed, did not run again.
	Skipped []string `json:"skipped,omitempty"`
	// Ran are the jobs that ran for the release, and Down is the service of it, or else the target, that undoes what
	// they did; empty for none. Undone are the runs of ways down before it, of the releases that it has left.
	Ran    []string `json:"ran,omitempty"`
	Down   string   `json:"down,omitempty"`
	Undone []Undo   `json:"undone,omitempty"`
	// Chain names the records before this one, the newest first, and Keep is how many releases were kept.
	// Accepted says that somebody has accepted what differed from the chain before.
	Chain    []Link `json:"chain,omitempty"`
	Keep     int    `json:"keep,omitempty"`
	Accepted bool   `json:"accepted,omitempty"`
	// From is the environment and the release that the images were taken from: "staging 12".
	From string `json:"from,omitempty"`
	// Forced says that a stage of the promotion order was skipped.
	Forced bool `json:"forced,omitempty"`
	// Result is Pending, Healthy or Failed; Reason says why it failed.
	Result Result `json:"result"`
	Reason string `json:"reason,omitempty"`
	// Digest is that of the record, and Invalid says why the record cannot be used; then only what its label
	// says is set, and the images that it names. Neither is part of the record.
	Digest  string `json:"-"`
	Invalid string `json:"-"`
}

// A Link names a record before another one.
type Link struct {
	Number int    `json:"number"`
	Result Result `json:"result"`
	Digest string `json:"digest"`
	// Pruned says that the record was already removed, and Accepted that it was the first one after somebody
	// had accepted a history.
	Pruned   bool `json:"pruned,omitempty"`
	Accepted bool `json:"accepted,omitempty"`
}

// DigestOf returns the digest of the text of a record: "sha256:…".
func DigestOf(record []byte) string { return digest(record) }
