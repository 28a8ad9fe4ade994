"""Checks that the sources keep the rules of their structure (src/layers.txt, tests/units.md), and that each rule works.

Usage: layers_test.py     (each fault is printed as file:line: rule)
"""
import pathlib
import tempfile
import unittest

from support.house import broken_rules

ROOMS = """\
onepass_room(
  low
  SOURCES a.cpp
  PUBLIC outside::library)
"""
HIGH = """\
set(sources b.cpp)
list(APPEND sources c.cpp)
onepass_room(high SOURCES ${sources} PRIVATE room_low) # c.cpp is the second
"""
ORDERLY = {
    "src/layers.txt": "# ground first\nlow\nhigh/first\nhigh\n",
    "src/low/CMakeLists.txt": ROOMS,
    "src/low/a.hpp": '#include "onepass/types.hpp"\nnamespace onepass::low {\nint a();\n}\n',
    "src/low/a.cpp": '#include "low/a.hpp"\nnamespace onepass::low {\nint a() { return 1; }\n}\n',
    "src/high/CMakeLists.txt": HIGH,
    "src/high/b.hpp": "namespace onepass {\nstruct Value;\n}\nnamespace onepass::high {\nint b();\n}\n",
    "src/high/b.cpp": '#include "high/b.hpp"\n#include "low/a.hpp"\n#include "high/first/d.hpp"\nnamespace onepass {}',
    "src/high/c.cpp": "#include <torch/script.h>\nnamespace onepass::high::inner {\n}\n",
    "src/high/first/d.hpp": "namespace onepass::high {\n}\n",
    "include/onepass/types.hpp": "#include <opencv2/core.hpp>\nnamespace onepass {\n}\n",
    "tests/low/a_test.cpp": "",
    "tests/units.md": "| units | tests |\n|---|---|\n| `high/first/d` | `low/a_test.cpp` |\n"
                      "| `high/b`, `high/c` | `low/a_test.cpp`, which calls it |\n",
}


