defmodule U do; def project, do: [apps_path: "apps"]; end
