// onepass explain: explains why tracks started, were recovered and ended.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "eval/benchmark/label_file.hpp"
#include "eval/benchmark/true_origins.hpp"
#include "onepass/explain.hpp"

namespace onepass::cli {
namespace {

struct ExplainArguments {
  std::string file;
  std::string truth;
  std::string tracks;
  std::string benchmark = "none";
  std::vector<std::int64_t> ids;
};

/// The tracks whose object had another track before; none without ground truth.
std::vector<TrueOrigin> origins_of(const ExplainArguments& arguments) {
  if (arguments.truth.empty() != arguments.tracks.empty())
    throw UsageError("--truth and --tracks belong together: which track was right is found by comparing them");
  if (arguments.truth.empty()) return {};
  const auto benchmark = eval::named_benchmark(arguments.benchmark);
  const auto length = std::max(eval::last_frame(arguments.truth), eval::last_frame(arguments.tracks));
  const auto truth = eval::read_truth(arguments.truth, length, benchmark, print_warning);
  const auto tracks = eval::read_result(arguments.tracks, length, eval::known_benchmark("none"), print_warning);
  return eval::true_origins(truth, tracks, benchmark.match_overlap);
}

void print_story(std::int64_t id, const std::vector<TrackEvent>& events, const std::vector<TrueOrigin>& origins) {
  std::cout << story_of(id, events);
  for (const auto& origin : origins) {
    if (origin.id == id) std::cout << missed_return(origin, events);
  }
}

void explain(const ExplainArguments& arguments) {
  if (!std::filesystem::exists(arguments.file)) throw std::runtime_error(arguments.file + ": no such file");
  const auto events = read_events(arguments.file);
  const auto origins = origins_of(arguments);
  if (arguments.ids.empty()) {
    std::set<std::int64_t> known;
    for (const auto& event : events) known.insert(event.id);
    for (const auto id : known) print_story(id, events, origins);
    return;
  }
  for (const auto id : arguments.ids) {
    if (story_of(id, events).empty())
      throw std::runtime_error(fmt::format("{}: no events for track {}", arguments.file, id));
    print_story(id, events, origins);
  }
}

}  // namespace

void add_explain_command(CLI::App& app) {
  auto* command = app.add_subcommand("explain", "Explain why tracks started, were recovered and ended");
  command->footer(R"(
Examples:
  onepass track --source street.mp4 --model yolov8n.pt --explain street-events.jsonl
  onepass explain street-events.jsonl --id 7
  onepass track --source PETS09-S2L1 --model yolov8n.pt --explain events.jsonl --save-mot tracks.txt
  onepass explain events.jsonl --truth PETS09-S2L1/gt/gt.txt --tracks tracks.txt

With ground truth, every new identity of somebody who had one before also says which track that was, and what kept it
from taking the detection.)");
  auto arguments = std::make_shared<ExplainArguments>();
  command->add_option("events", arguments->file, "File written by 'onepass track --explain'")
      ->required()
      ->type_name("FILE");
  command->add_option("--id", arguments->ids, "Show only this identity; repeatable")->type_name("N");
  command->add_option("--truth", arguments->truth, "Ground truth (gt.txt), to say which track would have been right")
      ->type_name("FILE");
  command->add_option("--tracks", arguments->tracks, "Result file of the same run (--save-mot), for --truth")
      ->type_name("FILE");
  command->add_option("--benchmark", arguments->benchmark, "Rules of --truth, as for onepass eval")
      ->type_name("NAME|FILE")
      ->capture_default_str();
  command->callback([arguments] { explain(*arguments); });
}

}  // namespace onepass::cli
