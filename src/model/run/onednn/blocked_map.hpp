// Provides views of feature maps stored in blocks of channels (see MapLayout), and copies between them.
#pragma once

#include <cstdint>

namespace onepass::model {

struct BlockedMap {
  float* data = nullptr;
  std::int64_t channels = 0;
  std::int64_t cells = 0;
  std::int64_t block = 1;

  /// Address of channel c in the first cell; the other cells follow at intervals of `block` floats.
  float* channel(std::int64_t c) const { return data + c / block * block * cells + c % block; }
};

struct ChannelRange {
  std::int64_t from = 0;  ///< first channel in the source
  std::int64_t to = 0;    ///< first channel in the destination
  std::int64_t count = 0;
};

/// Copies channels between two maps with the same number of cells and the same block size.
void copy_channels(const BlockedMap& source, const BlockedMap& destination, const ChannelRange& range);

/// Sets the unused channels of the last block to zero, because oneDNN's convolutions read them.
void clear_padding(const BlockedMap& map);

/// Size and position of a smaller map within a larger one, in cells.
struct MapWindow {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t outer_width = 0;
  std::int64_t top = 0;
  std::int64_t left = 0;
};

/// Copies all channels into a window of the destination and sets the cells outside the window to zero.
void pad_with_zeros(const BlockedMap& source, const BlockedMap& destination, const MapWindow& window);

}  // namespace onepass::model
