// Copyright The Authors. All rights reserved.
// Licensed under the terms that stand in the file LICENSE, which comes with this
// source; whoever uses it agrees with them. There is no warranty of any kind, not
// even the one that it does what its name says.

package flags
