/* A plugin for Gleam packages. The request is on standard input, and the project is mounted at "/". */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_TEXT (1 << 20)
#define MAX_WORD 200

/* What the plan depends on. */
struct package {
	char name[MAX_WORD], target[MAX_WORD];
	bool named, tested, locked;
};

/* refuse ends the plugin with a message for the user. */
static void refuse(const char *message) {
	fprintf(stderr, "%s\n", message);
	exit(1);
}

/* trimmed returns a line without spaces around it. */
static char *trimmed(char *line) {
	line += strspn(line, " \t\r");
	for (size_t n = strlen(line); n > 0 && strchr(" \t\r", line[n - 1]); n--)
		line[n - 1] = 0;
	return line;
}

/* string copies the text of a TOML string. Escapes and longer texts are none of a name. */
static void string(const char *value, char *to) {
	char quote = *value;
	size_t n = 0;
	if (quote == '"' || quote == '\'')
		n = strcspn(value + 1, quote == '"' ? "\"\\" : "'");
	if (n == 0 || n >= MAX_WORD || value[1 + n] != quote)
		n = 0;
	memcpy(to, value + 1, n);
	to[n] = 0;
}

/* set takes a key of gleam.toml. */
static void set(struct package *p, const char *table, const char *key, const char *value) {
	if (!*table && !strcmp(key, "name"))
		string(value, p->name);
	if (!*table && !strcmp(key, "target")) {
		string(value, p->target);
		p->named = true;
	}
	if (!strcmp(key, "gleeunit") && (!strcmp(table, "[dependencies]") || !strcmp(table, "[dev-dependencies]") ||
					    !strcmp(table, "[dev_dependencies]")))
		p->tested = true;
}

/* parse reads the lines of gleam.toml. */
static void parse(struct package *p, char *text) {
	const char *table = "";
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		line = trimmed(line);
		char *equals = strchr(line, '=');
		if (*line == '[') {
			table = line;
		} else if (*line != '#' && equals) {
			*equals = 0;
			set(p, table, trimmed(line), trimmed(equals + 1));
		}
	}
}

/* valid reports whether a name is one of a Gleam package. */
static bool valid(const char *name) {
	return *name >= 'a' && *name <= 'z' && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

/* read_manifest returns the text of gleam.toml, or NULL if there is none. */
static char *read_manifest(void) {
	static char text[MAX_TEXT + 1];
	FILE *f = fopen("/gleam.toml", "r");
	if (!f)
		return NULL;
	size_t n = fread(text, 1, sizeof text, f);
	if (ferror(f) || n > MAX_TEXT)
		refuse("gleam.toml cannot be read");
	return text;
}

/* step prints a step that runs gleam on all files but those that it makes. */
static void step(const char *id, const char *args, bool after_deps) {
	printf(",\"%s\":{\"op\":\"exec\",\"argv\":[\"gleam\",%s],\"tool\":\"gleam\",%s\"inputs\":[\"!build/\"]}", id, args,
	    after_deps ? "\"needs\":[\"deps\"]," : "");
}

static void print_plan(const struct package *p) {
	printf("{\"api\":1,\"match\":true,\"stack\":\"gleam\",\"summary\":\"Gleam package %s (%s)\"", p->name, p->target);
	printf(",\"decisions\":[\"%s, %s\"%s]", p->target, p->named ? "as gleam.toml says" : "since gleam.toml names no target",
	    p->locked ? "" : ",\"gleam chooses the versions of packages, since there is no manifest.toml\"");
	printf(",\"tools\":{\"gleam\":{\"check\":[\"gleam\",\"--version\"],"
	       "\"image\":\"ghcr.io/gleam-lang/gleam:v1.6.3-%s\",\"install\":\"https://gleam.run\"}}",
	    strcmp(p->target, "erlang") ? "node" : "erlang");
	printf(",\"steps\":{\"deps\":{\"op\":\"exec\",\"argv\":[\"gleam\",\"deps\",\"download\"],\"tool\":\"gleam\","
	       "\"inputs\":[\"gleam.toml\"%s],\"no_cache\":true}", p->locked ? ",\"manifest.toml\"" : "");
	step("style", "\"format\",\"--check\"", false);
	step("format", "\"format\"", false);
	step("build", "\"build\"", true);
	step("run", "\"run\"", true);
	if (p->tested)
		step("test", "\"test\"", true);
	printf("},\"targets\":{\"init\":[\"deps\"],\"style\":[\"style\"],\"format\":[\"format\"],\"build\":[\"build\"],"
	       "\"run\":[\"run\"]%s}", p->tested ? ",\"test-unit\":[\"test\"]" : "");
	if (!p->tested)
		printf(",\"about\":{\"test-unit\":{\"why\":\"gleam.toml does not depend on gleeunit\"}}");
	puts("}");
}

int main(void) {
	struct package p = {.target = "erlang"};
	char *text = read_manifest();
	if (!text) {
		puts("{\"api\":1,\"match\":false}");
		return 0;
	}
	parse(&p, text);
	if (!valid(p.name))
		refuse("gleam.toml has no name of a Gleam package");
	if (strcmp(p.target, "erlang") && strcmp(p.target, "javascript"))
		refuse("gleam.toml: target is neither erlang nor javascript");
	p.locked = access("/manifest.toml", F_OK) == 0;
	print_plan(&p);
	return 0;
}
