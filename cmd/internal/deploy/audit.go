package deploy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

const (
	// auditKept is how many audit entries an environment keeps.
	auditKept = 100
	// auditTimeout bounds the wait for the store of one that is recorded after an operation, also after Ctrl-C.
	auditTimeout = 30 * time.Second
)

// A LogEntry is one thing that changed an environment:
//
//	{"time":"2026-11-27T09:00:00Z","by":"Ann <ann@example.com>","action":"deploy","release":7,"result":"healthy"}
type LogEntry struct {
	Time time.Time `json:"time"`
	By   string    `json:"by"`
	// Action is deploy, rollback or heal, or a release.AuditAction: destroy, lock, exec.
	Action string `json:"action"`
	// Release is the one that was deployed or healed, or that was current; 0 for none, and for commands.
	Release int `json:"release,omitempty"`
	// Result is how it ended: healthy, failed or pending for a release, healthy or failed for a heal, otherwise ok or
	// failed.
	Result string `json:"result"`
	Detail string `json:"detail,omitempty"`
}

// Log returns all that changed an environment, the newest first: releases, heals, destroys, locks that were
// taken over, and commands that were run in containers.
func (e *Environments) Log(ctx context.Context, environment string) ([]LogEntry, error) {
	s, err := e.openLook(ctx, environment)
	if err != nil {
		return nil, err
	}
	defer s.close()
	current, err := s.inProgress(ctx)
	if err != nil {
		return nil, err
	}
	repairs, err := s.backend.ListRepairs(ctx)
	if err != nil {
		return nil, err
	}
	audit, err := s.backend.ListAudit(ctx)
	all := []LogEntry{}
	for _, r := range s.releases {
		all = append(all, s.releaseEntry(r, current))
	}
	for _, r := range repairs {
		detail := release.Diagnosis{Findings: r.Findings}.String()
		all = append(all, LogEntry{r.Time, r.By, "heal", r.Release, string(r.Result), withReason(detail, r.Reason)})
	}
	for _, a := range audit {
		all = append(all, LogEntry{a.Time, a.By, string(a.Action), a.Release, resultOf(a), withReason(a.Detail, a.Reason)})
	}
	slices.SortStableFunc(all, func(a, b LogEntry) int { return b.Time.Compare(a.Time) })
	return all, err
}

// releaseEntry returns the entry of a release. One that was taken from its own environment is a rollback. Only current, the
// number of the one in progress, has an end that is still to come.
func (s *session) releaseEntry(r release.Release, current int) LogEntry {
	detail := withReason(release.DescribeUndone(r.Undone), withReason(r.Invalid, r.Reason))
	if r.Result == release.Pending && r.Number != current {
		detail = withReason(detail, "interrupted")
	}
	entry := LogEntry{r.Time, r.By, "deploy", r.Number, string(r.Result), detail}
	if strings.HasPrefix(r.From, s.Name+" ") {
		entry.Action = "rollback"
	}
	return entry
}

func withReason(detail, reason string) string {
	if detail != "" && reason != "" {
		return detail + "; " + reason
	}
	return detail + reason
}

func resultOf(a release.AuditEntry) string {
	if a.Reason != "" {
		return string(release.Failed)
	}
	return "ok"
}

// audit records that something changed the environment, also after Ctrl-C. That it cannot be recorded is a
// warning.
func (s *session) audit(ctx context.Context, e *Environments, a release.AuditEntry, cause error) error {
	if fault.ChangedNothing(cause) {
		return nil
	}
	a.Time, a.By = e.Now().UTC(), e.by(context.WithoutCancel(ctx))
	if r := s.current(); r != nil {
		a.Release = r.Number
	}
	if cause != nil {
		a.Reason = e.Masked(text.FirstLine(cause.Error()))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	return s.backend.RecordAudit(ctx, a, auditKept)
}

// audit records what an operation did besides releases.
func (o *operation) audit(ctx context.Context, action release.AuditAction, detail string, cause error) {
	err := o.session.audit(ctx, o.environments, release.AuditEntry{Action: action, Detail: detail}, cause)
	if err != nil {
		o.emit(ui.Event{Type: ui.EventWarning, Text: notAudited(o.Name, err)})
	}
}

func notAudited(environment string, err error) string {
	return "davit releases " + environment + " --all will not list this: " + err.Error()
}

// down returns the entry of the destroy that ended the environment; nil if something runs.
func (s *session) down(ctx context.Context, live release.Observed) (*release.AuditEntry, error) {
	if len(live.Containers) > 0 {
		return nil, nil
	}
	return s.destroyed(ctx)
}

// destroyed returns the entry of the last destroy, however that ended; nil if something was deployed since.
func (s *session) destroyed(ctx context.Context) (*release.AuditEntry, error) {
	all, err := s.backend.ListAudit(ctx)
	for i, a := range all {
		if a.Action == release.Destroyed {
			if len(s.releases) > 0 && s.releases[0].Time.After(a.Time) {
				break
			}
			return &all[i], err
		}
	}
	return nil, err
}

// verifyUp refuses an environment that was destroyed: nothing is meant to run there.
func (s *session) verifyUp(ctx context.Context, live release.Observed) error {
	down, err := s.down(ctx, live)
	if err != nil || down == nil {
		return err
	}
	return &downError{fault.Preconditionf("davit deploy "+s.Name+" deploys it again", "%s is down: %s has destroyed it", s.Name, down.By)}
}

// A downError says that an environment was destroyed.
type downError struct{ error }

func (e *downError) Unwrap() error { return e.error }
