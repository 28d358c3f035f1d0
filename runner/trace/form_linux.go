//go:build amd64 || arm64

package trace

import "sync"

// An action is what a call does, in the terms of a Trace.
type action int

const (
	opens    action = iota
	opensHow        // with the flags in a struct open_how
	creates         // a file, truncated if it exists
	looks           // at the existence or the properties
	readsLink
	executes
	lists // the folder of a descriptor
	makes // what must not exist: a folder, a node
	removes
	renames
	links
	linksSymbolically // the first path is a text
	changes
	changesOpen // the file of a descriptor
	hides       // what follows cannot be seen
)

// none says that a form has no such argument.
const none = -1

// A form says what a call does and which of its arguments are what. The folder is a descriptor that a path is
// relative to; none is the current folder.
type form struct {
	name             string
	action           action
	folder, path     int
	folder2, path2   int // of the second path, which is the new name
	flags            int
	follow, nofollow uint64 // the bit of flags that makes the call follow a final link, or not
	followsByDefault bool
}

// named returns the form of a call whose first argument is a path.
func named(name string, a action) form {
	return form{name: name, action: a, folder: none, path: 0, folder2: none, path2: none, flags: none,
		followsByDefault: true}
}

// relative returns the form of a call whose first arguments are a folder and a path.
func relative(name string, a action) form {
	f := named(name, a)
	f.folder, f.path = 0, 1
	return f
}

// onDescriptor returns the form of a call about an open file.
func onDescriptor(name string, a action) form {
	f := named(name, a)
	f.folder, f.path = 0, none
	return f
}

func (f form) unfollowed() form { f.followsByDefault = false; return f }

func (f form) flagged(argument int, follow, nofollow uint64) form {
	f.flags, f.follow, f.nofollow = argument, follow, nofollow
	return f
}

func (f form) second(folder, path int) form { f.folder2, f.path2 = folder, path; return f }

// Flags of calls that are the same on every architecture here.
const (
	atSymlinkNofollow = 0x100
	atSymlinkFollow   = 0x400
	atEmptyPath       = 0x1000
)

// all returns the calls that name files, on whatever architecture they exist.
func all() []form {
	return []form{
		named("open", opens).flagged(1, 0, 0),
		relative("openat", opens).flagged(2, 0, 0),
		relative("openat2", opensHow).flagged(2, 0, 0),
		named("creat", creates),

		named("stat", looks), named("stat64", looks), named("access", looks), named("chdir", looks),
		named("statfs", looks), named("statfs64", looks),
		named("getxattr", looks), named("listxattr", looks),
		named("lstat", looks).unfollowed(), named("lstat64", looks).unfollowed(),
		named("oldstat", looks), named("oldlstat", looks).unfollowed(),
		named("lgetxattr", looks).unfollowed(), named("llistxattr", looks).unfollowed(),
		relative("newfstatat", looks).flagged(3, 0, atSymlinkNofollow),
		relative("fstatat64", looks).flagged(3, 0, atSymlinkNofollow),
		relative("statx", looks).flagged(2, 0, atSymlinkNofollow),
		relative("faccessat", looks),
		relative("faccessat2", looks).flagged(3, 0, atSymlinkNofollow),
		relative("name_to_handle_at", looks).unfollowed().flagged(4, atSymlinkFollow, 0),
		relative("inotify_add_watch", looks).watching(),

		named("readlink", readsLink).unfollowed(), relative("readlinkat", readsLink).unfollowed(),
		named("execve", executes), relative("execveat", executes).flagged(4, 0, atSymlinkNofollow),
		onDescriptor("getdents", lists), onDescriptor("getdents64", lists), onDescriptor("readdir", lists),

		named("mkdir", makes).unfollowed(), relative("mkdirat", makes).unfollowed(),
		named("mknod", makes).unfollowed(), relative("mknodat", makes).unfollowed(),
		named("unlink", removes).unfollowed(), named("rmdir", removes).unfollowed(),
		relative("unlinkat", removes).unfollowed(),
		named("rename", renames).unfollowed().second(none, 1),
		relative("renameat", renames).unfollowed().second(2, 3),
		relative("renameat2", renames).unfollowed().second(2, 3),
		named("link", links).unfollowed().second(none, 1),
		relative("linkat", links).unfollowed().flagged(4, atSymlinkFollow, 0).second(2, 3),
		named("symlink", linksSymbolically).second(none, 1).only(),
		named("symlinkat", linksSymbolically).second(1, 2).only(),

		named("truncate", changes), named("truncate64", changes), named("chmod", changes),
		named("chown", changes), named("chown32", changes), named("utime", changes), named("utimes", changes),
		named("setxattr", changes), named("removexattr", changes),
		named("lchown", changes).unfollowed(), named("lchown32", changes).unfollowed(),
		named("lsetxattr", changes).unfollowed(), named("lremovexattr", changes).unfollowed(),
		relative("fchmodat", changes), relative("fchmodat2", changes).flagged(3, 0, atSymlinkNofollow),
		relative("fchownat", changes).flagged(4, 0, atSymlinkNofollow),
		relative("futimesat", changes), relative("utimensat", changes).flagged(3, 0, atSymlinkNofollow),
		relative("utimensat_time64", changes).flagged(3, 0, atSymlinkNofollow),
		onDescriptor("fchmod", changesOpen), onDescriptor("fchown", changesOpen),
		onDescriptor("fchown32", changesOpen),

		onDescriptor("open_by_handle_at", hides), onDescriptor("chroot", hides), onDescriptor("pivot_root", hides),
		onDescriptor("mount", hides), onDescriptor("move_mount", hides), onDescriptor("setns", hides),
	}
}

// only drops the first path, which is a text and no path.
func (f form) only() form { f.folder, f.path = none, none; return f }

// watching is the form of inotify_add_watch, whose first argument is no folder.
func (f form) watching() form { f.folder = none; return f }

// forms returns the forms by architecture and number. They are made when the first call is traced: few calls of davit trace.
var forms = sync.OnceValue(func() map[uint32]map[uint32]form {
	found := map[uint32]map[uint32]form{}
	for arch, numbers := range numbersOf {
		found[arch] = map[uint32]form{}
		for _, f := range all() {
			if number, has := numbers[f.name]; has {
				found[arch][number] = f
			}
		}
	}
	return found
})
