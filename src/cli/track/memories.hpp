// Manages the identity memories of a run: one per source or one shared by all sources, loaded from and saved to files,
// or shared with other processes.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "onepass/config.hpp"
#include "onepass/detector.hpp"
#include "onepass/memory.hpp"
#include "onepass/memory_store.hpp"
#include "onepass/tracker.hpp"
#include "onepass/web_server.hpp"
#include "pipeline/first_error.hpp"

namespace onepass::cli {

/// Where the memory of a source is kept.
struct MemoryPlace {
  std::string path;    ///< empty: in no file
  std::string camera;  ///< name of the source, for a store
};

class Memories {
 public:
  /// @param shared true: all sources share one memory
  /// @param side_by_side true: they share it at the same time (cameras). Every camera then standardizes its embeddings
  ///        with its own statistics from the start, and the memory keeps none: those of one are not those of the others
  Memories(const MemoryConfig& config, bool shared, bool side_by_side = false)
      : config_(config), shared_(shared), keeps_statistics_(!shared || !side_by_side) {}

  /// Shares one memory of all sources with other processes.
  /// @param store everything but the space, which begin() knows
  Memories(const MemoryConfig& config, MemoryStoreOptions store)
      : config_(config), shared_(true), keeps_statistics_(true), store_options_(std::move(store)) {}

  /// Returns the memory for the next source, or nullptr if the memory is disabled. The memory is loaded from the file
  /// if the file exists, and the detector resumes from the embedding statistics in the memory, or from those that the
  /// store has of this camera.
  /// @throws std::runtime_error as Memory::load and MemoryStore do, and if the detector has no embeddings.
  std::shared_ptr<Memory> begin(const MemoryPlace& place, Detector& detector);

  /// What the page tells of the identities of a source with this memory, which may be null.
  WebIdentities shown(const std::shared_ptr<Memory>& memory) const;

  /// Copies the detector's embedding statistics to the memory and saves the memory to the file. Does nothing without a
  /// memory; saves nothing if the path is empty. Identities that are being tracked at this moment are not included.
  void save(const std::shared_ptr<Memory>& memory, const MemoryPlace& place, Detector& detector) const;

  /// Counterpart of `begin` at the end of a source: moves the tracker's identities into the memory, then saves it as
  /// `save` does. Does nothing without a memory.
  void keep(const std::shared_ptr<Memory>& memory, const MemoryPlace& place, Tracker& tracker,
            Detector& detector) const;

  /// Health of the store, if there is one; may be called from any thread.
  std::vector<DeliveryHealth> deliveries() const;

 private:
  MemoryConfig config_;
  bool shared_;
  bool keeps_statistics_;
  std::optional<MemoryStoreOptions> store_options_;
  std::shared_ptr<Memory> memory_;
  mutable std::mutex mutex_;            ///< protects the member below
  std::shared_ptr<MemoryStore> store_;  ///< from the first begin() on
};

/// Calls `work`, then `keep`, and returns the result of `work`. `keep` is also called if `work` throws, so that partial
/// results are saved, like the other outputs. If both throw, the error of `work` is rethrown.
template <typename Work, typename Keep>
auto work_and_keep(Work work, Keep keep) {
  std::optional<decltype(work())> result;
  pipeline::FirstError error;
  error.attempt([&] { result = work(); });
  error.attempt(keep);
  error.rethrow();
  return *result;
}

}  // namespace onepass::cli
