#include "python/run/run_options.hpp"

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <stdexcept>
#include <utility>

#include "cli/errors.hpp"
#include "cli/track/run_config.hpp"
#include "cli/track/source_run.hpp"
#include "cli/track/track_checks.hpp"

namespace onepass::python {
namespace {

/// The long names of all options: "save-crops".
std::set<std::string> names_of(const CLI::App& app) {
  std::set<std::string> names;
  for (const auto* option : app.get_options()) names.insert(option->get_lnames().begin(), option->get_lnames().end());
  names.erase("help");
  return names;
}

std::set<std::string> track_names() {
  CLI::App app;
  cli::TrackOptions options;
  cli::add_track_options(app, options);
  return names_of(app);
}

std::string keyword_of(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

/// The message with "save_crops" for "--save-crops". Nothing else changes, such as a path that contains dashes.
std::string with_keywords(const std::string& message) {
  static const auto names = track_names();
  static const std::regex flag("(^|[\\s'\"(])--([a-z][a-z-]*)(?![\\w/=-]|\\.\\w)");
  std::string result;
  auto rest = message.cbegin();
  for (std::sregex_iterator match(message.begin(), message.end(), flag), end; match != end; ++match) {
    if (!names.contains((*match)[2].str())) continue;
    result.append(rest, (*match)[1].second).append(keyword_of((*match)[2].str()));
    rest = (*match)[0].second;
  }
  return result.append(rest, message.cend());
}

/// Calls `work` and converts its errors of use.
template <typename Work>
auto with_keyword_errors(Work work) {
  try {
    return work();
  } catch (const cli::UsageError& error) {
    throw std::invalid_argument(with_keywords(error.what()));
  } catch (const CLI::ParseError& error) {
    throw std::invalid_argument(with_keywords(error.what()));
  }
}

/// Everything that the outputs of a run use.
class Surroundings {
 public:
  Surroundings(const Source& source, StreamDetector& stream, const cli::TrackOptions& options, const Config& config)
      : name_(source.frames->info().name),
        strict_(options.strict),
        counting_(options.outputs.counting, {name_}, options.services.missing_zones()),
        health_({name_}),
        memories_(cli::memories_of(options, memory_of(options, config), {name_})),
        services_(
            options.services, [this] { return health_.streams(); }, [this] { return memories_->deliveries(); },
            counting_),
        run_(options, paths_of(options, config), parts_of(source, stream, options, config),
             {0, name_, health_, services_, counting_, *memories_},
             [notes = source.notes](const std::string& line) { notes->add(with_keywords(line)); }) {}

  cli::SourceRun& run() { return run_; }

  void finish(Tracker& tracker, const RunStatistics& statistics) {
    run_.close();
    run_.keep(tracker);
    health_.end(0, "");
    if (strict_) with_keyword_errors([&] { check_damage(statistics); });
  }

 private:
  static MemoryConfig memory_of(const cli::TrackOptions& options, const Config& config) {
    auto memory = config.tracker.memory;
    memory.enabled = options.has_memory();  // one without a file is the tracker's own
    return memory;
  }

  cli::OutputPaths paths_of(const cli::TrackOptions& options, const Config& config) const {
    auto inputs = options.sources;
    for (const auto& files : {cli::files_read(options, {}), cli::files_read(config)})
      inputs.insert(inputs.end(), files.begin(), files.end());
    return cli::plan_outputs(options.outputs, {name_}, inputs).front();
  }

  static cli::SourceParts parts_of(const Source& source, StreamDetector& stream, const cli::TrackOptions& options,
                                   const Config& config) {
    auto seen = std::make_shared<std::vector<sink::SeenBox>>();
    if (const auto observe = cli::watch(options.outputs, seen))
      stream.detector = pipeline::make_watched(std::move(stream.detector), observe);
    return {source.frames->info(), *stream.detector, config.tracker, std::move(seen)};
  }

  void check_damage(const RunStatistics& statistics) const {
    try {
      cli::require_undamaged(name_, statistics.errors);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(with_keywords(error.what()));
    }
  }

  std::string name_;
  bool strict_;
  cli::CountingPlan counting_;
  pipeline::FileHealth health_;
  std::unique_ptr<cli::Memories> memories_;
  cli::Services services_;
  cli::SourceRun run_;
};

}  // namespace

std::vector<std::string> option_keywords() {
  CLI::App app;
  cli::TrackOptions options;
  cli::add_run_options(app, options);
  std::vector<std::string> keywords;
  for (const auto& name : names_of(app)) keywords.push_back(keyword_of(name));
  return keywords;
}

cli::TrackOptions parse_options(const std::vector<std::string>& words, const Call& call) {
  cli::TrackOptions options;
  CLI::App app;
  cli::add_run_options(app, options);
  with_keyword_errors([&] {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them from the end
    options.sources = {call.source};
    options.model = call.model;
    options.detections = call.detections;
    options.live.live = call.live;
    cli::take_addresses(options);
    cli::choose_format(options.outputs);
    cli::check(options, {});
  });
  return options;
}

std::shared_ptr<Outputs> open_outputs(Source& source, StreamDetector& detector, const cli::TrackOptions& options,
                                      const Config& config) {
  if (!source.frames || !detector.detector) throw std::invalid_argument("source: belongs to another run");
  return with_keyword_errors([&] {
    const auto surroundings = std::make_shared<Surroundings>(source, detector, options, config);
    auto& run = surroundings->run();
    auto outputs = std::make_shared<Outputs>();
    outputs->owner = surroundings;
    outputs->memory = run.memory();
    outputs->counter = run.counter();
    outputs->sinks = std::exchange(run.sinks(), {});
    outputs->begin = [&run](Tracker& tracker) { run.explain(tracker); };
    outputs->update = [&run](const RunStatistics& statistics) { run.update(statistics); };
    outputs->finish = [owner = surroundings.get()](Tracker& tracker, const RunStatistics& statistics) {
      owner->finish(tracker, statistics);
    };
    return outputs;
  });
}

}  // namespace onepass::python
