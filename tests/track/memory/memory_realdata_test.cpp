// People who leave and return in PETS09-S2L1, across a restart in the middle of the sequence.
#include <algorithm>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "onepass/detector.hpp"
#include "onepass/memory.hpp"
#include "onepass/tracker.hpp"
#include "support/data.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::track {
namespace {

using test::TemporaryFolder;

/// Ids of the ground truth that belong to the same person, found by viewing the images: people who return have new ids
/// there.
const std::map<int, int> same_person = {{14, 15}, {18, 15}, {8, 15}, {1, 19}, {3, 11},
                                        {4, 12},  {2, 13},  {6, 10}, {5, 9}};

struct TruthBox {
  int person = 0;
  Box box;
};

std::vector<std::vector<TruthBox>> read_truth(const std::filesystem::path& path, std::size_t frames) {
  std::vector<std::vector<TruthBox>> truth(frames);
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  int number = 0, id = 0;
  char comma = 0;
  Box box;
  for (std::string rest; file >> number >> comma >> id >> comma >> box.left >> comma >> box.top >> comma >> box.width >>
                             comma >> box.height &&
                         std::getline(file, rest);) {
    const auto same = same_person.find(id);
    if (static_cast<std::size_t>(number) <= frames)
      truth[static_cast<std::size_t>(number) - 1].push_back({same == same_person.end() ? id : same->second, box});
  }
  return truth;
}

/// Ground-truth id at the position of a track; 0: none.
int person_at(const std::vector<TruthBox>& truth, const Box& box) {
  int person = 0;
  float best = 0.5F;
  for (const auto& entry : truth) {
    const float overlap = intersection_over_union(entry.box, box);
    if (overlap < best) continue;
    best = overlap;
    person = entry.person;
  }
  return person;
}

/// Frames by identity and person.
using Census = std::map<std::int64_t, std::map<int, int>>;

int main_person(const std::map<int, int>& counts) {
  return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
}

struct Outcome {
  int recognized = 0;
  int mistaken = 0;
};

/// Number of identities that occur in both censuses.
Outcome compare(const Census& before, const Census& after) {
  Outcome outcome;
  for (const auto& [id, people] : after) {
    if (!before.contains(id)) continue;
    ++(main_person(before.at(id)) == main_person(people) ? outcome.recognized : outcome.mistaken);
  }
  return outcome;
}

class People : public testing::Test {
 protected:
  static constexpr std::int64_t begin = 220, restart = 420, end = 560;

  /// Tracks the frames [first, last) and counts frames by identity and person.
  Census watch(FrameSource& source, Detector& detector, Tracker& tracker, std::int64_t last) const {
    Census census;
    while (auto frame = source.next()) {
      if (frame->index < begin) continue;
      for (const auto& track : tracker.update(detector.detect(*frame), *frame)) {
        const int person = person_at(truth_[static_cast<std::size_t>(frame->index)], track.box);
        if (person != 0) ++census[track.id][person];
      }
      if (frame->index + 1 >= last) break;
    }
    tracker.finish();
    return census;
  }

  std::vector<std::vector<TruthBox>> truth_;
};

TEST_F(People, AreRecognizedByTheNextRunOnTheContinuation) {
  ONEPASS_REAL_DATA(data);
  const auto sequence = data / "mot" / "PETS09-S2L1";
  truth_ = read_truth(sequence / "gt" / "gt.txt", 795);
  DetectorConfig detector_config;
  detector_config.classes = {"person"};
  TrackerConfig config;
  config.memory.enabled = true;
  const auto model = load_model(data / "models" / "yolov8n.pt", detector_config, {});
  const auto source = open_source(sequence.string());
  const TemporaryFolder folder;

  const auto first_detector = make_detector(model, detector_config);
  const auto space = first_detector->embedder()->space();
  auto memory = std::make_shared<Memory>(config.memory);
  Tracker first(config, source->info().frame_rate, memory);
  const auto before = watch(*source, *first_detector, first, restart);
  memory->set_statistics(first_detector->embedder()->statistics());
  memory->save(folder / "people.memory", space);

  const auto second_detector = make_detector(model, detector_config);
  ASSERT_EQ(second_detector->embedder()->space(), space);
  auto loaded = std::make_shared<Memory>(Memory::load(folder / "people.memory", config.memory, space));
  second_detector->embedder()->resume(loaded->statistics());
  EXPECT_EQ(second_detector->embedder()->statistics().front().products,
            first_detector->embedder()->statistics().front().products);
  Tracker second(config, source->info().frame_rate, loaded);
  const auto after = watch(*source, *second_detector, second, end);

  const auto outcome = compare(before, after);
  RecordProperty("recognized", outcome.recognized);
  RecordProperty("mistaken", outcome.mistaken);
  EXPECT_GE(outcome.recognized, 4) << outcome.mistaken << " mistaken";
  EXPECT_LE(outcome.mistaken, 1);
}

}  // namespace
}  // namespace onepass::track
