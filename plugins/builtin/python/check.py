# The check exits 0 and says so on one line, with what the environment has besides, if pip would install nothing. It asks pip itself, without a network. It runs
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
import json, os, platform, re, shutil, subprocess, sys
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

# The names in the arguments of pip, and in the files that they name.
def asked():
    texts, files = [own], [word for word in words if os.path.isfile(word)]
    for name in files:
        with open(name, errors="replace") as f:
            texts.append(f.read())
        files += [found for found in (os.path.join(os.path.dirname(name), other)
                  for other in re.findall(r"^-(?:r|c) *(\S+)", texts[-1], re.M)) if os.path.isfile(found) and found not in files]
    return {plain(name) for text in texts + words for name in re.findall(r"[\w.-]+", text)}

def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()

# The packages of a virtual environment that davit did not make which nobody asks for, such as one that was taken out of the
# requirements.
def besides():
    if mark() or sys.prefix == sys.base_prefix:
        return []
    found, needed = {}, asked() | {"pip", "setuptools", "wheel", "uv", "distribute"}
    for one in metadata.distributions():
        found[plain(one.metadata["Name"])] = one.metadata["Name"]
        needed |= {plain(re.match(r"[\w.-]+", r).group()) for r in one.requires or []}
    return sorted(found[name] for name in found if name not in needed)

if not (fits() and (not accepted or accepts()) and (not own or in_place()) and all(map(satisfied, calls()))):
    sys.exit(1)
more = besides()
print("python3 %s at %s has what %s asks for%s" % (platform.python_version(), sys.executable, what,
      ", and also %s, which a new one would not have" % ", ".join(more[:3] + ["%d more" % (len(more) - 3)] * (len(more) > 3)) if more else ""))
