// Writes the records of pieces, and reads what they become.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/stitcher.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {

inline Track track(std::int64_t id, float left) {
  Track result;
  result.id = id;
  result.box = {left, 10, 20, 40};
  result.score = 0.1F;
  return result;
}

/// Writes the record of a piece at 10 frames per second, and returns its path.
/// @param tracks_at gives the tracks of a frame by its index
template <typename TracksAt>
std::filesystem::path write_piece(const TemporaryFolder& folder, const batch::Piece& piece, int first, int end,
                                  TracksAt tracks_at, int index_error = 0, const std::string& space = "") {
  batch::RecordHeader header;
  header.source.name = "day";
  header.source.frame_rate = 10;
  header.source.size = {640, 480};
  header.source.stride = 1;
  header.class_names = {"person"};
  header.piece = piece;
  header.space = space;
  const auto path = folder / (batch::file_name(piece) + ".jsonl");
  const auto sink = batch::make_record_sink(path, Overwrite::replace, header);
  for (int index = first; index < end; ++index) {
    Frame frame;
    frame.index = index + index_error;
    frame.time = Timestamp(index / 10.0);
    frame.size = {640, 480};
    const std::vector<Track> tracks = tracks_at(index);
    sink->write(frame, tracks);
  }
  sink->close();
  return path;
}

/// Index and ids of every frame, as text.
inline std::vector<std::string> all_frames(batch::Stitcher& stitcher) {
  std::vector<std::string> frames;
  while (const auto frame = stitcher.next()) {
    auto text = std::to_string(frame->frame.index) + ":";
    for (const auto& each : frame->tracks) text += " " + std::to_string(each.id);
    frames.push_back(text);
  }
  return frames;
}

}  // namespace onepass::test
