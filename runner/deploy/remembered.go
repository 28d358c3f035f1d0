package deploy

// A NotRememberedError says that this machine cannot remember what it has seen.
type NotRememberedError struct{ Err error }

func (e *NotRememberedError) Error() string {
	return "this machine cannot remember the releases that it has seen: " + e.Err.Error()
}

// Unwrap returns why.
func (e *NotRememberedError) Unwrap() error { return e.Err }

// Hint returns the next thing to do.
func (e *NotRememberedError) Hint() string { return "XDG_STATE_HOME=DIR chooses another folder" }
