package python

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A service is the program of an image.
type service struct {
	argv      []string
	port      int  // the port that it listens on; 0 for none
	inPackage bool // it is installed with the package
	why       string
}

// service returns the program of the image: the configured one, else the one that "run" starts, with a
// production server if it is a web application. The error is the reason why there is none.
func (e *env) service() (service, error) {
	if main := e.config.Main; main != "" {
		return e.configuredService(main)
	}
	if e.isDjango() {
		return e.django()
	}
	for _, name := range e.appFiles() {
		if w, ok := e.webProgram(name); ok {
			return e.web(w, name)
		}
	}
	p, ok := e.program()
	if !ok {
		return service{}, fmt.Errorf("%s; %s", p.why, mainChooses)
	}
	if p.script != "" {
		return service{argv: p.argv, why: p.why}, nil
	}
	if p.module != "" {
		p.argv = []string{"python3", "-m", p.module}
	}
	return service{argv: p.argv, inPackage: e.isPackage, why: p.why}, nil
}

func (e *env) configuredService(main string) (service, error) {
	why := main + ", as configured"
	file := strings.TrimPrefix(main, strings.TrimPrefix(e.dir+"/", "./"))
	if strings.HasSuffix(main, ".py") && slices.Contains(e.py, file) {
		return service{argv: []string{"python3", file}, why: why}, nil
	}
	module := path.Join(e.packageRoot(), strings.ReplaceAll(main, ".", "/"))
	if slices.Contains(e.py, module+".py") || slices.Contains(e.py, module+"/__main__.py") {
		return service{argv: []string{"python3", "-m", main}, inPackage: e.isPackage, why: why}, nil
	}
	return service{}, errors.New("there is no " + main)
}

// django returns a WSGI server for a Django project. Django itself has none for production.
func (e *env) django() (service, error) {
	for _, name := range e.py {
		if dir, ok := strings.CutSuffix(name, "/wsgi.py"); ok && !strings.Contains(dir, "/") {
			return e.wsgi(dir+".wsgi:application", "Django, because of manage.py")
		}
	}
	//lint:ignore ST1005 Django is a name
	return service{}, errors.New("Django's own server is for development, and there is no wsgi.py; " +
		mainChooses)
}

func (e *env) web(p program, name string) (service, error) {
	app := p.argv[3]
	inPackage := e.isPackage && e.ownPackage() != "" &&
		strings.HasPrefix(name, path.Join(e.packageRoot(), e.ownPackage())+"/")
	var s service
	var err error
	if p.argv[2] == "uvicorn" {
		s, err = e.served("uvicorn", app, "--host", "0.0.0.0", "--port", e.port())
	} else {
		app = p.argv[4]
		s, err = e.wsgi(app, p.why)
	}
	s.inPackage, s.why = inPackage, p.why
	return s, err
}

// wsgi returns an application with the WSGI server that the project requires.
func (e *env) wsgi(app, why string) (service, error) {
	s, err := e.served("gunicorn", "--bind", "0.0.0.0:"+e.port(), app)
	if err != nil {
		s, err = e.served("waitress", "--listen=0.0.0.0:"+e.port(), app)
	}
	if err != nil {
		err = fmt.Errorf(
			"%s: its own server is for development, and neither gunicorn nor waitress is required; %s", why,
			mainChooses)
	}
	s.why = why
	return s, err
}

// served returns a server that the project requires at run time.
func (e *env) served(server string, args ...string) (service, error) {
	port, _ := strconv.Atoi(e.port())
	provides := func(r requirement) bool {
		return r.name() == server || server == "uvicorn" && strings.HasPrefix(string(r), "fastapi[")
	}
	if !slices.ContainsFunc(e.runtime, provides) {
		return service{}, fmt.Errorf("%s is not among what the project requires; %s", server, mainChooses)
	}
	return service{argv: append([]string{"python3", "-m", server}, args...), port: port}, nil
}

// port returns the first configured port, else the usual one.
func (e *env) port() string {
	if len(e.config.Ports) > 0 {
		return strconv.Itoa(e.config.Ports[0])
	}
	return "8000"
}
