// The sequences with ground truth and given detections on which tracker_table judges settings.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "io/sequence_info.hpp"
#include "onepass/metrics.hpp"
#include "recording.hpp"

namespace onepass::bench {

struct Sequence {
  std::string name;
  io::SequenceInfo info;
  std::filesystem::path camera_file;
  LabeledSequence truth;
  EvaluationRules rules;
  std::array<Recording, 3> detections;  ///< by stride - 1
};

/// Sequences that are scored together, with settings of the tracker for them.
struct Group {
  std::string name;
  std::vector<std::string> settings;
  bool embeddings = false;
  std::vector<const Sequence*> sequences{};
};

struct TableChoice {
  std::filesystem::path data;        ///< folder of the real test data
  std::filesystem::path recordings;  ///< detections and embeddings of PETS09-S2L1 and KITTI-17
  std::vector<std::string> only{};   ///< names of groups; empty: all
  std::string sequence;              ///< only sequences whose name contains this
};

/// Reads and generates the sequences of the chosen groups.
class TableSequences {
 public:
  explicit TableSequences(const TableChoice& choice);

  const std::vector<Group>& groups() const { return groups_; }

 private:
  bool wants(const std::vector<std::string>& names) const;
  void add(Sequence sequence, const std::vector<std::string>& names);
  void read(const std::string& folder, const std::string& benchmark, const std::vector<std::string>& names);
  void generate(const std::string& name);

  TableChoice choice_;
  std::vector<Group> groups_;
  std::vector<std::unique_ptr<Sequence>> sequences_;
};

}  // namespace onepass::bench
