#include "lab/reid_evaluation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "lab/identities.hpp"

namespace onepass::lab {
namespace {

constexpr std::int64_t longest_gap = 1'000'000;

/// Returns the gaps in frames without duplicates, in the given order.
std::vector<std::int64_t> gaps_in_frames(const EvaluationOptions& options, double frame_rate) {
  std::vector<std::int64_t> result;
  for (const auto& gap : options.gaps) {
    const auto frames = gap.in_frames(frame_rate);
    if (std::ranges::find(result, frames) == result.end()) result.push_back(frames);
  }
  return result;
}

/// True if a frame's detections are queries or candidates.
bool is_needed(std::int64_t index, std::int64_t every, const std::vector<std::int64_t>& gaps) {
  return is_query_frame(index, every) || std::ranges::any_of(gaps, [&](std::int64_t gap) {
           return index >= gap && is_query_frame(index - gap, every);
         });
}

void add_labeled(LabeledFrames& frames, std::int64_t index, std::vector<Embedding> embeddings,
                 const std::vector<std::optional<std::int64_t>>& identities) {
  auto& labeled = frames[index];
  for (std::size_t i = 0; i < identities.size(); ++i) {
    if (identities[i]) labeled.push_back({*identities[i], std::move(embeddings[i])});
  }
}

}  // namespace

std::int64_t Gap::in_frames(double frame_rate) const {
  if (seconds <= 0) return frames;
  return std::clamp<std::int64_t>(std::llround(seconds * frame_rate), 1, longest_gap);
}

Gap parse_gap(const std::string& text) {
  Gap gap;
  const char* const end = text.data() + text.size();
  if (text.ends_with('s')) {
    const auto [rest, error] = std::from_chars(text.data(), end - 1, gap.seconds);
    if (error == std::errc() && rest == end - 1 && gap.seconds > 0 && gap.seconds <= 1e6) return gap;
  } else {
    const auto [rest, error] = std::from_chars(text.data(), end, gap.frames);
    if (error == std::errc() && rest == end && gap.frames >= 1 && gap.frames <= longest_gap) return gap;
  }
  throw std::runtime_error(
      fmt::format("'{}' is not a gap; write frames such as 25, or seconds such as 1s or 0.5s", text));
}

ReidRun embed_labeled(FrameSource& source, SharedPass& pass, std::span<ReidNetwork> networks, const Labels& labels,
                      const std::function<bool(std::int64_t index)>& is_needed, const EvaluationOptions& options) {
  ReidRun run;
  run.sequence = source.info().name;
  run.frame_rate = source.info().frame_rate;
  for (const auto& variant : pass.variants()) run.methods.push_back(variant.name);
  for (const auto& network : networks) run.methods.push_back(network.name());
  run.labeled.resize(run.methods.size());
  pass.begin_stream();
  std::vector<double> seconds_before;
  for (const auto& network : networks) seconds_before.push_back(network.seconds());
  const bool learns = std::ranges::any_of(pass.variants(), &Variant::every_frame);
  std::int64_t passes = 0;
  while (!options.stop()) {
    const auto frame = source.next();
    if (!frame) break;
    const bool needed = is_needed(frame->index);
    if (!needed && !labels.follows_every_frame && !learns) continue;
    const auto result = pass.forward(*frame);
    const auto identities = labels.identify(*frame, result.detections);
    options.progress(++passes);
    auto labeled = run.labeled.begin();
    for (std::size_t i = 0; i < pass.variants().size(); ++i, ++labeled) {
      if (!needed && !pass.variants()[i].every_frame) continue;
      auto embeddings = pass.embed(i, result);
      if (needed) add_labeled(*labeled, frame->index, std::move(embeddings), identities);
    }
    if (!needed) continue;
    for (auto& network : networks)
      add_labeled(*labeled++, frame->index, network.embed(frame->image, result.detections), identities);
    run.detections += std::ranges::count_if(identities, [](const auto& identity) { return identity.has_value(); });
    ++run.frames;
  }
  const auto mean_ms = [](double seconds, std::int64_t frames) {
    return 1000 * seconds / std::max<double>(1, static_cast<double>(frames));
  };
  for (std::size_t i = 0; i < pass.variants().size(); ++i)
    run.embed_ms.push_back(mean_ms(pass.embed_seconds(i), pass.variants()[i].every_frame ? passes : run.frames));
  for (std::size_t i = 0; i < networks.size(); ++i)
    run.embed_ms.push_back(mean_ms(networks[i].seconds() - seconds_before[i], run.frames));
  run.forward_ms = mean_ms(pass.forward_seconds(), passes);
  return run;
}

ReidRun run_sequence(const std::filesystem::path& sequence, SharedPass& pass, std::span<ReidNetwork> networks,
                     const EvaluationOptions& options) {
  const auto truth = read_identities(sequence, options.warn);
  SourceOptions source_options;
  source_options.warn = options.warn;
  const auto source = open_source(sequence.string(), source_options);
  const Labels labels{[&](const Frame& frame, const std::vector<Detection>& detections) {
    return identify(detections, truth.frame(frame.index), options.min_iou);
  }};
  const auto gaps = gaps_in_frames(options, source->info().frame_rate);
  const auto needed = [&](std::int64_t index) {
    return index < truth.frame_count() && is_needed(index, options.every, gaps);
  };
  return embed_labeled(*source, pass, networks, labels, needed, options);
}

std::vector<ReidScore> score_run(const ReidRun& run, const EvaluationOptions& options) {
  std::vector<ReidScore> scores;
  for (std::size_t i = 0; i < run.methods.size(); ++i) {
    for (const auto gap : gaps_in_frames(options, run.frame_rate))
      scores.push_back({run.sequence, run.methods[i], gap, score_gap(run.labeled[i], gap, options.every)});
  }
  return scores;
}

}  // namespace onepass::lab
