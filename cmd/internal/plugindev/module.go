package plugindev

import (
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins"
)

// ManifestFile is the name of a plugin's manifest in the folder of its sources.
const ManifestFile = "plugin.toml"

// maxModule is the size of the largest module that is read, in bytes.
const maxModule = 64 << 20

// open returns the plugin of a path: a .wasm file, or the folder of a plugin that has been built.
func open(path string) (*plugins.Module, error) {
	if isFolder(path) {
		m, _, err := readManifest(filepath.Join(path, ManifestFile))
		if err != nil {
			return nil, err
		}
		folder := path
		path = filepath.Join(folder, m.Name+".wasm")
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return nil, fault.Preconditionf("davit plugin build makes it", "there is no %s.wasm in %q", m.Name, folder)
		}
	}
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	return plugins.Parse("", data)
}

// folderOf returns the folder of a plugin: the folder itself, or that of the .wasm file.
func folderOf(plugin string) string {
	if isFolder(plugin) {
		return plugin
	}
	return filepath.Dir(plugin)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// read reads the file of a module.
func read(path string) ([]byte, error) {
	data, err := regular.Read(path, maxModule)
	if err != nil {
		return nil, fault.Preconditionf("", "%q cannot be read: %s", path, regular.Reason(err))
	}
	return data, nil
}

// readManifest returns a manifest, and the text of its file.
func readManifest(file string) (m plugins.Manifest, text []byte, err error) {
	if text, err = regular.Read(file, regular.Config); err != nil {
		return m, nil, fault.Preconditionf("davit schema manifest describes it", "%q cannot be read: %s", file, regular.Reason(err))
	}
	m, err = plugins.ParseManifest(ManifestFile, text)
	return m, text, err
}
