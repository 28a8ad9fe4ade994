#include "eval/metrics/switches.hpp"

#include <algorithm>
#include <functional>

namespace onepass::eval {
namespace {

LabeledBox box_of(const IdentitySide& side, const LabeledSequence& sequence, std::int64_t frame, std::size_t place) {
  return sequence.boxes[side.sources[side.frame_begin[static_cast<std::size_t>(frame)] + place]];
}

/// The frames in which an identity is matched with the same track, until it is matched with another one.
struct Run {
  int track = unmatched;
  std::int64_t frames = 0;
  std::size_t begun_by = 0;  ///< index of the switch that started the run, if begun_by_switch
  bool begun_by_switch = false;
};

}  // namespace

std::vector<IdentitySwitch> find_switches(const OverlapSequence& sequence, const std::vector<ClearMatch>& matches,
                                          const LabeledSequence& truth, const LabeledSequence& result) {
  std::vector<IdentitySwitch> switches;
  std::vector<Run> runs(sequence.truth.names.size());
  const auto finish = [&](const Run& run) {
    if (run.begun_by_switch) switches[run.begun_by].frames_after = run.frames;
  };
  for (const auto& match : matches) {
    auto& run = runs[static_cast<std::size_t>(match.truth)];
    if (run.track != unmatched && run.track != match.track) {
      finish(run);
      switches.push_back({.frame = match.frame + 1,
                          .truth_id = sequence.truth.names[static_cast<std::size_t>(match.truth)],
                          .previous_track = sequence.result.names[static_cast<std::size_t>(run.track)],
                          .track = sequence.result.names[static_cast<std::size_t>(match.track)],
                          .frames_before = run.frames,
                          .truth_box = box_of(sequence.truth, truth, match.frame, match.row),
                          .track_box = box_of(sequence.result, result, match.frame, match.column)});
      run = {.begun_by = switches.size() - 1, .begun_by_switch = true};
    }
    run.track = match.track;
    ++run.frames;
  }
  for (const auto& run : runs) finish(run);
  return switches;
}

std::vector<IdentitySwitch> worst_switches(std::vector<IdentitySwitch> switches, std::size_t count) {
  std::ranges::stable_sort(switches, std::greater<>(), &IdentitySwitch::frames_lost);
  if (switches.size() > count) switches.resize(count);
  return switches;
}

}  // namespace onepass::eval
