package model

// relative is how sentences name a file.
func (s *source) relative(file string) string { return (&Model{env: s.env}).inside(file) }

func (s *source) fault(path, reason, next string) *Error {
	return &Error{File: s.relative(s.files[0]), Path: path, Reason: reason, Next: next}
}

func (s *source) explain(err error) error {
	return &Error{File: s.relative(s.files[0]), Reason: err.Error(), cause: err}
}

func (s *source) remote() error { return nil }

func (s *source) refuse(any) error { return nil }

// Ignored are sentences about what is in the files and has no effect.
func (m *Model) Ignored() []string { return m.unset }
