// Builds evaluations without files.
#pragma once

#include <string>
#include <vector>

#include "eval/benchmark/evaluation.hpp"
#include "support/labeled.hpp"

namespace onepass::test {

/// One identity over four frames; a track follows it up to `lost_from` and a second one from there on.
inline eval::EvaluatedSequence evaluated_sequence(const std::string& name, int lost_from) {
  LabeledFrames truth(4, {labeled_box(1, 0)});
  LabeledFrames result;
  for (int frame = 0; frame < 4; ++frame) result.push_back({labeled_box(frame < lost_from ? 7 : 8, 0)});
  auto scored = evaluate_sequence(labeled_sequence(truth), labeled_sequence(result));
  return {name, 4, scored.scores, std::move(scored.switches)};
}

inline eval::EvaluatedClass evaluated_class(const std::string& name, std::vector<eval::EvaluatedSequence> sequences) {
  std::vector<Scores> scores;
  for (const auto& sequence : sequences) scores.push_back(sequence.scores);
  return {name, std::move(sequences), combine(scores)};
}

inline eval::Evaluation evaluation(std::vector<eval::EvaluatedTracker> trackers) {
  return {"MOT17", std::move(trackers), {}};
}

/// Two sequences of one class, in which the track changes at `lost_from` (4: never).
inline eval::EvaluatedTracker evaluated_tracker(const std::string& name, int lost_from) {
  return {name,
          {evaluated_class("pedestrian", {evaluated_sequence("A", lost_from), evaluated_sequence("B", lost_from)})}};
}

}  // namespace onepass::test
