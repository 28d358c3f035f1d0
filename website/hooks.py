"""What differs between the pages of the site and those that GitHub shows."""

import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?![a-z]+:|#|/)([^)#\s]+)")


def on_files(files, config):
    """Adds README.md as the first page."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    files.append(File.generated(config, "index.md", content=relinked(text, "", config)))
    return files


def on_page_markdown(markdown, page, config, files):
    if page.file.src_uri != "index.md":
        return relinked(markdown, "docs", config)
    page.edit_url = f"{config.repo_url.rstrip('/')}/edit/main/README.md"
    return markdown


def relinked(text, folder, config):
    """Returns Markdown of a folder of the repository in which links lead to pages of the site, or else to the repository."""

    def link(match):
        path = posixpath.normpath(posixpath.join(folder, match[1]))
        if path.startswith("docs/"):
            return "](" + path.removeprefix("docs/")
        if not (ROOT / path).exists():
            return match[0]  # the strict build says so
        return f"]({config.repo_url.rstrip('/')}/blob/main/{path}"

    return LINK.sub(link, text)
