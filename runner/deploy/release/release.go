package release

import "time"

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
	// Images are by service.
	Images map[string]Image `json:"images"`
	// Model is what was deployed, and Compose the rendered Compose model, in which a secret is a reference.
	Model   Model  `json:"model"`
	Compose []byte `json:"compose"`
	// From is the environment and the release that the images were taken from: "staging 12".
	From string `json:"from,omitempty"`
	// Forced says that a stage of the promotion order was skipped.
	Forced bool `json:"forced,omitempty"`
	// Result is Pending, Healthy or Failed; Reason says why it failed.
	Result Result `json:"result"`
	Reason string `json:"reason,omitempty"`
}
