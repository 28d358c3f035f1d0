module github.com/acme/gate

go 1.25

require golang.org/x/vuln v1.1.4

tool (
	github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	github.com/securego/gosec/v2/cmd/gosec
	golang.org/x/vuln/cmd/govulncheck
	mvdan.cc/gofumpt
)
