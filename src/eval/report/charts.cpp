#include "eval/report/charts.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "eval/metrics/switches.hpp"
#include "eval/report/score_table.hpp"
#include "eval_plots_script.hpp"
#include "io/python/script.hpp"

namespace onepass::eval {
namespace {

using Json = nlohmann::ordered_json;

Json scores_json(const Scores& scores) {
  return {{"HOTA", mean(scores.hota.hota)}, {"MOTA", scores.clear.mota}, {"IDF1", scores.identity.f1}};
}

/// One row per switch: frame, identity, old and new track, frames before and after, whether it is one of the ten worst.
Json switches_json(const std::vector<IdentitySwitch>& switches) {
  std::set<std::pair<std::int64_t, std::int64_t>> worst;
  for (const auto& event : worst_switches(switches, 10)) worst.emplace(event.frame, event.truth_id);
  auto rows = Json::array();
  for (const auto& event : switches)
    rows.push_back({event.frame, event.truth_id, event.previous_track, event.track, event.frames_before,
                    event.frames_after, worst.contains({event.frame, event.truth_id})});
  return rows;
}

/// Entries of trackers that were not evaluated on the sequence are null.
Json sequence_json(const Evaluation& evaluation, std::size_t class_index, const std::string& name) {
  Json entry{{"name", name}, {"frames", 0}, {"scores", Json::array()}, {"switches", Json::array()}};
  std::int64_t frames = 0;
  for (const auto& tracker : evaluation.trackers) {
    const auto* sequence = find_sequence(tracker, class_index, name);
    if (sequence) frames = std::max(frames, sequence->frame_count);
    entry["scores"].push_back(sequence ? scores_json(sequence->scores) : Json());
    entry["switches"].push_back(sequence ? switches_json(sequence->switches) : Json());
  }
  entry["frames"] = frames;
  return entry;
}

Json class_json(const Evaluation& evaluation, std::size_t class_index, const std::filesystem::path& folder) {
  const auto& classes = evaluation.trackers.front().classes;
  const auto suffix = classes.size() > 1 ? "_" + classes[class_index].name : "";
  Json entry;
  for (const std::string chart : {"alphas", "sequences", "switches"})
    entry["files"][chart] = (folder / (chart + suffix + ".png")).string();
  for (std::size_t i = 0; i < hota_alpha_count; ++i) entry["alphas"].push_back(hota_alpha(i));
  for (const auto& name : sequence_names(evaluation, class_index))
    entry["sequences"].push_back(sequence_json(evaluation, class_index, name));
  Json combined{{"name", combined_name}};
  for (const auto& tracker : evaluation.trackers) {
    const auto& scores = tracker.classes[class_index].combined;
    entry["curves"]["HOTA"].push_back(scores.hota.hota);
    entry["curves"]["DetA"].push_back(scores.hota.detection_accuracy);
    entry["curves"]["AssA"].push_back(scores.hota.association_accuracy);
    combined["scores"].push_back(scores_json(scores));
  }
  entry["sequences"].push_back(std::move(combined));
  return entry;
}

}  // namespace

std::vector<ClassCharts> draw_charts(const Evaluation& evaluation, const std::filesystem::path& folder) {
  Json input;
  for (const auto& tracker : evaluation.trackers) input["trackers"].push_back(tracker.name);
  for (std::size_t i = 0; i < evaluation.trackers.front().classes.size(); ++i)
    input["classes"].push_back(class_json(evaluation, i, folder));
  for (const auto& entry : input["classes"]) {
    for (const std::string file : entry["files"]) std::filesystem::remove(file);
  }
  std::vector<ClassCharts> charts;
  for (const auto& drawn : Json::parse(io::run_python(eval_plots_script, {}, input.dump())))
    charts.push_back({drawn.at("alphas"), drawn.at("sequences"), drawn.at("switches")});
  return charts;
}

}  // namespace onepass::eval
