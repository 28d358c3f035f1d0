# Common rules.
ifdef CI
ci: test ## What the pipeline runs
else ifeq ($(OS),Windows_NT)
ci: lint
else
local:
	true
endif
include mk/deep.mk
include mk/common.mk
