#include "batch/stitcher.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "batch/overlap_match.hpp"

namespace onepass::batch {
namespace {

namespace fs = std::filesystem;

constexpr double same_time_s = 1e-6;  ///< frames of two pieces at this distance are the same

std::string space_text(const RecordHeader& header) { return header.space.empty() ? "none" : header.space; }

void require_all_pieces(const std::vector<RecordReader>& pieces) {
  if (pieces.empty()) throw std::runtime_error("there are no pieces to stitch");
  const auto& first = pieces.front().header();
  std::set<int> missing;
  for (int number = 1; number <= first.piece.count; ++number) missing.insert(number);
  for (const auto& piece : pieces) {
    const auto& header = piece.header();
    if (header.source.name != first.source.name || header.piece.count != first.piece.count ||
        header.source.stride != first.source.stride || header.source.frame_rate != first.source.frame_rate ||
        header.class_names != first.class_names)
      throw std::runtime_error(fmt::format("{} does not fit {}: they are pieces of different sources or runs",
                                           piece.path().string(), pieces.front().path().string()));
    if (header.space != first.space)
      throw std::runtime_error(fmt::format("{} does not fit {}: it has embeddings of another kind ({}, not {})",
                                           piece.path().string(), pieces.front().path().string(), space_text(header),
                                           space_text(first)));
    if (missing.erase(header.piece.number) == 0)
      throw std::runtime_error(fmt::format("{}: piece {} of {} is given twice, or was not expected",
                                           piece.path().string(), header.piece.number, first.piece.count));
  }
  if (!missing.empty())
    throw std::runtime_error(fmt::format("{}: {} of {} pieces {} missing: {}", first.source.name, missing.size(),
                                         first.piece.count, missing.size() == 1 ? "is" : "are",
                                         fmt::join(missing, ", ")));
}

std::vector<Track> tracks_at(const std::deque<RecordedFrame>& frames, std::int64_t index) {
  const auto found = std::ranges::lower_bound(frames, index, {}, [](const auto& each) { return each.frame.index; });
  return found != frames.end() && found->frame.index == index ? found->tracks : std::vector<Track>();
}

bool has_frame(const std::deque<RecordedFrame>& frames, std::int64_t index) {
  return std::ranges::binary_search(frames, index, {}, [](const auto& each) { return each.frame.index; });
}

}  // namespace

Stitcher::Stitcher(const std::vector<fs::path>& records, const MemoryConfig& memory) {
  for (const auto& record : records) pieces_.emplace_back(record);
  std::ranges::stable_sort(pieces_, {}, [](const RecordReader& piece) { return piece.header().piece.number; });
  require_all_pieces(pieces_);
  if (!memory.enabled) return;
  memories_.emplace(memory);
  remember_piece();
}

void Stitcher::remember_piece() {
  const auto& piece = pieces_[piece_];
  if (memories_) memories_->begin(memory_of(piece.path()), piece.header().space, global_ids_);
}

std::optional<RecordedFrame> Stitcher::next() {
  while (true) {
    std::optional<RecordedFrame> frame;
    if (!waiting_.empty()) {
      frame = std::move(waiting_.front());
      waiting_.pop_front();
    } else if ((frame = pieces_[piece_].next())) {
      frame->frame.index += offset_;
    }
    if (!frame) {
      if (piece_ + 1 == pieces_.size()) return std::nullopt;
      begin_next_piece();
      continue;
    }
    const bool is_last = piece_ + 1 == pieces_.size();
    if (!is_last && frame->frame.time.count() >= pieces_[piece_ + 1].header().piece.span.from_s - same_time_s)
      tail_.push_back(*frame);
    return with_global_ids(std::move(*frame));
  }
}

/// Returns what to add to the indices of the later piece. Its own are estimates, because a video cannot be counted
/// without decoding it from its start; a frame that both pieces have tells.
std::int64_t Stitcher::offset_of(const std::vector<RecordedFrame>& head) const {
  for (const auto& frame : head) {
    const auto time_s = frame.frame.time.count();
    const auto same = std::ranges::find_if(
        tail_, [&](const auto& each) { return std::abs(each.frame.time.count() - time_s) <= same_time_s; });
    if (same != tail_.end()) return same->frame.index - frame.frame.index;
  }
  if (!tail_.empty() && !head.empty())
    throw std::runtime_error(fmt::format(
        "{}: no frame of its first {:.1f} s has the time of a frame of the piece before; the times of this source "
        "cannot be relied on, so that it cannot be tracked in pieces",
        pieces_[piece_].path().string(), tail_.back().frame.time.count() - tail_.front().frame.time.count()));
  return 0;
}

void Stitcher::begin_next_piece() {
  if (memories_) memories_->end(global_ids_, shown_s_);
  ++piece_;
  auto& piece = pieces_[piece_];
  const double end_s = tail_.empty() ? 0 : tail_.back().frame.time.count();
  std::vector<RecordedFrame> head;
  while (auto frame = piece.next()) {
    head.push_back(std::move(*frame));
    if (head.back().frame.time.count() > end_s + same_time_s) break;
  }
  offset_ = offset_of(head);
  std::vector<CommonFrame> common;
  Seam seam{.piece = piece.header().piece.number, .index_offset = offset_};
  first_seen_.clear();
  for (auto& frame : head) {
    frame.frame.index += offset_;
    for (const auto& track : frame.tracks) first_seen_.emplace(track.id, frame.frame.time.count());
    if (has_frame(tail_, frame.frame.index)) common.push_back({tracks_at(tail_, frame.frame.index), frame.tracks});
    if (tail_.empty() || frame.frame.index > tail_.back().frame.index) waiting_.push_back(std::move(frame));
  }
  const auto matches = match_overlap(common);
  std::map<std::int64_t, std::int64_t> global_ids;
  std::set<std::int64_t> continued;
  for (const auto& [later, earlier] : matches) {
    global_ids[later] = global_ids_.at(earlier);
    continued.insert(earlier);
  }
  seam.common_frames = static_cast<std::int64_t>(common.size());
  seam.continued = static_cast<std::int64_t>(matches.size());
  if (!common.empty())
    seam.open =
        std::ranges::count_if(common.back().earlier, [&](const Track& track) { return !continued.contains(track.id); });
  global_ids_ = std::move(global_ids);
  remember_piece();
  tail_.clear();
  seams_.push_back(seam);
}

/// The id of a track that is shown for the first time in its piece, and continues none of the piece before.
std::int64_t Stitcher::new_id(std::int64_t id, double time_s) {
  const auto seen = first_seen_.find(id);
  const auto known = memories_ ? memories_->recognize(id, seen == first_seen_.end() ? time_s : seen->second) : 0;
  if (known == 0) return ++identities_;
  ++recognized_;
  return known;
}

RecordedFrame Stitcher::with_global_ids(RecordedFrame frame) {
  shown_s_ = frame.frame.time.count();
  std::ranges::sort(frame.tracks, {}, &Track::id);
  for (auto& track : frame.tracks) {
    auto& global = global_ids_[track.id];
    if (global == 0) global = new_id(track.id, shown_s_);
    track.id = global;
  }
  std::ranges::sort(frame.tracks, {}, &Track::id);
  return frame;
}

}  // namespace onepass::batch
