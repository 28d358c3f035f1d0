module github.com/acme/trace/internal/tools

go 1.25.0

require golang.org/x/vuln v1.1.4

tool golang.org/x/vuln/cmd/govulncheck
