def project, do: [app: :cli, escript: [main_module: X]]
