// Package release is what is deployed, as data: the canonical form of what runs in an environment, the difference between what is
// wanted, what was deployed last and what is there, and the record of a deploy. It asks no engine and reads no file; package
// runner/deploy/docker does both.
//
// Three models are compared. Desired is the Compose model of the environment with every image by its id. Applied is that of the last
// release. Live is what the engine says. All have one canonical form: a service is a set of fields, each a path and a text,
// "environment.LOG_LEVEL" = "info", so that a difference has a name and can be ignored by it. A value that comes from a secret is
// never a text here: its field holds a keyed hash, so that a change shows and the value does not.
//
// The first part of a path says what kind of field it is. Those that an engine can be asked for, of a service:
//
//	image                    the id of the image
//	command, entrypoint      a JSON array
//	environment.NAME         the value
//	labels.NAME              the value; none that Compose or davit gives
//	user, working_dir, hostname, stop_signal, restart, pid, ipc, network_mode
//	read_only, privileged, init, tty    "true"; absent is false
//	ports.8080/tcp           "80", "127.0.0.1:80", "any" (the engine chooses), several sorted, with commas
//	volumes./data            "volume data", "bind ./etc" or "bind /etc", "anonymous", with ",ro"; data is the name in the Compose file,
//	                         ./ is the project
//	tmpfs./run               its options
//	networks.NAME            "", by the name in the Compose file
//	networks.NAME.aliases.A  "", not the service, the container's name or id
//	networks.NAME.ipv4_address, .ipv6_address
//	configs./x, secrets./x   a hash of the content of the file at /x
//	healthcheck.test         a JSON array; healthcheck.interval, .timeout, .start_period as "5s", .retries
//	cap_add.X, cap_drop.X, security_opt.X, group_add.X    ""
//	extra_hosts.NAME         the address
//	memory                   bytes; cpus "0.5"; pids_limit
//
// of a network driver, internal, attachable, labels.NAME; of a volume driver, labels.NAME; and external, the name, of both.
// Everything else that a Compose file says has a path too, but is compared with the last release only.
package release
