package deploytest

import (
	"errors"
	"strings"

	"github.com/davit-dev/davit/runner/deploy"
)

// exec runs a command in a container of a service, and returns its exit code.
func (s *subject) exec(service string, argv ...string) int {
	s.Helper()
	return s.execIn(service, 0, argv...)
}

// execIn runs a command in the container of a number; 0 is any.
func (s *subject) execIn(service string, index int, argv ...string) int {
	s.Helper()
	exit, err := s.b.Exec(s.Context(), deploy.ExecOptions{
		Service: service, Index: index, Command: argv, In: strings.NewReader(""), Out: &strings.Builder{},
		Err: &strings.Builder{},
	})
	s.must(err)
	return exit
}

func testLogs(s *subject) {
	s.compose(pair)
	give := func(deploy.LogLine) error { return nil }
	if err := s.b.Logs(s.Context(), deploy.LogOptions{}, give); err == nil {
		s.Error("logs of an environment without containers")
	}
	s.deploy()
	var lines []deploy.LogLine
	keep := func(l deploy.LogLine) error {
		lines = append(lines, l)
		return nil
	}
	s.eventually("a line", func() bool {
		lines = nil
		s.must(s.b.Logs(s.Context(), deploy.LogOptions{Services: []string{"web"}, Tail: 5}, keep))
		return len(lines) == 1
	})
	l := lines[0]
	if l.Service != "web" || l.Container != "web-1" || l.Text != "web says hello" || l.Time.IsZero() {
		s.Errorf("line %+v", l)
	}
	s.expectError(s.b.Logs(s.Context(), deploy.LogOptions{Services: []string{"nobody"}}, give), "nobody")
	if err := s.b.Logs(s.Context(), deploy.LogOptions{Since: "yesterday"}, give); err == nil {
		s.Error("logs since what is no time")
	}
	end := errors.New("enough")
	stop := func(deploy.LogLine) error { return end }
	if err := s.b.Logs(s.Context(), deploy.LogOptions{Follow: true}, stop); !errors.Is(err, end) {
		s.Errorf("followed logs that nobody wants any more: %v", err)
	}
}

func testInspect(s *subject) {
	s.compose(strings.Replace(pair, "stop_grace_period: 0s\n  web:",
		"volumes: [\"data:/data\"]\n    stop_grace_period: 0s\n  web:", 1) + "volumes: {data: {}}\n")
	s.deploy()
	if exit := s.exec("web", "sh", "-c", "exit 7"); exit != 7 {
		s.Errorf("exit %d", exit)
	}
	_, err := s.b.Exec(s.Context(), deploy.ExecOptions{Service: "nobody", Command: []string{"true"}})
	s.expectError(err, "nobody")
	s.exec("web", "sh", "-c", "echo new > /etc/new")
	files, err := s.b.Files(s.Context(), s.name("web-1"), []string{"/etc/new"})
	if err != nil || len(files) != 1 || files[0].Original != nil || string(files[0].Current) != "new\n" {
		s.Errorf("files %+v, %v", files, err)
	}
	d, err := s.b.Details(s.Context())
	s.must(err)
	if len(d.Images) != 1 || d.Networks["default"].Name != s.env.Instance()+"_default" ||
		d.Volumes["data"].Name != s.env.Instance()+"_data" || d.Holder != nil {
		s.Errorf("details %+v", d)
	}
}
