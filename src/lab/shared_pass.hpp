// SharedPass: one forward pass per frame, shared by any number of embedding variants.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "detect/forward_pass.hpp"
#include "lab/variants.hpp"
#include "model/network.hpp"

namespace onepass::lab {

/// Loads a network and sets the number of threads of the process, like load_model().
std::unique_ptr<model::Network> open_network(const std::filesystem::path& path, const DetectorConfig& detector);

/// A network with the layers of all variants tapped. Processes one stream; begin_stream() starts the next one.
class SharedPass {
 public:
  /// @throws std::runtime_error naming layers or classes that the network does not have.
  SharedPass(std::unique_ptr<model::Network> network, const DetectorConfig& detector, std::vector<Variant> variants);

  const model::Network& network() const { return *network_; }
  const std::vector<Variant>& variants() const { return variants_; }

  /// Resets the running statistics and the times.
  void begin_stream();

  detect::ForwardPass forward(const Frame& frame);

  /// Returns one embedding per box of the pass, computed by variants()[variant]. Call at most once per frame, in order.
  std::vector<Embedding> embed(std::size_t variant, const detect::ForwardPass& pass);

  double forward_seconds() const { return forward_seconds_; }
  double embed_seconds(std::size_t variant) const { return streams_.at(variant).seconds; }

 private:
  struct Stream {
    FrameEmbedder embedder;
    double seconds = 0;
  };

  std::unique_ptr<model::Network> network_;
  DetectorConfig detector_;
  std::vector<bool> kept_classes_;
  std::vector<Variant> variants_;
  std::vector<std::vector<std::size_t>> taps_;  // per variant, the indices of its layers among the taps
  std::vector<Stream> streams_;
  double forward_seconds_ = 0;
};

}  // namespace onepass::lab
