// Where the values of a graph lie in memory for one image size, so that slices and joins of channels need no copies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/graph.hpp"

namespace onepass {

struct MapShape {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  std::int64_t cells() const { return height * width; }
  friend bool operator==(const MapShape&, const MapShape&) = default;
};

/// Shapes of all values of a graph run on a 1×3×height×width image.
/// @throws std::runtime_error where maps do not fit each other.
std::vector<MapShape> infer_shapes(const Graph& graph, int height, int width);

/// A map is a sequence of blocks of `block` channels; a block holds its channels side by side for every cell, row by
/// row (oneDNN's nChw8c and nChw16c). So a range of whole blocks of a map is a map.
struct MapLayout {
  struct Place {
    int buffer = 0;          ///< the value whose memory holds it, perhaps its own
    std::int64_t first = 0;  ///< channel of the buffer that is its first
  };

  int block = 16;
  std::vector<MapShape> shapes;      ///< by value
  std::vector<Place> places;         ///< by value
  std::vector<std::size_t> offsets;  ///< by value, of buffers: floats from the start of the arena
  std::size_t size = 0;              ///< floats in the arena

  /// Whether `part`, an input of a join or the output of a slice, lies where it belongs inside `whole`, from channel
  /// `first` on; otherwise it must be copied.
  bool holds(int whole, int part, std::int64_t first) const;

  /// Floats from the start of the arena.
  std::size_t position(int value) const;
};

/// Lays out the values of a graph: slices in what they are cut from, inputs of joins in the joined map where channels
/// allow it; buffers share the arena where their lives do not overlap. The image has no place.
MapLayout plan_layout(const Graph& graph, std::vector<MapShape> shapes, int block);

}  // namespace onepass
