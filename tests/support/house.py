"""The rules of the sources: order of includes, circles, namespaces, sizes of folders, links; that tests mirror src; and
that the prose of documents is no wider than the code.

broken_rules(root) returns one message for each fault below the source folder root. Needs nothing but Python.
"""
import pathlib
import re

MAX_UNITS = 13  # per folder of src
MAX_COLUMNS = 120  # of prose
NOT_IN_PUBLIC_HEADERS = ("torch/", "ATen/", "c10/", "yaml-cpp/", "opencv2/highgui")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
NAMESPACE = re.compile(r"^namespace (onepass(?:::\w+)*) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
DECLARATIONS = re.compile(r"(\s*(class|struct|enum class) \w+;)*\s*")
TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|R"(\w*)\((?P<raw>.*?)\)\1"|"(?P<plain>(?:\\.|[^"\\\n])*)"|"""
                   r"""(?<![\da-fA-F])'(?:\\.|[^'\\\n])+'""", re.DOTALL)  # comments, strings and characters
MAY_NAME_FLAGS = {  # text for people who use the program: its help, its standard output, and files that it wrote
    "src/config/listing.cpp", "src/config/reference.cpp", "src/lab/inspection.cpp", "src/embed/calibration_file.cpp",
    "src/track/explain/explain.cpp"}
PART_OF_CLASS = re.compile(r"^(class|struct) \w+::\w+ ", re.MULTILINE)


