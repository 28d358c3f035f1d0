package host

import "mvdan.cc/sh/moreinterp/coreutils"

// systemUtilities are the programs of utilityNames.
var systemUtilities middleware = coreutils.ExecHandler
