#include "eval/metrics/returns.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "eval/metrics/clear.hpp"
#include "eval/metrics/preprocessing.hpp"

namespace onepass::eval {
namespace {

/// The frames in which a track is matched to a person, in order.
struct Cover {
  std::int64_t frame = 0;
  int person = 0;
};
using Covers = std::map<int, std::vector<Cover>>;  // by track

struct Visit {
  std::int64_t begin = 0, end = 0;  ///< first and last frame with a ground truth box
  std::vector<ClearMatch> matches{};
  int arrival = unmatched;    ///< track with most of the first matches
  int departure = unmatched;  ///< track with most of the last matches
  std::int64_t taken = 0;     ///< first frame with the track of the arrival
};

using Visits = std::vector<std::vector<Visit>>;  // by person, in order

Visits visits_of(const OverlapSequence& sequence, double absence_frames) {
  Visits visits(sequence.truth.names.size());
  for (std::int64_t frame = 0; frame < sequence.frame_count(); ++frame) {
    for (const int person : sequence.truth.frame(frame)) {
      auto& of_person = visits[static_cast<std::size_t>(person)];
      const bool stays = !of_person.empty() && static_cast<double>(frame - of_person.back().end) <= absence_frames;
      if (!stays) of_person.push_back({frame, frame});
      of_person.back().end = frame;
    }
  }
  return visits;
}

/// The track with most matches; the first, if several have as many.
int most_frequent(std::span<const ClearMatch> matches) {
  std::map<int, std::int64_t> frames;
  int most = unmatched;
  for (const auto& match : matches) ++frames[match.track];
  for (const auto& match : matches)
    if (most == unmatched || frames[match.track] > frames[most]) most = match.track;
  return most;
}

void assign_tracks(Visit& visit, double absence_frames) {
  const std::span<const ClearMatch> matches(visit.matches);
  const auto some = std::min(matches.size(), static_cast<std::size_t>(std::max(absence_frames, 1.0)));
  visit.arrival = most_frequent(matches.first(some));
  visit.departure = most_frequent(matches.last(some));
  visit.taken = std::ranges::find(visit.matches, visit.arrival, &ClearMatch::track)->frame;
}

/// Gives the matches to the visits and drops the visits with too few.
void assign_matches(Visits& visits, const std::vector<ClearMatch>& matches, const ReturnRules& how) {
  for (const auto& match : matches) {
    auto& of_person = visits[static_cast<std::size_t>(match.truth)];
    const auto later = std::ranges::upper_bound(of_person, match.frame, {}, &Visit::begin);
    std::prev(later)->matches.push_back(match);
  }
  for (auto& of_person : visits) {
    std::erase_if(of_person, [&](const Visit& visit) { return std::ssize(visit.matches) < how.least_frames; });
    for (auto& visit : of_person) assign_tracks(visit, how.absence_frames);
  }
}

bool is_merged(const Visit& visit, int person, const std::vector<Cover>& covers, const ReturnRules& how) {
  std::int64_t others = 0;
  std::optional<std::int64_t> last;
  for (const auto& cover : covers) {
    if (cover.frame >= visit.taken) break;
    others += cover.person != person;
    last = cover.frame;
  }
  return others >= how.least_frames && static_cast<double>(visit.taken - *last) > how.absence_frames;
}

void count_visits(const Visits& visits, const Covers& covers, const ReturnRules& how, ReturnCounts& counts) {
  for (std::size_t person = 0; person < visits.size(); ++person) {
    for (std::size_t i = 0; i < visits[person].size(); ++i) {
      const auto& visit = visits[person][i];
      const bool merged = is_merged(visit, static_cast<int>(person), covers.at(visit.arrival), how);
      if (i == 0) {
        ++counts.newcomers;
        counts.merged_newcomers += merged;
      } else {
        const bool kept = visit.arrival == visits[person][i - 1].departure;
        ++counts.returns;
        counts.kept += kept;
        counts.merged_returns += merged && !kept;
      }
    }
  }
}

void count_ids(const Covers& covers, std::int64_t least_frames, ReturnCounts& counts) {
  for (const auto& [track, frames] : covers) {
    std::map<int, std::int64_t> people;
    for (const auto& cover : frames) ++people[cover.person];
    const auto covered = std::ranges::count_if(people, [&](const auto& entry) { return entry.second >= least_frames; });
    counts.ids += covered > 0;
    counts.shared_ids += covered > 1;
  }
}

}  // namespace

ReturnCounts count_returns(const LabeledSequence& truth, const LabeledSequence& result, const EvaluationRules& rules,
                           const ReturnRules& how) {
  const auto sequence = preprocess(truth, result, rules);
  std::vector<ClearMatch> matches;
  score_clear(sequence, rules.match_overlap, matches);
  auto visits = visits_of(sequence, how.absence_frames);
  assign_matches(visits, matches, how);
  Covers covers;
  for (const auto& match : matches) covers[match.track].push_back({match.frame, match.truth});
  ReturnCounts counts;
  count_visits(visits, covers, how, counts);
  count_ids(covers, how.least_frames, counts);
  return counts;
}

ReturnCounts sum(std::span<const ReturnCounts> counts) {
  ReturnCounts total;
  for (const auto& each : counts) {
    for (const auto field :
         {&ReturnCounts::returns, &ReturnCounts::kept, &ReturnCounts::merged_returns, &ReturnCounts::newcomers,
          &ReturnCounts::merged_newcomers, &ReturnCounts::ids, &ReturnCounts::shared_ids}) {
      total.*field += each.*field;
    }
  }
  return total;
}

}  // namespace onepass::eval
