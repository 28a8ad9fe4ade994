#include "eval/report/comparison.hpp"

#include <algorithm>
#include <array>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "onepass/setting_error.hpp"

namespace onepass::eval {
namespace {

struct ComparedScore {
  const char* family;
  const char* name;
  bool higher_is_better;
  double (*value)(const Scores&);
};

constexpr std::array compared_scores{
    ComparedScore{"HOTA", "HOTA", true, [](const Scores& s) { return mean(s.hota.hota); }},
    ComparedScore{"HOTA", "DetA", true, [](const Scores& s) { return mean(s.hota.detection_accuracy); }},
    ComparedScore{"HOTA", "AssA", true, [](const Scores& s) { return mean(s.hota.association_accuracy); }},
    ComparedScore{"HOTA", "LocA", true, [](const Scores& s) { return mean(s.hota.localization); }},
    ComparedScore{"CLEAR", "MOTA", true, [](const Scores& s) { return s.clear.mota; }},
    ComparedScore{"CLEAR", "MOTP", true, [](const Scores& s) { return s.clear.motp; }},
    ComparedScore{"Identity", "IDF1", true, [](const Scores& s) { return s.identity.f1; }},
    ComparedScore{"Identity", "IDR", true, [](const Scores& s) { return s.identity.recall; }},
    ComparedScore{"Identity", "IDP", true, [](const Scores& s) { return s.identity.precision; }},
    ComparedScore{"CLEAR", "CLR_FP", false, [](const Scores& s) { return s.clear.false_positives; }},
    ComparedScore{"CLEAR", "CLR_FN", false, [](const Scores& s) { return s.clear.false_negatives; }},
    ComparedScore{"CLEAR", "IDSW", false, [](const Scores& s) { return s.clear.identity_switches; }},
    ComparedScore{"CLEAR", "Frag", false, [](const Scores& s) { return s.clear.fragmentations; }},
};

using Summaries = std::array<double, compared_scores.size()>;

Summaries summaries_of(const Scores& scores) {
  Summaries values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = compared_scores[i].value(scores);
  return values;
}

/// Draws a number below `count`; portable, unlike the distributions of the standard library.
std::size_t draw(std::mt19937_64& generator, std::size_t count) {
  const auto limit = std::mt19937_64::max() - std::mt19937_64::max() % count;
  auto number = generator();
  while (number >= limit) number = generator();
  return static_cast<std::size_t>(number % count);
}

const EvaluatedTracker& counterpart(const EvaluatedTracker& tracker, const Evaluation& theirs) {
  for (const auto& candidate : theirs.trackers) {
    if (candidate.name == tracker.name) return candidate;
  }
  if (theirs.trackers.size() == 1) return theirs.trackers.front();
  throw SettingError("against", fmt::format("there are several trackers, but none is named {}", tracker.name));
}

/// Names the first entry that differs.
template <typename Entry>
void check_same_names(const std::vector<Entry>& ours, const std::vector<Entry>& theirs, const std::string& what,
                      const std::string& setting) {
  const auto [our, their] = std::ranges::mismatch(ours, theirs, {}, &Entry::name, &Entry::name);
  if (our == ours.end() && their == theirs.end()) return;
  const auto named = [](auto entry, const auto& entries) {
    return entry == entries.end() ? std::string("none") : entry->name;
  };
  throw SettingError(
      setting, fmt::format("{}; the first difference is {} against {}", what, named(our, ours), named(their, theirs)));
}

void check_comparable(const EvaluatedTracker& ours, const EvaluatedTracker& theirs) {
  check_same_names(ours.classes, theirs.classes,
                   fmt::format("{} and {} were evaluated for different classes", ours.name, theirs.name), "benchmark");
  for (std::size_t i = 0; i < ours.classes.size(); ++i)
    check_same_names(ours.classes[i].sequences, theirs.classes[i].sequences,
                     fmt::format("{} and {} were evaluated on different sequences", ours.name, theirs.name), "seqmap");
}

std::vector<Scores> scores_of(const EvaluatedClass& evaluated) {
  std::vector<Scores> scores;
  for (const auto& sequence : evaluated.sequences) scores.push_back(sequence.scores);
  return scores;
}

/// Returns the differences of the combined scores for every resample of the sequences.
std::vector<Summaries> resampled_differences(const std::vector<Scores>& ours, const std::vector<Scores>& theirs,
                                             const BootstrapOptions& options) {
  std::mt19937_64 generator(options.seed);
  std::vector<Summaries> differences;
  std::vector<Scores> our_sample(ours.size());
  std::vector<Scores> their_sample(ours.size());
  for (int i = 0; i < options.resamples; ++i) {
    for (std::size_t place = 0; place < ours.size(); ++place) {
      const auto drawn = draw(generator, ours.size());
      our_sample[place] = ours[drawn];
      their_sample[place] = theirs[drawn];
    }
    auto difference = summaries_of(combine(our_sample));
    const auto subtracted = summaries_of(combine(their_sample));
    for (std::size_t k = 0; k < difference.size(); ++k) difference[k] -= subtracted[k];
    differences.push_back(difference);
  }
  return differences;
}

/// Sets the percentile interval and the two-sided p-value of one score.
void set_interval(ScoreDifference& difference, std::vector<double> resampled, double confidence) {
  std::sort(resampled.begin(), resampled.end());
  const auto last = static_cast<double>(resampled.size() - 1);
  const auto quantile = [&](double share) { return resampled[static_cast<std::size_t>(share * last + 0.5)]; };
  difference.low = quantile((1 - confidence) / 2);
  difference.high = quantile((1 + confidence) / 2);
  const auto count = static_cast<double>(resampled.size());
  const auto not_above = std::upper_bound(resampled.begin(), resampled.end(), 0.0) - resampled.begin();
  const auto not_below = resampled.end() - std::lower_bound(resampled.begin(), resampled.end(), 0.0);
  // 1 is added to both counts: a finite number of resamples cannot prove a probability of zero.
  difference.p_value = std::min(1.0, 2 * (static_cast<double>(std::min(not_above, not_below)) + 1) / (count + 1));
}

Comparison compare_class(const EvaluatedClass& ours, const EvaluatedClass& theirs, const BootstrapOptions& options) {
  const auto our_scores = scores_of(ours);
  const auto their_scores = scores_of(theirs);
  const auto resampled = resampled_differences(our_scores, their_scores, options);
  const auto our_combined = summaries_of(ours.combined);
  const auto their_combined = summaries_of(theirs.combined);
  Comparison comparison{.class_name = ours.name};
  for (const auto& sequence : ours.sequences) comparison.sequences.push_back(sequence.name);
  for (std::size_t k = 0; k < compared_scores.size(); ++k) {
    const auto& [family, name, higher_is_better, value] = compared_scores[k];
    ScoreDifference difference{.family = family, .name = name, .higher_is_better = higher_is_better};
    difference.is_ratio = higher_is_better;  // all compared counts are counts of errors
    difference.ours = our_combined[k];
    difference.theirs = their_combined[k];
    for (std::size_t i = 0; i < our_scores.size(); ++i)
      difference.by_sequence.push_back(summaries_of(our_scores[i])[k] - summaries_of(their_scores[i])[k]);
    std::vector<double> values;
    for (const auto& sample : resampled) values.push_back(sample[k]);
    set_interval(difference, std::move(values), options.confidence);
    comparison.differences.push_back(std::move(difference));
  }
  return comparison;
}

std::string count_text(std::size_t sequences) {
  return fmt::format("{} sequence{}", sequences, sequences == 1 ? "" : "s");
}

}  // namespace

std::string ScoreDifference::verdict() const {
  if (low <= 0 && high >= 0) return "within noise";
  return (difference() > 0) == higher_is_better ? "better" : "worse";
}

std::string ScoreDifference::shown(double value) const {
  return is_ratio ? fmt::format("{:.3f}", 100 * value) : fmt::format("{:.0f}", value);
}

std::string ScoreDifference::shown_signed(double value) const {
  return is_ratio ? fmt::format("{:+.3f}", 100 * value) : fmt::format("{:+.0f}", value);
}

std::vector<Comparison> compare(const Evaluation& ours, const Evaluation& theirs, const BootstrapOptions& options) {
  std::vector<Comparison> comparisons;
  for (const auto& tracker : ours.trackers) {
    const auto& other = counterpart(tracker, theirs);
    check_comparable(tracker, other);
    for (std::size_t i = 0; i < tracker.classes.size(); ++i) {
      auto comparison = compare_class(tracker.classes[i], other.classes[i], options);
      comparison.ours = tracker.name;
      comparison.theirs = other.name;
      comparison.options = options;
      comparisons.push_back(std::move(comparison));
    }
  }
  return comparisons;
}

std::string to_table(const std::vector<Comparison>& comparisons, const std::vector<std::string>& families) {
  std::string table;
  for (const auto& comparison : comparisons) {
    const auto& options = comparison.options;
    std::size_t width = 10;
    for (const auto& name : comparison.sequences) width = std::max(width, name.size() + 2);
    table += fmt::format("\n{} against {}: {} ({}, paired bootstrap, {} resamples, seed {})\n", comparison.ours,
                         comparison.theirs, comparison.class_name, count_text(comparison.sequences.size()),
                         options.resamples, options.seed);
    table += fmt::format("{:<8}{:>10}{:>10}{:>10}  {:<22}{:>8}  {:<14}", "", "ours", "theirs", "change",
                         fmt::format("{:g} % interval", 100 * options.confidence), "p", "");
    for (const auto& name : comparison.sequences) table += fmt::format("{:>{}}", name, width);
    table += "\n";
    for (const auto& score : comparison.differences) {
      if (std::find(families.begin(), families.end(), score.family) == families.end()) continue;
      table += fmt::format("{:<8}{:>10}{:>10}{:>10}  {:<22}{:>8.4f}  {:<14}", score.name, score.shown(score.ours),
                           score.shown(score.theirs), score.shown_signed(score.difference()),
                           fmt::format("{} … {}", score.shown_signed(score.low), score.shown_signed(score.high)),
                           score.p_value, score.verdict());
      for (const double value : score.by_sequence) table += fmt::format("{:>{}}", score.shown_signed(value), width);
      table += "\n";
    }
    if (comparison.sequences.size() < 6)
      table += fmt::format("Only {}: the interval is coarse and tends to be too narrow.\n",
                           count_text(comparison.sequences.size()));
  }
  return table;
}

std::string to_json(const std::vector<Comparison>& comparisons, const std::vector<std::string>& families) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& comparison : comparisons) {
    nlohmann::ordered_json entry{
        {"ours", comparison.ours}, {"theirs", comparison.theirs}, {"class", comparison.class_name}};
    for (const auto& score : comparison.differences) {
      if (std::find(families.begin(), families.end(), score.family) == families.end()) continue;
      nlohmann::ordered_json difference{
          {"ours", score.ours}, {"theirs", score.theirs}, {"difference", score.difference()}, {"low", score.low},
          {"high", score.high}, {"p", score.p_value},     {"verdict", score.verdict()}};
      for (std::size_t i = 0; i < comparison.sequences.size(); ++i)
        difference["by_sequence"][comparison.sequences[i]] = score.by_sequence[i];
      entry["scores"][score.name] = std::move(difference);
    }
    list.push_back(std::move(entry));
  }
  return list.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace onepass::eval
