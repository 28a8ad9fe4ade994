#include "model/run/onednn/blocked_map.hpp"

#include <algorithm>
#include <cstring>

#include <ATen/Parallel.h>

namespace onepass::model {

void copy_channels(const BlockedMap& source, const BlockedMap& destination, const ChannelRange& range) {
  const auto block = source.block;
  if (range.from % block == 0 && range.to % block == 0 && range.count % block == 0) {
    at::parallel_for(0, range.count / block, 1, [&](std::int64_t begin, std::int64_t end) {
      std::memcpy(destination.channel(range.to + begin * block), source.channel(range.from + begin * block),
                  static_cast<std::size_t>((end - begin) * block * source.cells) * sizeof(float));
    });
    return;
  }
  at::parallel_for(0, range.count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      const float* from = source.channel(range.from + i);
      float* to = destination.channel(range.to + i);
      for (std::int64_t cell = 0; cell < source.cells; ++cell) to[cell * block] = from[cell * block];
    }
  });
}

void clear_padding(const BlockedMap& map) {
  const auto used = map.channels % map.block;
  if (used == 0) return;
  float* last = map.channel(map.channels - used);
  for (std::int64_t cell = 0; cell < map.cells; ++cell)
    std::fill(last + cell * map.block + used, last + (cell + 1) * map.block, 0.0F);
}

void pad_with_zeros(const BlockedMap& source, const BlockedMap& destination, const MapWindow& window) {
  const auto block = source.block;
  at::parallel_for(0, (source.channels + block - 1) / block, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      const float* from = source.channel(i * block);
      float* to = destination.channel(i * block);
      std::fill(to, to + destination.cells * block, 0.0F);
      for (std::int64_t row = 0; row < window.height; ++row)
        std::copy_n(from + row * window.width * block, window.width * block,
                    to + ((window.top + row) * window.outer_width + window.left) * block);
    }
  });
}

}  // namespace onepass::model
