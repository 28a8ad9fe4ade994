// Joins the records of all pieces of a source into one stream of tracks.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "batch/piece_memory.hpp"
#include "batch/piece_record.hpp"

namespace onepass::batch {

/// What was joined at the beginning of one piece.
struct Seam {
  int piece = 0;                   ///< number of the later piece
  std::int64_t common_frames = 0;  ///< frames that both pieces have
  std::int64_t continued = 0;      ///< tracks of the later piece that continue one of the earlier piece
  std::int64_t open = 0;           ///< tracks in the last common frame of the earlier piece that none continues
  std::int64_t index_offset = 0;   ///< added to the frame indices of the later piece
};

/// Delivers the frames of all pieces in order, each once. In an overlap, the frames are those of the earlier piece,
/// whose tracks know more of the past, up to its end. A track keeps its identity from one piece to the next as
/// match_overlap says. With a memory, other tracks of a later piece are compared with the identities of the earlier
/// ones, as PieceMemories says. Ids are dense from 1, in the order of the first frame that shows them; within a frame,
/// in the order of the ids within the piece. Only the frames of one overlap are kept in memory.
class Stitcher {
 public:
  /// @param records files in any order
  /// @param memory of the trackers of all pieces; if it is enabled, memory_of() every record is read
  /// @throws std::runtime_error if a record or memory is damaged, or pieces are missing, double, or of different
  ///         sources.
  explicit Stitcher(const std::vector<std::filesystem::path>& records, const MemoryConfig& memory = {});

  /// Header of the first piece.
  const RecordHeader& header() const { return pieces_.front().header(); }

  /// Returns the next frame, with tracks sorted by their global ids.
  /// @throws std::runtime_error as RecordReader::next, and if the times of an overlap contradict each other.
  std::optional<RecordedFrame> next();

  std::int64_t identities() const { return identities_; }

  /// Tracks that got an id of an earlier piece from its memory, not from an overlap.
  std::int64_t recognized() const { return recognized_; }
  const std::vector<Seam>& seams() const { return seams_; }

 private:
  void begin_next_piece();
  std::int64_t offset_of(const std::vector<RecordedFrame>& head) const;
  RecordedFrame with_global_ids(RecordedFrame frame);
  void remember_piece();
  std::int64_t new_id(std::int64_t id, double time_s);

  std::vector<RecordReader> pieces_;
  std::size_t piece_ = 0;
  std::int64_t offset_ = 0;            ///< of the indices of the piece
  std::deque<RecordedFrame> tail_;     ///< last frames of the piece that the next one has too, with its own ids
  std::deque<RecordedFrame> waiting_;  ///< frames of the piece that were read ahead
  std::map<std::int64_t, std::int64_t> global_ids_;  ///< by id in the piece
  std::map<std::int64_t, double> first_seen_;        ///< times of the tracks of the overlap, by id in the piece
  double shown_s_ = 0;                               ///< time of the newest frame
  std::optional<PieceMemories> memories_;
  std::int64_t identities_ = 0;
  std::int64_t recognized_ = 0;
  std::vector<Seam> seams_;
};

}  // namespace onepass::batch
