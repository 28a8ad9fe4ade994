// Defines the unit of a batch, which any engine can repeat: a source, or one piece of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time_span.hpp"

namespace onepass::batch {

/// One of the pieces of a source. Each piece but the first begins within the one before, so that their tracks can be
/// matched.
struct Piece {
  int number = 1;  ///< from 1
  int count = 1;
  TimeSpan span{};

  bool operator==(const Piece&) const = default;
};

struct Unit {
  std::string name;    ///< of its output files
  std::string source;  ///< location, as in open_source
  std::optional<Piece> piece{};
  std::string detections{};          ///< detection file to replay; "": that of the run
  std::string camera_motion_file{};  ///< "": that of the configuration

  bool operator==(const Unit&) const = default;
};

/// Lengths in seconds.
struct Split {
  double length_s = 0;  ///< from the start of a piece to the start of the next, > overlap_s
  double overlap_s = 0;
};

/// Cuts a source of this duration into pieces: piece n begins at (n - 1) * length_s and lasts until overlap_s after the
/// begin of the next. The last piece has no end, because announced durations are estimates.
/// @throws std::invalid_argument if the overlap is not shorter than the pieces, or if there would be more than 100000.
std::vector<Piece> pieces_of(double duration_s, const Split& split);

/// Returns the file name of a piece without extension, such as "0003".
std::string file_name(const Piece& piece);

/// Every count-th unit, beginning with unit `number`.
struct Shard {
  int number = 1;  ///< from 1
  int count = 1;
};

/// Reads such as "3/12".
/// @throws std::invalid_argument otherwise.
Shard parse_shard(const std::string& text);

template <typename Item>
std::vector<Item> shard_of(const std::vector<Item>& units, const Shard& shard) {
  std::vector<Item> chosen;
  const auto step = static_cast<std::size_t>(shard.count);
  for (auto i = static_cast<std::size_t>(shard.number - 1); i < units.size(); i += step) chosen.push_back(units[i]);
  return chosen;
}

/// Returns the unit as JSON on one line, without a line break:
/// {"unit": "street", "source": "street.mp4", "piece": 3, "pieces": 12, "from_s": 1200, "to_s": 1810}
/// Keys without a value are left out: those of the piece, "detections" and "camera_motion_file".
std::string to_line(const Unit& unit);

/// Reads a line of a list of units: JSON as of to_line, or only the location of a source. The name is empty if the line
/// has none.
/// @throws std::runtime_error saying what is wrong, without the place.
Unit parse_unit(std::string_view line);

}  // namespace onepass::batch
