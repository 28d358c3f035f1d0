module github.com/acme/trace/exporters/zip

go 1.24.0

require (
	github.com/acme/trace v1.0.0
	github.com/acme/trace/sdk v1.0.0
	golang.org/x/sys v0.30.0 // indirect
)

replace (
	github.com/acme/trace => ../..
	github.com/acme/trace/sdk => ../../sdk
)
