#include "model/run/onednn/map_layout.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {
namespace {

using Place = MapLayout::Place;

/// Number of positions of a window along one side.
std::int64_t swept(std::int64_t side, std::int64_t kernel, int stride, int padding) {
  return side + 2 * padding < kernel ? 0 : (side + 2 * padding - kernel) / stride + 1;
}

/// Computes the shape of the output, one overload per operation.
struct InferShape {
  const std::vector<int>& inputs;
  const std::vector<MapShape>& shapes;

  const MapShape& input(std::size_t i = 0) const { return shapes[static_cast<std::size_t>(inputs[i])]; }
  MapShape with_channels(std::int64_t channels) const { return {channels, input().height, input().width}; }

  MapShape operator()(const Convolution& c) const {
    const auto kernel = c.weight.size(2);
    return {c.weight.size(0), swept(input().height, kernel, c.stride, c.padding),
            swept(input().width, kernel, c.stride, c.padding)};
  }
  MapShape operator()(const MaxPool& pool) const {
    return {input().channels, swept(input().height, pool.kernel, pool.stride, pool.padding),
            swept(input().width, pool.kernel, pool.stride, pool.padding)};
  }
  MapShape operator()(const AveragePool&) const { return {input().channels, input().height - 1, input().width - 1}; }
  MapShape operator()(const UpsampleNearest&) const {
    return {input().channels, 2 * input().height, 2 * input().width};
  }
  MapShape operator()(const Concat&) const {
    auto joined = with_channels(0);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      joined.channels += input(i).channels;
      if (input(i).height != joined.height || input(i).width != joined.width)
        throw std::runtime_error(fmt::format("concatenates maps of {}×{} and {}×{} cells", joined.height, joined.width,
                                             input(i).height, input(i).width));
    }
    return joined;
  }
  MapShape operator()(const Slice& slice) const { return with_channels(slice.count); }
  MapShape operator()(const Add&) const {
    if (input(0) != input(1))
      throw std::runtime_error(fmt::format("adds maps of {}×{}×{} and {}×{}×{}", input(0).channels, input(0).height,
                                           input(0).width, input(1).channels, input(1).height, input(1).width));
    return input();
  }
  MapShape operator()(const ZeroPad& pad) const {
    return {input().channels, input().height + pad.top + pad.bottom, input().width + pad.left + pad.right};
  }
  MapShape operator()(const SelfAttention& a) const {
    if (input().cells() % a.areas != 0)
      throw std::runtime_error(fmt::format("attention within {} areas, which do not evenly divide a map of {}×{} cells",
                                           a.areas, input().height, input().width));
    return with_channels(std::int64_t{a.heads} * a.value_channels);
  }
  MapShape operator()(const AttentionValues& a) const {
    return with_channels(std::int64_t{a.heads} * a.value_channels);
  }
};

/// The place of a value in its outermost buffer: the buffer it was placed in may have been placed in another one later.
Place resolve(const std::vector<Place>& places, int value) {
  Place place{value, 0};
  while (places[place.buffer].buffer != place.buffer) {
    place.first += places[place.buffer].first;
    place.buffer = places[place.buffer].buffer;
  }
  return place;
}

/// Whether `count` channels of a map with `whole` channels, starting at `first`, form a map themselves: they start at a
/// block boundary and end at a block boundary or at the end of the map.
bool is_map(std::int64_t first, std::int64_t count, std::int64_t whole, int block) {
  return first % block == 0 && (count % block == 0 || first + count == whole);
}

/// Moves the buffers of a concatenation's inputs into its output. A buffer moves only as a whole, so a sliced map moves
/// if the concatenation reads all of its slices, in order.
void place_inputs(MapLayout& layout, const Step& join) {
  const auto channels = [&](int value) { return layout.shapes[value].channels; };
  std::vector<std::int64_t> starts;
  std::int64_t next = 0;
  for (const int value : join.inputs) {
    starts.push_back(next);
    next += channels(value);
  }
  for (std::size_t i = 0; i < join.inputs.size(); ++i) {
    const auto [buffer, first] = resolve(layout.places, join.inputs[i]);
    const auto base = starts[i] - first;
    if (buffer == 0 || buffer == join.output || base < 0) continue;
    if (!is_map(base, channels(buffer), channels(join.output), layout.block)) continue;
    std::int64_t covered = 0;
    for (std::size_t j = 0; j < join.inputs.size(); ++j) {
      const auto other = resolve(layout.places, join.inputs[j]);
      if (other.buffer == buffer && starts[j] - other.first == base) covered += channels(join.inputs[j]);
    }
    if (covered == channels(buffer)) layout.places[buffer] = {join.output, base};
  }
}

