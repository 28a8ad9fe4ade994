#include "eval/metrics/clear.hpp"

#include <algorithm>
#include <cmath>

#include "eval/metrics/frame_matching.hpp"

namespace onepass::eval {
namespace {

constexpr const char* family_name = "CLEAR";

/// Matches boxes frame by frame; pairs of the previous frame are kept if they still overlap enough.
class ClearMatcher {
 public:
  ClearMatcher(const OverlapSequence& sequence, double match_overlap)
      : sequence_(sequence),
        least_overlap_(match_overlap - rounding),
        track_before_(sequence.truth.names.size(), unmatched) {}

  /// Returns the matched overlaps of a frame, ordered by row. Frames must be passed in order.
  std::span<const Overlap> match(std::int64_t frame);

  /// Returns the track that an identity was matched with in the last remembered frame, or `unmatched`.
  int track_before(int truth) const { return track_before_[static_cast<std::size_t>(truth)]; }

  /// Stores the matches of this frame as those of the previous frame for the next call of match().
  void remember(std::int64_t frame);

 private:
  const OverlapSequence& sequence_;
  double least_overlap_;
  std::vector<int> track_before_;  ///< track in the last remembered frame, by ground truth identity
  std::vector<int> remembered_;    ///< ground truth identities that have an entry in track_before_
  std::vector<Overlap> candidates_;
  std::vector<double> weights_;
  std::span<const Overlap> matches_;
  FrameMatcher matcher_;
};

std::span<const Overlap> ClearMatcher::match(std::int64_t frame) {
  // A kept match outweighs any gain in IoU. The value is that of the published evaluation, because its rounding decides
  // ties.
  constexpr double kept_match_bonus = 1000;
  const auto truths = sequence_.truth.frame(frame);
  const auto tracks = sequence_.result.frame(frame);
  candidates_.clear();
  weights_.clear();
  for (const auto& overlap : sequence_.frame(frame)) {
    if (overlap.iou < least_overlap_) continue;
    const bool kept =
        track_before(truths[static_cast<std::size_t>(overlap.row)]) == tracks[static_cast<std::size_t>(overlap.column)];
    candidates_.push_back(overlap);
    weights_.push_back((kept ? kept_match_bonus : 0) + overlap.iou);
  }
  matches_ = matcher_.match(truths.size(), tracks.size(), candidates_, weights_);
  return matches_;
}

void ClearMatcher::remember(std::int64_t frame) {
  for (const int truth : remembered_) track_before_[static_cast<std::size_t>(truth)] = unmatched;
  remembered_.clear();
  for (const auto& overlap : matches_) {
    const int truth = sequence_.truth.frame(frame)[static_cast<std::size_t>(overlap.row)];
    track_before_[static_cast<std::size_t>(truth)] =
        sequence_.result.frame(frame)[static_cast<std::size_t>(overlap.column)];
    remembered_.push_back(truth);
  }
}

/// Statistics of one ground truth identity.
struct Life {
  double frames = 0;
  double matched = 0;
  double times_found = 0;  ///< times it was matched without being matched in the previous frame
  int track = unmatched;   ///< last track it was matched with
};

/// Classifies the identities by the share of their frames in which they were matched, and counts fragmentations.
void score_lives(const std::vector<Life>& lives, ClearScores& scores) {
  for (const auto& life : lives) {
    const double share = life.matched / life.frames;
    if (share > 0.8) {
      scores.mostly_tracked += 1;
    } else if (share >= 0.2) {
      scores.partly_tracked += 1;
    } else {
      scores.mostly_lost += 1;
    }
    scores.fragmentations += std::max(0.0, life.times_found - 1);
  }
}

/// Scores a sequence in which the ground truth or the tracker has no boxes. As in the official evaluation, only the
/// ratio of mostly lost identities is set, and the frames are not counted.
ClearScores score_one_sided(const OverlapSequence& sequence) {
  ClearScores scores;
  scores.false_negatives = static_cast<double>(sequence.truth.box_count());
  scores.false_positives = static_cast<double>(sequence.result.box_count());
  scores.mostly_lost = static_cast<double>(sequence.truth.names.size());
  scores.mostly_lost_ratio = 1;
  return scores;
}

void form_ratios(ClearScores& s) {
  const double identities = s.mostly_tracked + s.partly_tracked + s.mostly_lost;
  const double boxes = s.true_positives + s.false_negatives;
  s.mostly_tracked_ratio = ratio(s.mostly_tracked, identities);
  s.partly_tracked_ratio = ratio(s.partly_tracked, identities);
  s.mostly_lost_ratio = ratio(s.mostly_lost, identities);
  s.recall = ratio(s.true_positives, boxes);
  s.precision = ratio(s.true_positives, s.true_positives + s.false_positives);
  s.moda = ratio(s.true_positives - s.false_positives, boxes);
  s.mota = ratio(s.true_positives - s.false_positives - s.identity_switches, boxes);
  s.motp = ratio(s.overlap_sum, s.true_positives);
  s.smota = ratio(s.overlap_sum - s.false_positives - s.identity_switches, boxes);
  s.f1 = ratio(s.true_positives, s.true_positives + s.false_negatives / 2 + s.false_positives / 2);
  s.false_positives_per_frame = ratio(s.false_positives, s.frames);
  const double logarithm = s.identity_switches > 0 ? std::log10(s.identity_switches) : 0;
  s.motal = ratio(s.true_positives - s.false_positives - logarithm, boxes);
}

void add(const ClearScores& sequence, ClearScores& sum) {
  using S = ClearScores;
  for (const auto count :
       {&S::true_positives, &S::false_negatives, &S::false_positives, &S::identity_switches, &S::mostly_tracked,
        &S::partly_tracked, &S::mostly_lost, &S::fragmentations, &S::frames, &S::overlap_sum})
    sum.*count += sequence.*count;
}

ScoreFields fields(Scores& scores) {
  auto& s = scores.clear;
  return {
      {family_name, "MOTA", FieldKind::share, &s.mota},
      {family_name, "MOTP", FieldKind::share, &s.motp},
      {family_name, "MODA", FieldKind::share, &s.moda},
      {family_name, "CLR_Re", FieldKind::share, &s.recall},
      {family_name, "CLR_Pr", FieldKind::share, &s.precision},
      {family_name, "MTR", FieldKind::share, &s.mostly_tracked_ratio},
      {family_name, "PTR", FieldKind::share, &s.partly_tracked_ratio},
      {family_name, "MLR", FieldKind::share, &s.mostly_lost_ratio},
      {family_name, "sMOTA", FieldKind::share, &s.smota},
      {family_name, "CLR_F1", FieldKind::share, &s.f1},
      {family_name, "FP_per_frame", FieldKind::mean, &s.false_positives_per_frame},
      {family_name, "MOTAL", FieldKind::share, &s.motal},
      {family_name, "MOTP_sum", FieldKind::mean, &s.overlap_sum},  // TrackEval averages this sum over classes as well
      {family_name, "CLR_TP", FieldKind::count, &s.true_positives},
      {family_name, "CLR_FN", FieldKind::count, &s.false_negatives},
      {family_name, "CLR_FP", FieldKind::count, &s.false_positives},
      {family_name, "IDSW", FieldKind::count, &s.identity_switches},
      {family_name, "MT", FieldKind::count, &s.mostly_tracked},
      {family_name, "PT", FieldKind::count, &s.partly_tracked},
      {family_name, "ML", FieldKind::count, &s.mostly_lost},
      {family_name, "Frag", FieldKind::count, &s.fragmentations},
      {family_name, "CLR_Frames", FieldKind::count, &s.frames},
  };
}

}  // namespace

ClearScores score_clear(const OverlapSequence& sequence, double match_overlap, std::vector<ClearMatch>& matches) {
  if (sequence.truth.box_count() == 0 || sequence.result.box_count() == 0) return score_one_sided(sequence);
  ClearScores scores;
  std::vector<Life> lives(sequence.truth.names.size());
  for (const int truth : sequence.truth.identities) lives[static_cast<std::size_t>(truth)].frames += 1;
  ClearMatcher matcher(sequence, match_overlap);
  for (std::int64_t frame = 0; frame < sequence.frame_count(); ++frame) {
    const auto truths = sequence.truth.frame(frame);
    const auto tracks = sequence.result.frame(frame);
    if (truths.empty() || tracks.empty()) continue;  // such a frame does not end a match
    for (const auto& overlap : matcher.match(frame)) {
      const int truth = truths[static_cast<std::size_t>(overlap.row)];
      const int track = tracks[static_cast<std::size_t>(overlap.column)];
      auto& life = lives[static_cast<std::size_t>(truth)];
      if (life.track != unmatched && life.track != track) scores.identity_switches += 1;
      life.track = track;
      life.matched += 1;
      if (matcher.track_before(truth) == unmatched) life.times_found += 1;
      scores.true_positives += 1;
      scores.overlap_sum += overlap.iou;
      matches.push_back(
          {frame, truth, track, static_cast<std::size_t>(overlap.row), static_cast<std::size_t>(overlap.column)});
    }
    matcher.remember(frame);
  }
  scores.false_negatives = static_cast<double>(sequence.truth.box_count()) - scores.true_positives;
  scores.false_positives = static_cast<double>(sequence.result.box_count()) - scores.true_positives;
  scores.frames = static_cast<double>(sequence.frame_count());
  score_lives(lives, scores);
  form_ratios(scores);
  return scores;
}

Family clear_family() {
  return {.name = family_name,
          .score =
              [](const FamilyInput& input, SequenceScores& scores) {
                std::vector<ClearMatch> matches;
                scores.scores.clear = score_clear(input.sequence, input.match_overlap, matches);
                scores.switches = find_switches(input.sequence, matches, input.truth, input.result);
              },
          .fields = fields,
          .add = [](const Scores& sequence, Scores& sum) { add(sequence.clear, sum.clear); },
          .form_ratios = [](Scores& sum) { form_ratios(sum.clear); },
          .has_boxes =
              [](const Scores& scores) {
                const auto& s = scores.clear;
                return s.true_positives + s.false_negatives + s.false_positives > 0;
              }};
}

}  // namespace onepass::eval
