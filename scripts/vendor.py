"""Copies the browser libraries we serve from node_modules into the static folder, with licence and checksums.

The copies are committed, so that the product needs no Node; `manifest.json` beside them lets a test notice an edit.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "gateway" / "web" / "static" / "vendor"


@dataclass(frozen=True, slots=True)
class Library:
    """One npm package of which a few files are served."""

    folder: str  # what the served folder is called, before its version
    package: str  # its name on npm
    files: tuple[str, ...]  # paths inside the package; served flat


LIBRARIES = (Library("htmx", "htmx.org", ("dist/htmx.min.js", "dist/ext/hx-sse.min.js", "LICENSE")),)


def vendor(library: Library, modules: Path, into: Path) -> Path:
    """Copies one library and writes its manifest.

    Args:
        library: what to copy.
        modules: a `node_modules` folder filled by `npm ci`.
        into: the folder that holds one folder per library and version.

    Returns:
        The folder `<into>/<library>-<version>`; earlier versions of the same library are removed.
    """
    source = modules / library.package
    package = json.loads((source / "package.json").read_text(encoding="utf-8"))
    for earlier in into.glob(f"{library.folder}-*"):
        shutil.rmtree(earlier)
    target = into / f"{library.folder}-{package['version']}"
    target.mkdir(parents=True)
    checksums = {}
    for file in library.files:
        copy = Path(shutil.copyfile(source / file, target / Path(file).name))
        checksums[copy.name] = hashlib.sha256(copy.read_bytes()).hexdigest()
    manifest = {
        "package": library.package,
        "version": package["version"],
        "license": package["license"],
        "sha256": checksums,
    }
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return target


def main() -> None:
    """Vendors every library and names the folders."""
    for library in LIBRARIES:
        print(vendor(library, ROOT / "node_modules", VENDOR).relative_to(ROOT))


if __name__ == "__main__":
    main()