class EveryRule(unittest.TestCase):
    def expect(self, files, *messages):
        """Checks the messages of all rules for the orderly tree with these files added or replaced."""
        with tempfile.TemporaryDirectory() as root:
            for name, text in {**ORDERLY, **files}.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            self.assertEqual(broken_rules(root), list(messages))

    def test_an_orderly_tree_breaks_none(self):
        self.expect({})

    def test_an_include_of_a_higher_layer(self):
        self.expect({"src/low/a.cpp": '\n#include "high/first/d.hpp"\n'},
                    "src/low/a.cpp:2: low may not include src/high/first/d.hpp: high/first lies above it "
                    "(src/layers.txt)",
                    "src/low/a.cpp:2: room_low includes src/high/first/d.hpp but does not link room_high (PRIVATE)")
        self.expect({"src/high/first/d.hpp": '#include "high/b.hpp"\n', "src/high/b.cpp": ""},
                    "src/high/first/d.hpp:1: high/first may not include src/high/b.hpp: high lies above it "
                    "(src/layers.txt)")

    def test_a_public_header_that_includes_the_house(self):
        self.expect({"include/onepass/types.hpp": '#include "low/b.hpp"\n', "src/low/b.hpp": "",
                     "tests/low/b_test.cpp": ""},
                    "include/onepass/types.hpp:1: include/onepass may not include src/low/b.hpp: low lies above it "
                    "(src/layers.txt)")

    def test_a_file_in_no_layer(self):
        self.expect({"src/attic/x.cpp": "", "tests/attic/x_test.cpp": ""},
                    "src/attic/x.cpp:1: no layer of src/layers.txt holds this file")

    def test_a_circle_of_units(self):
        self.expect({"src/high/b.hpp": '#include "high/c.hpp"\n', "src/high/c.hpp": '\n#include "high/e.hpp"\n',
                     "src/high/e.hpp": "", "src/high/e.cpp": '\n\n#include "b.hpp"\n', "tests/high/e_test.cpp": "",
                     "src/high/CMakeLists.txt": HIGH.replace("c.cpp)", "c.cpp e.cpp)")},
                    "src/high/b.hpp:1: a circle of 3 units; its shortest part: src/high/b.hpp:1 includes src/high/c, "
                    "src/high/c.hpp:2 includes src/high/e, src/high/e.cpp:3 includes src/high/b")

    def test_a_namespace_of_another_room(self):
        self.expect({"src/low/a.hpp": "namespace onepass::high {\nclass B;\nint b();\n}\n"},
                    "src/low/a.hpp:1: namespace onepass::high in a file of onepass::low")
        self.expect({"src/low/a.hpp": "\nnamespace onepass {\nint b();\n}\n"},
                    "src/low/a.hpp:2: namespace onepass in a file of onepass::low")
        self.expect({"include/onepass/types.hpp": "namespace onepass::low {\nint b();\n}\n"},
                    "include/onepass/types.hpp:1: namespace onepass::low in a file of onepass")

    def test_a_full_folder(self):
        names = [f"high/first/unit{i}" for i in range(13)]
        files = {f"src/{name}.{end}": "" for name in names for end in ("hpp", "cpp")}
        files.update({f"tests/{name}_test.cpp": "" for name in names})
        self.expect(files, "src/high/first:1: 14 units in one folder; at most 13")

    def test_a_heavy_public_header(self):
        for name in ("torch/script.h", "ATen/core/Tensor.h", "yaml-cpp/yaml.h", "opencv2/highgui.hpp"):
            self.expect({"include/onepass/types.hpp": f"\n#include <{name}>\n"},
                        f"include/onepass/types.hpp:2: a public header may not include <{name}>")

    def test_a_string_that_names_a_flag_or_a_command(self):
        rule = "only src/cli may name flags and commands"
        lines = ('// see --help and "--help"', "char quote = '\"'; int n = 1'000;", r'auto a = "\"give --model\"";')
        self.expect({"src/low/a.cpp": "\n".join(lines)}, f"src/low/a.cpp:3: a string names --model; {rule}")
        self.expect({"src/low/a.cpp": 'auto a = R"(see\n"--out" of)"; /* "--in" */\nauto b = "x--; -- y";\n'},
                    f"src/low/a.cpp:1: a string names --out; {rule}")
        files = {"src/layers.txt": "low\nhigh\ncli\nlab\n", "tests/cli/main_test.cpp": "",
                 "src/cli/main.cpp": 'app.add_subcommand(\n"inspect", "like --help");\n'}
        self.expect({**files, "src/low/a.cpp": 'auto a = "onepass has";\nauto b = "see onepass inspect";\n'},
                    f"src/low/a.cpp:2: a string names onepass inspect; {rule}")
        self.expect({**files, "src/lab/inspection.cpp": 'auto a = "(--classes)";', "tests/lab/inspection_test.cpp": ""})

    def test_a_link_that_is_not_stated(self):
        self.expect({"src/high/CMakeLists.txt": HIGH.replace("PRIVATE room_low", "")},
                    "src/high/b.cpp:2: room_high includes src/low/a.hpp but does not link room_low (PRIVATE)")
        self.expect({"src/high/b.hpp": '#include "low/a.hpp"\n'},
                    "src/high/b.hpp:1: room_high includes src/low/a.hpp but does not link room_low (PUBLIC)")

    def test_a_link_through_a_composition(self):
        program = "add_executable(onepass_program)\ntarget_link_libraries(onepass_program PRIVATE onepass::all)\n"
        files = {"src/layers.txt": "low\nhigh\ncli\n", "tests/cli/main_test.cpp": "",
                 "src/cli/main.cpp": '#include "low/a.hpp"\n#include "high/b.hpp"\n', "src/cli/CMakeLists.txt": program}
        rooms = "onepass_composition(base ROOMS low)\nonepass_composition(all BASE base ROOMS {})\n"
        self.expect({**files, "src/CMakeLists.txt": rooms.format("high")})
        self.expect({**files, "src/CMakeLists.txt": rooms.format("")},
                    "src/cli/main.cpp:2: src/cli includes src/high/b.hpp but does not link room_high (PRIVATE)")

    def test_a_unit_without_a_test(self):
        table = ORDERLY["tests/units.md"]
        self.expect({"tests/units.md": table.replace("`high/b`, ", "")},
                    "src/high/b:1: neither tests/high/b_test.cpp nor tests/units.md covers this unit")
        self.expect({"tests/units.md": table.replace("`low/a_test.cpp`, which", "`low/gone_test.cpp`")},
                    "tests/units.md:4: no such test: low/gone_test.cpp")
        self.expect({"tests/units.md": table.replace("`low/a_test.cpp`, which", "something")},
                    "tests/units.md:4: no such test: (none)")
        self.expect({"tests/high/c_test.cpp": ""}, "tests/units.md:4: high/c has a test of its own: remove it")
        self.expect({"tests/units.md": table + "| `high/z` | `low/a_test.cpp` |\n"},
                    "tests/units.md:5: high/z is no unit of src: remove it")

    def test_wide_prose(self):
        wide = "word " * 24 + "a"  # 121 columns
        address = "https://example.org/" + "a" * 120
        exempt = f"|{wide}|\n```\n{wide}\n```\n{address}\n{wide[:-1].strip()}\n"
        self.expect({"README.md": exempt, "docs/page.md": exempt})
        self.expect({"README.md": exempt + wide, "docs/page.md": f"\n- {wide[2:]}\n"},
                    f"README.md:{exempt.count(chr(10)) + 1}: 121 columns of prose; at most 120",
                    "docs/page.md:2: 121 columns of prose; at most 120")


class TheHouse(unittest.TestCase):
    def test_keeps_its_rules(self):
        broken = broken_rules(pathlib.Path(__file__).resolve().parent.parent)
        if broken:
            self.fail("\n" + "\n".join(broken))


if __name__ == "__main__":
    unittest.main()
