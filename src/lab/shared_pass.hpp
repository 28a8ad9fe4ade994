// SharedPass: one forward pass per frame, shared by any number of embedding variants.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "detect/forward_pass.hpp"
#include "lab/variants.hpp"

namespace onepass::lab {

/// Chooses the variants for a network.
using ChooseVariants = std::function<std::vector<Variant>(const model::NetworkInfo&)>;

/// A network with the layers of all variants tapped, in the order in which the variants name them. Processes one
/// stream; begin_stream() starts the next one.
class SharedPass {
 public:
  /// @throws std::runtime_error naming layers or classes that the network does not have.
  SharedPass(const std::filesystem::path& model, const DetectorConfig& detector, const ChooseVariants& variants);

  const model::NetworkInfo& network() const { return pass_.network(); }
  const std::vector<Variant>& variants() const { return variants_; }

  /// Resets the running statistics and the times.
  void begin_stream();

  detect::PassResult forward(const Frame& frame);

  /// Returns one embedding per box of the pass, computed by variants()[variant]. Call at most once per frame, in order.
  std::vector<Embedding> embed(std::size_t variant, const detect::PassResult& pass);

  double forward_seconds() const { return forward_seconds_; }
  double embed_seconds(std::size_t variant) const { return streams_.at(variant).seconds; }

 private:
  struct Stream {
    FrameEmbedder embedder;
    double seconds = 0;
  };

  std::vector<int> choose_taps(std::vector<Variant> variants);

  std::vector<Variant> variants_;
  std::vector<std::vector<std::size_t>> taps_;  // per variant, the indices of its layers among the taps
  detect::ForwardPass pass_;
  std::vector<Stream> streams_;
  double forward_seconds_ = 0;
};

}  // namespace onepass::lab
