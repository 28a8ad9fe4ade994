// Plans the memory layout of a graph's values for one image size, so that most slices and concatenations need no copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/graph/graph.hpp"

namespace onepass::model {

struct MapShape {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  std::int64_t cells() const { return height * width; }
  friend bool operator==(const MapShape&, const MapShape&) = default;
};

/// Infers the shapes of all values when the graph runs on a 1×3×height×width image.
/// @throws std::runtime_error if the shapes of an operation's inputs do not match.
std::vector<MapShape> infer_shapes(const Graph& graph, int height, int width);

/// Memory layout of all values. A map is a sequence of blocks of `block` channels. A block stores its channels
/// interleaved: all channels of the first cell, then of the next, row by row (oneDNN's nChw8c and nChw16c). A range of
/// whole blocks of a map is therefore a map itself.
struct MapLayout {
  struct Place {
    int buffer = 0;          ///< value whose memory contains this value; may be the value itself
    std::int64_t first = 0;  ///< channel of the buffer at which this value starts
  };

  int block = 16;
  std::vector<MapShape> shapes;      ///< by value
  std::vector<Place> places;         ///< by value
  std::vector<std::size_t> offsets;  ///< by value, set for buffers only: floats from the start of the arena
  std::size_t size = 0;              ///< size of the arena in floats

  /// Whether `part`, an input of a concatenation or the output of a slice, is stored inside `whole` from channel
  /// `first` on; otherwise it must be copied.
  bool holds(int whole, int part, std::int64_t first) const;

  /// Position of a value in floats from the start of the arena.
  std::size_t position(int value) const;
};

/// Plans the layout of a graph's values. If the channels are aligned to blocks, slices are stored inside their source
/// and inputs of concatenations inside the output. Buffers with disjoint lifetimes share memory in the arena. The image
/// is not stored in the arena.
MapLayout plan_layout(const Graph& graph, std::vector<MapShape> shapes, int block);

}  // namespace onepass::model
