package maven

import (
	"cmp"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A linter is a plugin of Maven that checks sources, or can format them.
type linter struct {
	artifact, prefix string
	check            string // the goal
	phase            string // in which the goal runs if the pom.xml names none
	format           string // the goal that formats
}

// linters need no compiled code. Others, such as spotbugs, stay a part of "verify".
var linters = []linter{
	{"spring-javaformat-maven-plugin", "spring-javaformat", "validate", "validate", "apply"},
	{"maven-checkstyle-plugin", "checkstyle", "check", "verify", ""},
	{"spotless-maven-plugin", "spotless", "check", "verify", "apply"},
	{"fmt-maven-plugin", "fmt", "check", "verify", "format"},
	{"formatter-maven-plugin", "formatter", "validate", "validate", "format"},
	{"impsort-maven-plugin", "impsort", "check", "process-sources", "sort"},
	{"sortpom-maven-plugin", "sortpom", "verify", "validate", "sort"},
	{"maven-pmd-plugin", "pmd", "check", "verify", ""},
	{"license-maven-plugin", "license", "check", "verify", "format"},
	{"apache-rat-plugin", "apache-rat", "check", "validate", ""},
	{"editorconfig-maven-plugin", "editorconfig", "check", "verify", "format"},
	{"ktlint-maven-plugin", "ktlint", "check", "verify", "format"},
}

// style offers the linters that the pom.xml calls: all of the phase "validate" at once, each other by its goal.
func (p *project) style() {
	var goals, names, formats []string
	validates := false
	for _, l := range linters {
		for _, one := range p.root.Plugins {
			if one.Artifact != l.artifact {
				continue
			}
			for _, e := range one.Executions {
				switch goal, phase := e.checks(l); {
				case goal == "":
					continue
				case phase == "validate":
					validates = true
				default:
					goals = append(goals, l.prefix+":"+goal+"@"+cmp.Or(e.ID, "default"))
				}
				names = append(names, l.prefix)
			}
			if l.format != "" {
				formats = append(formats, l.prefix+":"+l.format)
			}
		}
	}
	if validates {
		goals = append([]string{"validate"}, goals...)
	}
	if len(goals) > 0 {
		p.Add("style", p.maven(goals...), "the linters that pom.xml calls: "+strings.Join(unique(names), ", "))
	}
	if len(formats) > 0 {
		p.Add("format", p.maven(formats...), "")
	}
}

// checks returns the goal of a linter that an execution runs, and its phase.
func (e execution) checks(l linter) (goal, phase string) {
	for _, one := range e.Goals {
		if one == l.check || l.prefix == "pmd" && one == "cpd-check" {
			goal = one
		}
	}
	if phase = e.Phase; phase == "" {
		phase = l.phase
	}
	if phase == "none" {
		goal = ""
	}
	return goal, phase
}

func unique(names []string) (out []string) {
	for i, name := range names {
		if i == 0 || names[i-1] != name {
			out = append(out, name)
		}
	}
	return out
}

// run offers to start the program by the plugin of its framework.
func (p *project) run() {
	switch {
	case p.root.calls("spring-boot-maven-plugin"):
		p.Add("run", p.maven("spring-boot:run"), "the plugin of Spring Boot")
	case p.root.calls("quarkus-maven-plugin"):
		p.Add("watch", p.maven("quarkus:dev"), "the plugin of Quarkus")
		p.Add("run", p.maven("quarkus:run"), "the plugin of Quarkus")
	case p.root.calls("exec-maven-plugin") && strings.Contains(p.root.text, "mainClass"):
		p.Add("run", p.maven("compile", "exec:java"), "the plugin exec, with the mainClass of pom.xml")
	}
}

// image offers the image of a program that the plugin of Spring Boot packs.
func (p *project) image() {
	if !p.root.calls("spring-boot-maven-plugin") || len(p.modules) > 0 || p.root.Packaging != "" && p.root.Packaging != "jar" {
		return
	}
	p.Program(stack.Program{
		Build: stack.Shell("# mvn package -DskipTests", "rm -rf .davit/package target/*.jar && mkdir -p .davit/package",
			sdk.Quote(p.maven("package", "-DskipTests").Argv...), "cp target/*.jar .davit/package/app.jar"),
		File: ".davit/package/app.jar", Base: p.config.Base, DefaultBase: "eclipse-temurin:" + p.java + "-jre",
		Command: []string{"java", "-jar", "/app/app.jar"}, Ports: p.config.Ports,
	})
}
