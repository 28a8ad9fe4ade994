#include "config/reference.hpp"

#include <fmt/format.h>

#include "config/fields.hpp"

namespace onepass::config {
namespace {

constexpr auto introduction = R"(# Parameters

This page is the output of `onepass config --reference`; the texts are in `src/config`.

A parameter has one name everywhere, such as `tracker.max_age_s`:

| Where | How |
|---|---|
| Command line | `--tracker.max_age_s 2`; some parameters also have a short flag, such as `--imgsz` |
| YAML file for `--config` | `tracker: {max_age_s: 2}` |
| Python | `config={"tracker.max_age_s": 2}` |
| C++ | `config.tracker.max_age_s = 2`, or `apply_setting(config, "tracker.max_age_s", "2")`; the section `memory` is `config.tracker.memory` |

`--config` also takes the name of a built-in configuration, such as `bytetrack`, and tracker files of Ultralytics and
BoxMOT: see `docs/configurations.md`. Files override the defaults in the order given, and flags override files. On the
command line, a list is written as `8,8,4,1` or `[8, 8, 4, 1]`. `onepass config --dump` prints all values as YAML. A
command that has another default says so in its `--help`.

Times are in seconds; numbers of frames count only the frames that the tracker processes. Boxes are in pixels of the
original frame. Scores, shares and IoU are from 0 to 1. The appearance distance of two embeddings is (1 - cosine) / 2: 0
for equal embeddings, about 0.5 for unrelated ones. The names that other trackers use for a parameter are in
parentheses.
)";

constexpr auto on_stages = R"(
`tracker.stages` is a list with one map per stage; a key that is left out has the default below. A list that you set
replaces all default stages. These are `confident`, `faint`, `recovery` and `tentative`: see `configs/default.yaml`, or
`recommended_stages()` in C++.
)";

std::string default_of(const Field& field) {
  if (field.elements) return "four stages";
  const auto value = field.write();
  if (value.IsSequence()) {
    std::string list;
    for (const auto& element : value) list += (list.empty() ? "" : ", ") + element.Scalar();
    return "`[" + list + "]`";
  }
  return value.Scalar().empty() ? "empty" : "`" + value.Scalar() + "`";
}

std::string row_of(const Field& field) {
  const auto short_flag = field.has_short_flag ? fmt::format(" (`--{}`)", short_flag_of(field)) : "";
  std::string meaning = field.comment;
  for (const auto& [name, text] : field.choices) meaning += fmt::format("<br>`{}`: {}", name, text);
  const auto& accepts = field.choices.empty() ? field.accepts : "one of these";
  return fmt::format("| `{}`{} | {} | {} | {} |\n", field.name, short_flag, default_of(field), accepts, meaning);
}

std::string tables_of(std::span<const Field> fields) {
  constexpr auto head = "\n| Parameter | Default | Accepts | Meaning |\n|---|---|---|---|\n";
  std::string text = fields.front().topic.empty() ? head : "";
  std::string topic;
  for (const auto& field : fields) {
    if (field.topic != topic) text += fmt::format("\n### {}\n{}", field.topic, head);
    topic = field.topic;
    text += row_of(field);
  }
  return text;
}

}  // namespace

std::string reference_page() {
  std::string page = introduction;
  Config config;
  for (const auto& group : groups_of(config)) {
    page += fmt::format("\n## {}\n{}\n{}", group.name, group.comment, tables_of(group.fields));
    if (group.name != "tracker") continue;
    StageConfig stage;
    page += fmt::format("\n## tracker.stages\n{}{}", on_stages + 1, tables_of(fields_of(stage)));
  }
  return page;
}

}  // namespace onepass::config
