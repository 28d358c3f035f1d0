package release

import "time"

// An AuditEntry is the record of something that changed an environment and is neither a release nor a heal:
//
//	{"format":3,"time":"2026-11-27T09:00:00Z","by":"Ann <ann@example.com>","action":"exec","release":7,"detail":"web: ls /etc"}
type AuditEntry struct {
	// Format is the version of the format.
	Format int         `json:"format"`
	Time   time.Time   `json:"time"`
	By     string      `json:"by"`
	Action AuditAction `json:"action"`
	// Release is the number of the one that was current; 0 if there was none.
	Release int `json:"release,omitempty"`
	// Detail says what was done, without values of secrets, and Reason why it failed.
	Detail string `json:"detail,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// An AuditAction is what was done.
type AuditAction string

// The actions of audit entries.
const (
	Destroyed AuditAction = "destroy"
	// RemovedReleases says that the releases up to that of the entry were removed, by a destroy. No later release has the
	// number of one of them.
	RemovedReleases AuditAction = "remove releases"
	TookLock        AuditAction = "lock" // the lock of another davit was taken over
	Executed        AuditAction = "exec" // a command was run in a container
)

// UnmarshalJSON reads the entry strictly, and one of a newer format as far as it can.
func (a *AuditEntry) UnmarshalJSON(text []byte) error {
	type plain AuditEntry
	if formatOf(text) > Format {
		decodeLeniently(text, (*plain)(a))
		return nil
	}
	if reason := DecodeStrictly(text, (*plain)(a)); reason != "" {
		return &FormError{What: anAudit, Reason: reason}
	}
	return nil
}
