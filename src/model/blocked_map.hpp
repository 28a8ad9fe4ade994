// Maps in blocks of channels, as MapLayout lays them out, and copies between them.
#pragma once

#include <cstdint>

namespace onepass {

struct BlockedMap {
  float* data = nullptr;
  std::int64_t channels = 0;
  std::int64_t cells = 0;
  std::int64_t block = 1;

  /// The first cell's number of a channel; those of the other cells follow at distances of `block`.
  float* channel(std::int64_t c) const { return data + c / block * block * cells + c % block; }
};

struct ChannelRange {
  std::int64_t from = 0;  ///< in the source
  std::int64_t to = 0;    ///< in the destination
  std::int64_t count = 0;
};

/// Copies channels between maps of as many cells and the same block.
void copy_channels(const BlockedMap& source, const BlockedMap& destination, const ChannelRange& range);

/// Sets to zero what the last block has beyond the channels: oneDNN's convolutions read it.
void clear_padding(const BlockedMap& map);

/// Where a smaller map lies within a larger one, in cells.
struct MapWindow {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t outer_width = 0;
  std::int64_t top = 0;
  std::int64_t left = 0;
};

/// Copies all channels into a window of the destination, and sets what is around it to zero.
void pad_with_zeros(const BlockedMap& source, const BlockedMap& destination, const MapWindow& window);

}  // namespace onepass
