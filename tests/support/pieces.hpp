// Writes the records and memories of pieces, and reads what they become.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "batch/stitcher.hpp"
#include "support/temporary_folder.hpp"
#include "track/memory/memory_state.hpp"

namespace onepass::test {

inline Track track(std::int64_t id, float left) {
  Track result;
  result.id = id;
  result.box = {left, 10, 20, 40};
  result.score = 0.1F;
  return result;
}

/// The ids of a frame, each at its place in the picture.
inline std::vector<Track> tracks(std::initializer_list<std::int64_t> ids) {
  std::vector<Track> result;
  for (const auto id : ids) result.push_back(track(id, static_cast<float>(50 * result.size())));
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

/// A person who looks the same but for noise: distances to oneself are about .1, to others about .5.
class Person {
 public:
  explicit Person(unsigned seed, int length = 64) : random_(seed), length_(length), look_(any()) {}
  Embedding seen() { return (look_ + 0.5F * any()).normalized(); }

 private:
  Embedding any() {
    std::normal_distribution<float> normal;
    Embedding result(length_);
    for (auto& value : result) value = normal(random_);
    return result.normalized();
  }

  std::mt19937 random_;
  int length_;
  Embedding look_;
};

/// An identity of a piece: its id there, and how long before the end of the piece it was last seen.
struct Seen {
  std::int64_t id;
  Person* person;
  double unseen_s = 0;
};

struct MemoryContent {
  std::string space;
  std::int64_t samples = 1000;  ///< of the distances that are known
};

/// Writes the memory of a piece beside its record.
inline void write_memory(const std::filesystem::path& record, const MemoryConfig& config, const MemoryContent& content,
                         const std::vector<Seen>& identities) {
  Memory memory(config);
  auto& state = memory.state();
  state.identities = 100;
  state.clock_s = 50;
  state.separation = {content.samples, 0.1, 0.001, 0.4, 0.001};
  for (const auto& [id, person, unseen_s] : identities) {
    const auto embedding = person->seen();
    state.length = embedding.size();
    onepass::track::RememberedIdentity identity;
    identity.id = id;
    identity.hits = 10;
    identity.last_seen_s = state.clock_s - unseen_s;
    identity.views.push_back({onepass::track::CompactEmbedding(embedding), 5});
    state.gallery.put(std::move(identity), state.clock_s);
  }
  memory.save(batch::memory_of(record), content.space);
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
