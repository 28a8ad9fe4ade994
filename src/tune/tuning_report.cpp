#include "tune/tuning_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tune/parameter_effect.hpp"

namespace onepass::tune {
namespace {

using Json = nlohmann::ordered_json;

constexpr double noise = 0.3;  // smaller differences of scores are within what a single identity changes

std::string verdict(const TuningReport& report) {
  const auto& result = report.result;
  if (result.folds.empty())
    return "Not cross-validated: the gain is that on the data it was found on, and may not hold elsewhere.";
  const double gain = result.cross_validated - result.base;
  if (result.best.empty()) return "The configuration stays as it is: no change of it is worth .1.";
  if (gain >= noise) return fmt::format("On sequences that were not tuned on, the gain is {:+.2f}.", gain);
  return fmt::format(
      "On sequences that were not tuned on, the difference is {:+.2f}: {}. Keep the configuration as it is.", gain,
      gain > -noise ? "not more than noise" : "a loss");
}

std::string choice_text(const Values& values) {
  std::string text;
  for (const auto& [name, value] : values) text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  return text.empty() ? "as configured" : text;
}

std::string sequences_table(const TuningReport& report) {
  const auto& result = report.result;
  const auto row = [&](const std::string& name, double base, double tuned, double cross) {
    auto text = fmt::format("{:<24}{:>12.2f}{:>12.2f}", name, base, tuned);
    if (!result.folds.empty()) text += fmt::format("{:>12.2f}{:>+9.2f}", cross, cross - base);
    return text + "\n";
  };
  auto text = fmt::format("{:<24}{:>12}{:>12}", report.objective, "configured", "tuned");
  text += result.folds.empty() ? "\n" : fmt::format("{:>12}{:>9}\n", "not seen", "gain");
  for (const auto& sequence : result.sequences)
    text += row(sequence.name, sequence.base, sequence.tuned, sequence.cross_validated);
  return text + row("all", result.base, result.tuned, result.cross_validated);
}

std::string effects_table(const TuningReport& report) {
  std::string text;
  for (const auto& parameter : report.parameters) {
    const auto found = report.result.importance.find(parameter.name);
    text += fmt::format(
        "{}{}\n", parameter.name,
        found == report.result.importance.end() ? "" : fmt::format(", importance {:.0f} %", 100 * found->second));
    for (const auto& bin : effect_of(parameter, report.result.trials))
      text += fmt::format("  {:>12}{:>12.2f}   ({:.2f} to {:.2f}, {} trial{})\n", bin.label, bin.median, bin.low,
                          bin.high, bin.trials, bin.trials == 1 ? "" : "s");
  }
  return text;
}

Json effects_json(const TuningReport& report) {
  auto list = Json::array();
  for (const auto& parameter : report.parameters) {
    const auto found = report.result.importance.find(parameter.name);
    Json entry{{"name", parameter.name},
               {"importance", found == report.result.importance.end() ? Json() : Json(found->second)},
               {"effect", Json::array()}};
    for (const auto& bin : effect_of(parameter, report.result.trials))
      entry["effect"].push_back({{"value", bin.label},
                                 {"trials", bin.trials},
                                 {"lower_quartile", bin.low},
                                 {"median", bin.median},
                                 {"upper_quartile", bin.high}});
    list.push_back(std::move(entry));
  }
  return list;
}

Json folds_json(const TuningReport& report) {
  auto list = Json::array();
  for (const auto& fold : report.result.folds) {
    Json names = Json::array();
    for (const auto sequence : fold.held_out) names.push_back(report.result.sequences[sequence].name);
    list.push_back({{"not_seen", names},
                    {"values", fold.chosen},
                    {"configured", fold.held_out_base},
                    {"tuned", fold.held_out_tuned}});
  }
  return list;
}

}  // namespace

std::string to_text(const TuningReport& report) {
  const auto& result = report.result;
  auto text = sequences_table(report);
  text += fmt::format("\nTuned: {}\n", choice_text(result.best));
  for (const auto& fold : result.folds) {
    std::string names;
    for (const auto sequence : fold.held_out) names += (names.empty() ? "" : ", ") + result.sequences[sequence].name;
    text += fmt::format("Without {}: {}\n", names, choice_text(fold.chosen));
  }
  text += fmt::format("\nEffect of each parameter: median of {} over the trials with such a value (quartiles, count)\n",
                      report.objective);
  text += effects_table(report);
  return text + "\n" + verdict(report) + "\n";
}

std::string to_json(const TuningReport& report) {
  const auto& result = report.result;
  Json json{{"objective", report.objective},
            {"command", report.command},
            {"trials", result.finished_trials},
            {"interrupted", result.interrupted},
            {"replays", report.replays},
            {"configured", result.base},
            {"tuned", result.tuned},
            {"not_seen", result.folds.empty() ? Json() : Json(result.cross_validated)},
            {"values", result.best},
            {"sequences", Json::array()},
            {"folds", folds_json(report)},
            {"parameters", effects_json(report)}};
  for (const auto& sequence : result.sequences)
    json["sequences"].push_back({{"name", sequence.name},
                                 {"configured", sequence.base},
                                 {"tuned", sequence.tuned},
                                 {"not_seen", result.folds.empty() ? Json() : Json(sequence.cross_validated)}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_yaml(const TuningReport& report) {
  const auto& result = report.result;
  std::string names;
  for (const auto& sequence : result.sequences) names += (names.empty() ? "" : ", ") + sequence.name;
  auto comment = fmt::format("Found with {} trials on {}.\n{}: {:.2f} as configured, {:.2f} tuned",
                             result.finished_trials, names, report.objective, result.base, result.tuned);
  comment += result.folds.empty() ? fmt::format(".\n{}", verdict(report))
                                  : fmt::format(", {:.2f} on sequences that were not tuned on.\n{}",
                                                result.cross_validated, verdict(report));
  return to_yaml(result.best, comment + "\nTo be applied after the configuration that it was tuned from.");
}

}  // namespace onepass::tune
