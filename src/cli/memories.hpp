// The memories of a run: one for each source or one for all, and the files they come from and go to.
#pragma once

#include <memory>
#include <string>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "onepass/memory.hpp"

namespace onepass {

class Memories {
 public:
  /// @param shared one memory for all sources
  Memories(const MemoryConfig& config, bool shared) : config_(config), shared_(shared) {}

  /// The memory of the source that begins; none where identities end with their tracks. It is read from the file where
  /// that exists (an empty path: no file), and the detector goes on with what the memory knows of its embeddings.
  /// @throws std::runtime_error as Memory::load does, and where the detector has no embeddings.
  std::shared_ptr<Memory> begin(const std::string& path, Detector& detector);

  /// Takes in what the detector has learnt, and writes the file.
  void end(const std::string& path, const Detector& detector) const;

 private:
  MemoryConfig config_;
  bool shared_;
  std::shared_ptr<Memory> memory_;
};

}  // namespace onepass
