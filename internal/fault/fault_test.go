package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
)

type toolError struct {
	fault.Precondition
	name string
}

func (e *toolError) Error() string { return e.name + " is missing" }

type lockedError struct{ fault.Refusal }

func (*lockedError) Error() string { return "locked" }

func TestOf(t *testing.T) {
	for _, test := range []struct {
		err       error
		want      fault.Category
		unchanged bool
	}{
		{errors.New("exit status 1"), fault.Failed, false},
		{nil, fault.Failed, false},
		{&toolError{name: "go"}, fault.FailedPrecondition, true},
		{fmt.Errorf("step %q: %w", "go:build", &toolError{name: "go"}), fault.FailedPrecondition, true},
		{errors.Join(errors.New("first"), &lockedError{}), fault.Refused, true},
		{fault.Preconditionf("davit env", "there is no environment %q", "x"), fault.FailedPrecondition, true},
		{fault.Refusef("", "not confirmed"), fault.Refused, true},
		{&fault.Error{Reason: "interrupted", Code: fault.Interrupted}, fault.Interrupted, false},
	} {
		if got := fault.Of(test.err); got != test.want || fault.ChangedNothing(test.err) != test.unchanged {
			t.Errorf("%v: category %d, wanted %d", test.err, got, test.want)
		}
	}
}
