#include "model/run/onednn/attention.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <ATen/ops/from_blob.h>
#include <ATen/ops/softmax.h>
#include <c10/core/InferenceMode.h>
#include <oneapi/dnnl/dnnl.h>

namespace onepass::model {

// The work is divided by heads, areas and queries into tiles of a fixed size, each computed by one thread. oneDNN's
// matrix products are single-threaded inside a parallel region, so their sums do not depend on the number of threads.
// A tile stores only the attention weights of its queries; the whole matrix would grow with the square of the cells.
void attend(const float* mixed, const SelfAttention& attention, std::int64_t cells, float* attended) {
  constexpr std::int64_t tile_size = 64;
  const std::int64_t keys = attention.key_channels, values = attention.value_channels;
  const auto area = cells / attention.areas;  // cells that attend to each other
  const auto tiles = (area + tile_size - 1) / tile_size;
  const auto scale = static_cast<float>(std::pow(attention.key_channels, -0.5));
  std::vector<float> scratch(static_cast<std::size_t>(omp_get_max_threads() * tile_size * area));
  std::atomic<bool> failed = false;
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < attention.heads * attention.areas * tiles; ++i) {
    const c10::InferenceMode guard;
    const auto head = i / (attention.areas * tiles), start = i / tiles % attention.areas * area;
    const auto first = i % tiles * tile_size, count = std::min(tile_size, area - first);
    const float* query = mixed + head * (2 * keys + values) * cells + start;
    const float* key = query + keys * cells;
    const float* value = key + keys * cells;
    float* weights = scratch.data() + omp_get_thread_num() * tile_size * area;  // count × area
    try {  // an exception must not leave a parallel region
      const auto scored =
          dnnl_sgemm('T', 'N', count, area, keys, scale, query + first, cells, key, cells, 0, weights, area);
      const auto rows = at::from_blob(weights, {count, area});
      rows.copy_(at::softmax(rows, 1));
      const auto summed = dnnl_sgemm('N', 'T', values, count, area, 1, value, cells, weights, area, 0,
                                     attended + head * values * cells + start + first, cells);
      if (scored != dnnl_success || summed != dnnl_success) failed = true;
    } catch (...) {
      failed = true;
    }
  }
  if (failed) throw std::runtime_error("oneDNN: self-attention could not be computed");
}

}  // namespace onepass::model
