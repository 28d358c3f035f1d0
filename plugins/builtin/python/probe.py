# The probe reports whether this interpreter has what a step needs. It exits 0 and says so on one line, or exits 1 and says
# what is missing. It runs as "python3 -c" in the folder of the project. Each argument is KIND:VALUE:
#
#   python:SPEC     the version of the interpreter                 program:NAME   a program in PATH
#   path:DIR        is prepended to sys.path first                 module:NAME    can be found, is not imported
#   dist:REQ        a requirement in pip's syntax, with markers    own:NAME       a package of the project: is imported
#   tests:PATH      the imports of the test files below are found  fixture:NAME=MODULE  needed if a test file names it
#   either:pytest   needed if a test file is written for it        whole:DIR      an environment: not left unfinished
#
# It needs only Python 3.8, and uses packaging if it is installed.
import ast, contextlib, io, os, platform, re, shutil, sys
from importlib import import_module, metadata, util

def borrow(module, name):
    for home in "packaging.", "pip._vendor.packaging.", "setuptools._vendor.packaging.", "setuptools.extern.packaging.":
        try:
            return getattr(import_module(home + module), name)
        except Exception:
            pass

Requirement, SpecifierSet = borrow("requirements", "Requirement"), borrow("specifiers", "SpecifierSet")
has, lacks, words = [], [], [a.split(":", 1) for a in sys.argv[1:]]
sys.path[:0] = [v for k, v in words if k == "path"]

# Without packaging, compare the numbers of a release, up to the length of the wanted one.
def roughly(version, spec):
    for op, want, star in re.findall(r"([<>=!~]=?)=?\s*v?([\d.]*\d)(\.\*)?", spec):
        got, want = ([int(n) for n in re.match(r"[\d.]*", s).group().split(".") if n] for s in (version, want))
        size = len(want) if star else max(len(got), len(want))
        a, b = (n[:size] + [0] * (size - len(n)) for n in (got, want))
        ok = {">=": a >= b, "<=": a <= b, ">": a > b, "<": a < b, "==": a == b, "!=": a != b, "~=": a >= b and got[:len(want) - 1] == want[:-1]}
        if not ok.get(op, True):
            return False
    return True

def holds(version, spec):
    return SpecifierSet(spec).contains(version, prereleases=True) if SpecifierSet else roughly(version, spec)

found = {}
def find(name):
    if name not in found:
        try:
            found[name] = util.find_spec(name) is not None
        except Exception:
            found[name] = name in sys.modules
    return found[name]

def version(name):
    try:
        return metadata.version(name)
    except Exception:
        return ""

def dist(text, extra=""):
    name = re.match(r"[\w.-]*", text).group()
    spec, extras, marker = re.search(r"(\[.*?\])?\s*\(?([^;@)]*)", text[len(name):]).group(2), (), ";" in text
    if Requirement:
        try:
            r = Requirement(text)
            name, spec, extras, marker = r.name, str(r.specifier), r.extras, r.marker and not r.marker.evaluate({"extra": extra})
        except Exception:
            pass
    if marker:
        return
    have = version(name)
    if not have and not find(re.sub(r"[-.]", "_", name)):
        lacks.append(name)
    elif have and spec and not holds(have, spec):
        lacks.append("%s%s (has %s)" % (name, spec, have))
    else:
        has.append((name + " " + have).strip())
    for e in extras:
        for text in metadata.requires(name) or () if have else ():
            if Requirement and "extra" in text and re.search("extra *== *['\"]%s['\"]" % re.escape(e), text):
                dist(text, e)

def module(name):
    have = version(name) or version(name.replace("_", "-"))
    (has if find(name) else lacks).append((name + " " + have).strip() if find(name) else name)

def program(name):
    (has if shutil.which(name) else lacks).append(name)

# Only errors of imports count. The tests of the project show other errors.
def own(name):
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            import_module(name)
    except ImportError as e:
        lacks.append("what %s imports: %s" % (name, e))
    except BaseException:
        pass

def files(path):
    if os.path.isfile(path):
        yield path
    for folder, folders, names in os.walk(path):
        folders[:] = [f for f in folders if not re.match(r"[._]|(data|fixtures|testdata|resources|snapshots|node_modules|venv)$", f)]
        yield from (os.path.join(folder, n) for n in names if re.match(r"(test_.*|.*_test|tests?|conftest)\.py$", n))

# A name is the project's own if there is a file or folder of that name beside the test or above it.
def local(name, path):
    folder = os.path.dirname(path)
    while True:
        if any(os.path.exists(os.path.join(folder, n)) for n in (name, name + ".py")):
            return True
        if not folder:
            return False
        folder = os.path.dirname(folder)

# Only imports at the outermost level of a file count. Those in a "try" or an "if" may be missing.
def imports(text):
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module

PYTEST = re.compile(r"^(async +)?def test|^@pytest|^(import|from) +pytest\b", re.M)

def tests(path, fixtures):
    for path in files(os.path.normpath(path)):
        with open(path, encoding="utf-8", errors="replace") as f:
            text = f.read()
        if ["either", "pytest"] in words and "pytest" not in lacks and not find("pytest") and PYTEST.search(text):
            lacks.append("pytest")
        for name, needed in fixtures:
            if needed not in lacks and not find(needed) and re.search(r"\b%s\b" % re.escape(name), text):
                lacks.append(needed)
        def missing(name):
            top = name.split(".")[0]
            return top and top not in lacks and not find(top) and not local(top, path)
        # Matching lines is quick, but a string may contain such a line, so a match is checked by parsing.
        if any(missing(n) for n in re.findall(r"^(?:import|from)\s+(\w+)", text, re.M)):
            with contextlib.suppress(SyntaxError, ValueError):
                for name in imports(text):
                    if missing(name):
                        lacks.append(name.split(".")[0])

def unfinished(folder):
    with contextlib.suppress(OSError):
        with open(os.path.join(folder, ".davit")) as f:
            return f.read() == "unfinished\n"

def check():
    fixtures = [v.split("=") for k, v in words if k == "fixture"]
    for kind, value in words:
        if kind == "python" and not holds(platform.python_version(), value):
            lacks.append("version " + value)
        elif kind == "whole" and unfinished(value):
            lacks.append("the rest of %s, which was interrupted" % value)
        elif kind in ("dist", "module", "program"):
            globals()[kind](value)
        elif kind == "tests" and not lacks:
            tests(value, fixtures)
    for kind, value in words:
        if kind == "own" and not lacks:
            own(value)

check()
where = "python3 %s at %s " % (platform.python_version(), sys.executable)
print(where + ("lacks " + ", ".join(lacks) if lacks else "already has " + (", ".join(has) or "all that is needed")))
sys.stdout.flush()
os._exit(1 if lacks else 0)
