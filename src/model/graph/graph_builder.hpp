// Builds a graph operation by operation and checks that the channels and strides of the operations match.
#pragma once

#include <vector>

#include "model/graph/graph.hpp"

namespace onepass::model {

class GraphBuilder {
 public:
  GraphBuilder();

  int convolve(int input, Convolution convolution);
  int max_pool(int input, const MaxPool& pool);
  int average_pool(int input);
  int upsample(int input);
  int depth_to_space(int input, const DepthToSpace& spread);
  int zero_pad(int input, const ZeroPad& pad);
  int concat(const std::vector<int>& inputs);
  int slice(int input, int first, int count);
  /// The first and the second half of a value's channels.
  std::vector<int> halves(int input);
  int add(int left, int right);
  int self_attention(int input, const SelfAttention& attention);
  int attention_values(int input, const AttentionValues& values);

  int channels(int value) const { return shapes_.at(static_cast<std::size_t>(value)).channels; }
  /// Input pixels per cell of the value.
  int stride(int value) const { return shapes_.at(static_cast<std::size_t>(value)).stride; }

  /// @param prototypes value with the prototypes of masks, or -1
  Graph finish(std::vector<int> layers, std::vector<Level> levels, int prototypes = -1);

 private:
  struct Shape {
    int channels = 0;
    int stride = 1;
  };

  int append(Operation operation, std::vector<int> inputs, Shape shape);
  void require_channels(int value, std::int64_t expected) const;

  Graph graph_;
  std::vector<Shape> shapes_;
};

}  // namespace onepass::model