/// Lifetime of a buffer, in steps.
struct Life {
  int buffer = 0;
  std::size_t size = 0;  ///< in floats
  std::size_t begin = 0;
  std::size_t end = 0;  ///< last step that uses the buffer, inclusive
};

/// The lifetimes of all buffers, from the first write to the last read.
std::vector<Life> lives(const Graph& graph, const MapLayout& layout) {
  std::vector<Life> by_buffer(layout.shapes.size());
  const auto touch = [&](int value, std::size_t step) {
    if (value == 0) return;
    auto& life = by_buffer[layout.places[value].buffer];
    if (life.size == 0) {
      const auto& shape = layout.shapes[layout.places[value].buffer];
      const auto blocks = (shape.channels + layout.block - 1) / layout.block;
      life = {layout.places[value].buffer, static_cast<std::size_t>(blocks * layout.block * shape.cells()), step, step};
    }
    life.end = std::max(life.end, step);
  };
  for (std::size_t i = 0; i < graph.steps.size(); ++i) {
    touch(graph.steps[i].output, i);
    for (const int value : values_read(graph.steps[i])) touch(value, i);
  }
  std::erase_if(by_buffer, [](const Life& life) { return life.size == 0; });
  return by_buffer;
}

/// Places the buffers in the arena, largest first, each at the lowest offset that is free during its lifetime.
void share_arena(MapLayout& layout, std::vector<Life> buffers) {
  constexpr std::size_t alignment = 64 / sizeof(float);  // a cache line
  std::ranges::stable_sort(buffers, std::greater<>(), &Life::size);
  std::vector<Life> placed;  // sorted by offset
  for (const auto& life : buffers) {
    std::size_t offset = 0;
    for (const auto& other : placed) {
      if (other.end < life.begin || other.begin > life.end) continue;
      if (offset + life.size <= layout.offsets[other.buffer]) break;
      const auto end = layout.offsets[other.buffer] + other.size;
      offset = std::max(offset, (end + alignment - 1) / alignment * alignment);
    }
    layout.offsets[life.buffer] = offset;
    layout.size = std::max(layout.size, offset + life.size);
    const auto after =
        std::ranges::upper_bound(placed, offset, {}, [&](const Life& other) { return layout.offsets[other.buffer]; });
    placed.insert(after, life);
  }
}

}  // namespace

std::vector<MapShape> infer_shapes(const Graph& graph, int height, int width) {
  constexpr std::int64_t most_numbers = std::int64_t{1} << 36;  // limit per map: a file may describe any network
  std::vector<MapShape> shapes(static_cast<std::size_t>(graph.value_count));
  shapes[0] = {3, height, width};
  for (const auto& step : graph.steps) {
    auto& shape = shapes[step.output];
    shape = std::visit(InferShape{step.inputs, shapes}, step.operation);
    if (shape.channels < 1 || shape.height < 1 || shape.width < 1 || shape.channels > most_numbers / shape.cells())
      throw std::runtime_error(
          fmt::format("a map of {}×{}×{} is empty or too large", shape.channels, shape.height, shape.width));
    const auto* convolution = std::get_if<Convolution>(&step.operation);
    if (convolution && convolution->residual >= 0 && shapes[convolution->residual] != shape)
      throw std::runtime_error("adds maps of different shapes");
  }
  return shapes;
}

bool MapLayout::holds(int whole, int part, std::int64_t first) const {
  return places[whole].buffer == places[part].buffer && places[whole].first + first == places[part].first;
}

std::size_t MapLayout::position(int value) const {
  const auto& place = places[value];
  return offsets[place.buffer] + static_cast<std::size_t>(place.first * shapes[value].cells());
}

MapLayout plan_layout(const Graph& graph, std::vector<MapShape> shapes, int block) {
  MapLayout layout;
  layout.block = block;
  layout.shapes = std::move(shapes);
  layout.offsets.resize(layout.shapes.size());
  layout.places.resize(layout.shapes.size());
  for (std::size_t value = 0; value < layout.places.size(); ++value)
    layout.places[value].buffer = static_cast<int>(value);
  for (const auto& step : graph.steps) {
    const auto* slice = std::get_if<Slice>(&step.operation);
    if (slice && step.inputs[0] != 0 &&
        is_map(slice->first, slice->count, layout.shapes[step.inputs[0]].channels, block))
      layout.places[step.output] = {step.inputs[0], slice->first};
  }
  for (const auto& step : graph.steps)
    if (std::holds_alternative<Concat>(step.operation)) place_inputs(layout, step);
  auto resolved = layout.places;
  for (std::size_t value = 0; value < resolved.size(); ++value)
    resolved[value] = resolve(layout.places, static_cast<int>(value));
  layout.places = std::move(resolved);
  share_arena(layout, lives(graph, layout));
  return layout;
}

}  // namespace onepass::model
