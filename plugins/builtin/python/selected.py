# Runs a program on the files that a hook of pre-commit checks, and exits as the program does. The arguments are words
# KIND:VALUE, then "--" and the command, to which the names of the files are added. In a folder without git, such as in
# a container, the files are those that are there.
#
#   files:REGEX     what a path matches, as pre-commit sees it      suffix:SUFFIX  how its name ends
#   exclude:REGEX   what it does not match                          in:FOLDER      of the project, where there is no git
import os, re, subprocess, sys

cut = sys.argv.index("--")
words, command = [a.split(":", 1) for a in sys.argv[1:cut]], sys.argv[cut + 1:]

def values(kind):
    return [value for k, value in words if k == kind]

def git(*args):
    p = subprocess.run(("git",) + args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return os.fsdecode(p.stdout)

def listed():
    try:
        names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        return git("rev-parse", "--show-prefix").strip("\r\n"), names
    except (OSError, subprocess.CalledProcessError):
        pass
    names = []
    for folder, folders, files in os.walk("."):
        folders[:] = [f for f in folders if f[0] != "." and f not in ("node_modules", "__pycache__")]
        names += [os.path.relpath(os.path.join(folder, f)).replace(os.sep, "/") for f in files]
    return "".join(f + "/" for f in values("in")), names

def python(name):
    if "." in os.path.basename(name) or not os.access(name, os.X_OK):
        return False
    with open(name, "rb") as f:
        return re.match(rb"#!.*python", f.readline(200)) is not None

def checked(name, path):
    if not os.path.isfile(name) or os.path.islink(name):
        return False
    if not all(re.search(r, path) for r in values("files")) or any(re.search(r, path) for r in values("exclude")):
        return False
    return name.endswith(tuple(values("suffix"))) or ".py" in values("suffix") and python(name)

prefix, names = listed()
names = [n for n in sorted(set(names)) if checked(n, prefix + n)]
if not names:
    print("there is no file to check")
status = 0
while names:
    size = count = 0
    while count < len(names) and (count == 0 or size + len(names[count]) < 100000):
        size += len(names[count]) + 1
        count += 1
    code = subprocess.call(command + names[:count])
    status, names = max(status, code if code >= 0 else 128 - code), names[count:]
sys.exit(status)
