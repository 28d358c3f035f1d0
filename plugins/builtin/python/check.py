# The check exits 0 and says so on one line if pip would install nothing. It asks pip itself, without a network. It runs
# as "python3 -c" in the folder of the project, with
#
#   DIR     the environment that is filled if this interpreter lacks something
#   SUM     what the environment has to be made from if it is one that davit made
#   PYTHON  the versions of Python that the project accepts, or ""
#   OWN     the package of the project, which has to be installed in place, or ""
#   MARK    "made": only an environment that davit made will do
#   WHAT    the name of what asks for the packages
#
# and then the arguments of each call of pip, with "--" before them. A pip before 22.2 cannot be asked.
import json, os, platform, shutil, subprocess, sys
from importlib import metadata
from urllib.parse import urlparse
from urllib.request import url2pathname

folder, total, accepted, own, wanted, what, *words = sys.argv[1:]

def output(*argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout

# The first word of the mark, its sum, and the version of the interpreter that made the environment.
def mark():
    try:
        with open(os.path.join(folder, ".davit")) as f:
            return f.read().split()
    except OSError:
        return []

def outside():
    inside = [os.path.realpath(os.path.join(folder, name)) for name in ("bin", "Scripts")]
    path = [p for p in os.environ["PATH"].split(os.pathsep) if os.path.realpath(p) not in inside]
    return output(shutil.which("python3", path=os.pathsep.join(path)), "-c",
                  'import sys; print("%d.%d" % sys.version_info[:2])').decode().split()

def fits():
    found = mark()
    if found[:1] == ["made"]:
        return found == ["made", total] + outside()
    return found[:1] != ["unfinished"] and wanted != "made"

def accepts():
    from pip._vendor.packaging.specifiers import SpecifierSet
    return SpecifierSet(accepted).contains(platform.python_version(), prereleases=True)

def in_place():
    url = json.loads(metadata.distribution(own).read_text("direct_url.json"))
    return url["dir_info"].get("editable") and os.path.samefile(url2pathname(urlparse(url["url"]).path), ".")

def satisfied(arguments):
    report = output(sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--quiet",
                    "--disable-pip-version-check", "--report", "-", *arguments)
    return json.loads(report)["install"] == []

def calls():
    starts = [i for i, word in enumerate(words) if word == "--"] + [len(words)]
    return [words[a + 1:b] for a, b in zip(starts, starts[1:])]

if not (fits() and (not accepted or accepts()) and (not own or in_place()) and all(map(satisfied, calls()))):
    sys.exit(1)
print("python3 %s at %s has what %s asks for" % (platform.python_version(), sys.executable, what))