class House:
    """The sources below root: includes are (file, line number, included file), all paths relative to root."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.files = sorted(path.relative_to(self.root).as_posix() for folder in ("include", "src")
                            for path in (self.root / folder).rglob("*.?pp"))
        self.layers = [line for line in self.read("src/layers.txt").splitlines() if line and not line.startswith("#")]
        self.includes, self.system_includes = [], []
        for file in self.files:
            for number, line in enumerate(self.read(file).splitlines(), 1):
                if match := INCLUDE.match(line):
                    self.add_include(file, number, *match.groups())

    def read(self, file):
        return (self.root / file).read_text(encoding="utf-8")

    def add_include(self, file, number, quote, name):
        if quote == "<":
            self.system_includes.append((file, number, name))
            return
        for folder in ("src", "include", file.rpartition("/")[0]):
            if f"{folder}/{name}" in self.files:
                self.includes.append((file, number, f"{folder}/{name}"))
                return  # other quoted names are generated headers

    def layer(self, file):
        """Position of the layer of a file; -1 for public headers, None if no layer fits."""
        if file.startswith("include/"):
            return -1
        names = [name for name in self.layers if f"{unit(file)}/".startswith(f"src/{name}/")]
        return self.layers.index(max(names, key=len)) if names else None

    def layer_name(self, file):
        return "include/onepass" if self.layer(file) == -1 else self.layers[self.layer(file)]


def unit(file):
    return file.rpartition(".")[0]


def room(file):
    return file.split("/")[1]


def misplaced(house):
    """Files outside every layer, and includes against the order of the layers."""
    for file in house.files:
        if house.layer(file) is None:
            yield f"{file}:1: no layer of src/layers.txt holds this file"
    for file, line, included in house.includes:
        here, there = house.layer(file), house.layer(included)
        if here is not None and there is not None and there > here:
            yield (f"{file}:{line}: {house.layer_name(file)} may not include {included}: {house.layer_name(included)} "
                   "lies above it (src/layers.txt)")


def reachable(arrows, start):
    """{name: previous name on a shortest path from start} for all names that can be reached."""
    before, waiting = {}, [start]
    for name in waiting:
        for to in arrows.get(name, ()):
            if to not in before:
                before[to] = name
                waiting.append(to)
    return before


def circles(house):
    """One message for each group of units that include each other, with the includes of a shortest circle in it."""
    arrows, places = {}, {}
    for file, line, included in house.includes:
        if unit(file) != unit(included):
            arrows.setdefault(unit(file), []).append(unit(included))
            places.setdefault((unit(file), unit(included)), f"{file}:{line}")
    reach = {name: reachable(arrows, name) for name in arrows}
    seen = set()
    for name in arrows:
        if name in reach[name] and name not in seen:
            group = [other for other in reach[name] if name in reach.get(other, ())]
            seen.update(group)
            ways = []
            for start in group:
                way = [start, reach[start][start]]
                while way[-1] != start:
                    way.append(reach[start][way[-1]])
                ways.append(way[::-1])
            way = min(ways, key=lambda names: (len(names), places[names[0], names[1]]))
            steps = [f"{places[step]} includes {step[1]}" for step in zip(way, way[1:])]
            yield f"{places[way[0], way[1]]}: a circle of {len(group)} units; its shortest part: {', '.join(steps)}"


def wrong_namespaces(house):
    """Public headers and core are in onepass, src/<room> in onepass::<room>; .cpp files may implement public functions,
    and everything may declare classes of others (class X;) and define parts of public classes (struct X::State)."""
    for file in house.files:
        public = file.startswith("include/") or room(file) == "core"
        own = "onepass" if public else f"onepass::{room(file)}"
        text = house.read(file)
        for block in NAMESPACE.finditer(text):
            name, body = block.groups()
            inside = name.startswith(f"{own}::") or name == "onepass" and file.endswith(".cpp")
            fits = name == own or inside and not public
            if not fits and not DECLARATIONS.fullmatch(body) and not (name == "onepass" and PART_OF_CLASS.search(body)):
                yield f"{file}:{text[:block.start()].count(chr(10)) + 1}: namespace {name} in a file of {own}"


def full_folders(house):
    units = {}
    for file in house.files:
        if file.startswith("src/"):
            units.setdefault(file.rpartition("/")[0], set()).add(unit(file))
    for folder, names in units.items():
        if len(names) > MAX_UNITS:
            yield f"{folder}:1: {len(names)} units in one folder; at most {MAX_UNITS}"


def heavy_public_headers(house):
    for file, line, name in house.system_includes:
        if file.startswith("include/") and name.startswith(NOT_IN_PUBLIC_HEADERS):
            yield f"{file}:{line}: a public header may not include <{name}>"


def named_flags(house):
    """Only the program knows its flags and commands; other sources are a library."""
    program = "".join(house.read(file) for file in house.files if file.startswith("src/cli/"))
    commands = re.findall(r'add_subcommand\(\s*"([\w-]+)"', program)
    flag = re.compile("|".join([r"--[a-z][\w.-]*", *(rf"onepass {name}\b" for name in commands)]))
    for file in house.files:
        if file.startswith("src/") and not file.startswith("src/cli/") and file not in MAY_NAME_FLAGS:
            text = house.read(file)
            for token in TOKEN.finditer(text):
                if match := flag.search(token["raw"] or token["plain"] or ""):
                    yield (f"{file}:{text[:token.start()].count(chr(10)) + 1}: a string names {match[0]}; only src/cli "
                           "may name flags and commands")


class Links:
    """Contents of src/*/CMakeLists.txt: the target of each source, and the targets that each target links."""

    def __init__(self, house):
        self.public, self.private, self.target_of = {}, {}, {}
        for path in sorted((house.root / "src").rglob("CMakeLists.txt")):
            folder = path.parent.relative_to(house.root).as_posix()
            text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
            variable = " ".join(re.findall(r"(?:set|list)\((?:APPEND )?sources([^)]*)\)", text))
            for words in re.findall(r"onepass_room\(([^)]*)\)", text):
                self.add_room(folder, *sections(words.replace("${sources}", variable)))
            for words in re.findall(r"onepass_composition\(([^)]*)\)", text):
                name, parts = sections(words)
                rooms = [f"room_{part}" for part in parts.get("ROOMS", [])]
                bases = re.findall(r"media|model", text) if "${parts}" in words else parts.get("BASE", [])
                self.public[f"onepass::{name}"] = rooms + [f"onepass::{base}" for base in bases]
            for words in re.findall(r"target_link_libraries\(\s*onepass_\w+ PRIVATE([^)]*)\)", text):
                self.private.setdefault(folder, []).extend(words.split())  # the program, the Python module

    def add_room(self, folder, name, parts):
        target = f"room_{name}"
        self.public[target], self.private[target] = parts.get("PUBLIC", []), parts.get("PRIVATE", [])
        for source in filter(lambda name: name.endswith(".cpp"), parts.get("SOURCES", [])):
            self.target_of[unit(f"{folder}/{source}")] = target

    def target(self, file):
        """The target that compiles a file; for a header alone, the target with most sources of its folder."""
        if unit(file) in self.target_of:
            return self.target_of[unit(file)]
        folder = file.rpartition("/")[0]
        targets = [target for name, target in self.target_of.items() if name.rpartition("/")[0] == folder]
        if targets:
            return max(targets, key=targets.count)
        return folder if folder.count("/") == 1 else self.target(folder)  # src/cli, src/python: no rooms

    def linked(self, target, header):
        """The targets whose headers a target may include; in its own headers only those that it links publicly."""
        found = {target, *self.public.get(target, ()), *(() if header else self.private.get(target, ()))}
        return found.union(*(reachable(self.public, name) for name in found))


def sections(words):
    """"track SOURCES a.cpp PUBLIC room_core" -> "track", {"SOURCES": ["a.cpp"], "PUBLIC": ["room_core"]}"""
    name, *rest = words.split()
    parts, key = {}, None
    for word in rest:
        if word.isupper():
            key = word
        else:
            parts.setdefault(key, []).append(word)
    return name, parts


def missing_links(house):
    links = Links(house)
    for file, line, included in house.includes:
        if file.startswith("src/") and included.startswith("src/"):
            target, needed = links.target(file), links.target(included)
            header = file.endswith(".hpp") and target in links.public
            if needed not in links.linked(target, header):
                scope = "PUBLIC" if header else "PRIVATE"
                yield f"{file}:{line}: {target} includes {included} but does not link {needed} ({scope})"


def untested_units(house):
    """Every unit of src has tests/<folder>/<unit>_test.cpp or is listed in tests/units.md with tests that exist."""
    units = {unit(file).removeprefix("src/") for file in house.files if file.startswith("src/")}
    tested = {name for name in units if (house.root / f"tests/{name}_test.cpp").is_file()}
    listed = set()
    for number, line in enumerate(house.read("tests/units.md").splitlines(), 1):
        if not line.startswith("| `"):
            continue
        names, tests = (re.findall(r"`([^`]+)`", column) for column in line.split("|")[1:3])
        listed.update(names)
        for name in names:
            if name not in units or name in tested:
                reason = "has a test of its own" if name in tested else "is no unit of src"
                yield f"tests/units.md:{number}: {name} {reason}: remove it"
        for test in tests or ["(none)"]:
            if not (house.root / "tests" / test).is_file():
                yield f"tests/units.md:{number}: no such test: {test}"
    for name in sorted(units - tested - listed):
        yield f"src/{name}:1: neither tests/{name}_test.cpp nor tests/units.md covers this unit"


def wide_prose(house):
    """Lines of documents that are too wide, but for tables, code, and lines of a single word, such as an address."""
    for path in sorted([*house.root.glob("*.md"), *house.root.glob("docs/*.md")]):
        code = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            code ^= line.lstrip().startswith("```")
            if not code and len(line) > MAX_COLUMNS and " " in line.strip() and not line.startswith("|"):
                yield f"{path.relative_to(house.root)}:{number}: {len(line)} columns of prose; at most {MAX_COLUMNS}"


RULES = (misplaced, circles, wrong_namespaces, full_folders, heavy_public_headers, named_flags, missing_links,
         untested_units, wide_prose)


def broken_rules(root):
    house = House(root)
    return [message for rule in RULES for message in rule(house)]
