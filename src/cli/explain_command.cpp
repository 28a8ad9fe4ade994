// onepass explain: explains why tracks started, were recovered and ended.
#include <iostream>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "onepass/explain.hpp"

namespace onepass::cli {
namespace {

struct ExplainArguments {
  std::string file;
  std::vector<std::int64_t> ids;
};

void explain(const ExplainArguments& arguments) {
  const auto events = read_events(arguments.file);
  if (arguments.ids.empty()) {
    std::set<std::int64_t> known;
    for (const auto& event : events) known.insert(event.id);
    for (const auto id : known) std::cout << story_of(id, events);
    return;
  }
  for (const auto id : arguments.ids) {
    const auto story = story_of(id, events);
    if (story.empty()) throw std::runtime_error(fmt::format("{}: no events for track {}", arguments.file, id));
    std::cout << story;
  }
}

}  // namespace

void add_explain_command(CLI::App& app) {
  auto* command = app.add_subcommand("explain", "Explain why tracks started, were recovered and ended");
  command->footer(R"(
Examples:
  onepass track --source street.mp4 --model yolov8n.pt --explain street-events.jsonl
  onepass explain street-events.jsonl --id 7)");
  auto arguments = std::make_shared<ExplainArguments>();
  command->add_option("events", arguments->file, "File written by 'onepass track --explain'")
      ->required()
      ->type_name("FILE");
  command->add_option("--id", arguments->ids, "Show only this identity; repeatable")->type_name("N");
  command->callback([arguments] { explain(*arguments); });
}

}  // namespace onepass::cli
