// The memories of a run: one for each source or one for all, and the files they come from and go to.
#pragma once

#include <memory>
#include <string>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "onepass/memory.hpp"
#include "onepass/tracker.hpp"

namespace onepass {

class Memories {
 public:
  /// @param shared one memory for all sources
  Memories(const MemoryConfig& config, bool shared) : config_(config), shared_(shared) {}

  /// The memory of the source that begins; none where identities end with their tracks. It is read from the file where
  /// that exists (an empty path: no file), and the detector goes on with what the memory knows of its embeddings.
  /// @throws std::runtime_error as Memory::load does, and where the detector has no embeddings.
  std::shared_ptr<Memory> begin(const std::string& path, Detector& detector);

 private:
  MemoryConfig config_;
  bool shared_;
  std::shared_ptr<Memory> memory_;
};

/// Ends what `begin` began, if it gave a memory: it takes in the tracker's identities and what the detector has learnt,
/// and is written to the file, if there is one.
void keep_memory(const std::shared_ptr<Memory>& memory, const std::string& path, Tracker& tracker,
                 const Detector& detector);

}  // namespace onepass
