// The manifest of a unit: a JSON file that is written last, and tells what its outputs were made of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "batch/fingerprint.hpp"
#include "batch/unit.hpp"
#include "onepass/config.hpp"
#include "onepass/pipeline.hpp"

namespace onepass::batch {

/// Everything that the outputs of a unit depend on.
struct Recipe {
  std::optional<Fingerprint> source;
  std::optional<Piece> piece;
  std::string model;                              ///< file name without folder; "" if detections are replayed
  std::optional<Fingerprint> model_file{};        ///< of the model, or of the detections
  std::map<std::string, std::string> options;     ///< of the run, such as "vid_stride"
  std::map<std::string, std::string> parameters;  ///< by full name, such as "tracker.max_age_s"
};

/// Whether the tracker had a memory.
bool has_memory(const Recipe& recipe);

/// A file or a folder of files that the unit has written.
struct Output {
  std::string kind;  ///< such as "mot"
  std::string file;  ///< relative to the folder of the manifest
  std::uint64_t bytes = 0;
  std::uint32_t checksum = 0;  ///< CRC-32, as fingerprint_of_output

  bool operator==(const Output&) const = default;
};

struct Manifest {
  static constexpr int version = 1;

  std::map<std::string, std::string> versions;  ///< of the program, its compiler and its libraries
  std::string unit;
  std::string location;  ///< of the source, without credentials
  Recipe recipe;
  double frame_rate = 0;
  int width = 0;
  int height = 0;
  RunStatistics statistics;
  std::vector<Output> outputs;
};

/// Returns all parameters by their full names.
std::map<std::string, std::string> parameters_of(const Config& config);

/// Describes an output that was just written.
/// @throws std::runtime_error naming it if it cannot be read.
Output describe_output(const std::string& kind, const std::filesystem::path& file,
                       const std::filesystem::path& manifest);

/// Returns JSON as docs/schemas/manifest-1.schema.json describes it.
std::string to_json(const Manifest& manifest);

/// @throws std::runtime_error naming the file and what is wrong with it.
Manifest read_manifest(const std::filesystem::path& path);

/// Returns the first difference in words, such as "another tracker.max_age_s (2, not 3)"; "" without any. Numbers of
/// threads are no difference.
std::string difference(const Recipe& found, const Recipe& wanted);

/// Returns what is wrong with the outputs of a manifest, such as "street.txt is missing"; "" if all outputs of `kinds`
/// are listed, and all listed files are as the manifest says.
std::string defect(const Manifest& manifest, const std::filesystem::path& path, const std::vector<std::string>& kinds);

}  // namespace onepass::batch
