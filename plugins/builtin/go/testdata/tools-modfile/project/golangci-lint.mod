module github.com/acme/quay/lint

tool github.com/golangci/golangci-lint/v2/cmd/golangci-lint
