// Outputs that replace those of a former run only when all of them are complete.
#pragma once

#include <utility>
#include <vector>

#include "cli/track/outputs.hpp"

namespace onepass::cli {

/// @throws UsageError naming the first output that exists.
void require_free(OutputPaths places);

/// Outputs are written beside their places, under hidden names with the same extension. Standard output, devices and
/// pipes are written directly.
class StagedOutputs {
 public:
  explicit StagedOutputs(const OutputPaths& places);

  /// Removes what was not put to its place.
  ~StagedOutputs();
  StagedOutputs(const StagedOutputs&) = delete;
  StagedOutputs& operator=(const StagedOutputs&) = delete;

  /// Where to write.
  const OutputPaths& paths() const { return paths_; }

  /// Puts all outputs to their places. Of a folder, the files of a former run are removed, and others stay.
  /// @param stream, settings of the sinks that have written them
  /// @throws std::runtime_error naming the output that was not written, or cannot be moved. Before the first is moved,
  ///         all must be there.
  void put_in_place(const StreamInfo& stream, const SinkSettings& settings);

 private:
  void require_written();

  OutputPaths places_;
  OutputPaths paths_;
};

}  // namespace onepass::cli
