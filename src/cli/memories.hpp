// The memories of a run: one for each source or one for all, and the files they come from and go to.
#pragma once

#include <exception>
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

/// Writes what the memory has now, and what the detector has learnt, to the file, if there are both; identities that
/// are followed at this moment are left out.
void save_memory(const std::shared_ptr<Memory>& memory, const std::string& path, const Detector& detector);

/// Ends what `begin` began, if it gave a memory: it takes in the tracker's identities and what the detector has learnt,
/// and is written to the file, if there is one.
void keep_memory(const std::shared_ptr<Memory>& memory, const std::string& path, Tracker& tracker,
                 const Detector& detector);

/// What `work` returns, after `keep`, which is called where it fails as well: what is known so far is kept, like the
/// other outputs. The first error is the one that is thrown.
template <typename Work, typename Keep>
auto work_and_keep(Work work, Keep keep) {
  const auto result = [&] {
    try {
      return work();
    } catch (...) {
      const auto error = std::current_exception();
      try {
        keep();
      } catch (const std::exception&) {  // the first error is the one to report
      }
      std::rethrow_exception(error);
    }
  }();
  keep();
  return result;
}

}  // namespace onepass
