package proof

import (
	"math/rand/v2"
	"os"
)

// pythonProject is a project of Python with modules that are generated.
var pythonProject = &kind{
	name: "python", repository: "project", targets: []string{"test"}, plugin: true, real: true, needs: "python3",
	steps: []step{native("python3 -m unittest discover -s tests")},
	env: func() map[string]string {
		return map[string]string{"PYTHONDONTWRITEBYTECODE": "1", "PYENV_ROOT": os.Getenv("PYENV_ROOT")}
	},
	more: snapshot{
		"project/.gitignore":      file("_gen.py\n_version.py\n"),
		"project/pyproject.toml":  file("[project]\nname = \"app\"\nversion = \"1.0\"\n"),
		"project/app/__init__.py": file(""),
		"project/app/_gen.py":     file("WORD = 'one'\n"),
		"project/app/_version.py": file("WORD = 'one'\n"),
		"project/app/data.txt":    linkTo("../../ext/data.txt"),
		"project/tests/test_app.py": file(`import os, unittest
from app import _gen, _version

class Test(unittest.TestCase):
    def test_words(self):
        words = _gen.WORD + _version.WORD + os.environ.get("WANT", "")
        if os.path.exists("app/data.txt"):
            with open("app/data.txt") as f:
                words += f.read()
        self.assertNotIn("broken", words)
`),
		"ext/data.txt":     file("one\n"),
		"tools/v1/nothing": file(""),
		"tools/v2/python3": program(wrapper("python3", "Python 3.99.9")),
	},
	operation: func(r *rand.Rand) op {
		word := one(r, words)
		return one(r, []op{
			put("app/_gen.py", "WORD = '"+word+"'\n"),
			put("app/_version.py", "WORD = '"+word+"'\n"),
			put("../ext/data.txt", word+"\n"),
			link{"app/data.txt", one(r, []string{"../../ext/data.txt", "../pyproject.toml"})},
			setenv{"WANT", word}, unsetenv{"WANT"}, tools{one(r, []string{"v1", "v2"})},
			rename{
				"tests/test_app.py",
				"tests/test_all.py",
			}, rename{"tests/test_all.py", "tests/test_app.py"},
			replace{
				"../tools/v1/python3",
				"../tools/v2/python3",
			}, remove{"../tools/v1/python3"}, fresh{}, nothing{},
		})
	},
}
