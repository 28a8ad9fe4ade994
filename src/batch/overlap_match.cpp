#include "batch/overlap_match.hpp"

#include <cstddef>
#include <set>
#include <utility>

#include "eval/assignment/linear_assignment.hpp"

namespace onepass::batch {
namespace {

/// Sums over the frames that have both tracks.
struct Agreement {
  double present = 0;  ///< weights of these frames
  double agreed = 0;   ///< weights of the frames in which the boxes agree
  double overlap = 0;  ///< the same times IoU
};

using Pair = std::pair<std::int64_t, std::int64_t>;  ///< ids of the earlier and of the later piece

std::map<Pair, Agreement> compare(std::span<const CommonFrame> frames) {
  constexpr float same_box = 0.5F;
  std::map<Pair, Agreement> agreements;
  for (std::size_t n = 0; n < frames.size(); ++n) {
    const double weight = static_cast<double>(n + 1) / static_cast<double>(frames.size());
    for (const auto& earlier : frames[n].earlier) {
      for (const auto& later : frames[n].later) {
        auto& agreement = agreements[{earlier.id, later.id}];
        agreement.present += weight;
        const auto iou = intersection_over_union(earlier.box, later.box);
        if (iou < same_box) continue;
        agreement.agreed += weight;
        agreement.overlap += weight * iou;
      }
    }
  }
  std::erase_if(agreements, [](const auto& entry) {
    return entry.second.agreed <= 0 || entry.second.agreed < entry.second.present / 2;
  });
  return agreements;
}

std::vector<std::int64_t> sorted(const std::set<std::int64_t>& ids) { return {ids.begin(), ids.end()}; }

}  // namespace

std::map<std::int64_t, std::int64_t> match_overlap(std::span<const CommonFrame> frames) {
  const auto agreements = compare(frames);
  std::set<std::int64_t> earlier_ids, later_ids;
  for (const auto& [pair, unused] : agreements) {
    earlier_ids.insert(pair.first);
    later_ids.insert(pair.second);
  }
  const auto rows = sorted(later_ids);
  const auto columns = sorted(earlier_ids);
  std::vector<double> costs(rows.size() * columns.size(), 0);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const auto found = agreements.find({columns[column], rows[row]});
      if (found != agreements.end()) costs[row * columns.size() + column] = -found->second.overlap;
    }
  }
  std::map<std::int64_t, std::int64_t> matches;
  if (costs.empty()) return matches;
  eval::LinearAssignment solver;
  const auto assigned = solver.solve(costs, static_cast<int>(rows.size()), static_cast<int>(columns.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto column = assigned[row];
    if (column >= 0 && costs[row * columns.size() + static_cast<std::size_t>(column)] < 0)
      matches[rows[row]] = columns[static_cast<std::size_t>(column)];
  }
  return matches;
}

}  // namespace onepass::batch
