// Runs onepass stitch on pieces with the memories of their trackers.
#include <filesystem>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "batch/manifest.hpp"
#include "support/ffmpeg.hpp"
#include "support/needs_models.hpp"
#include "support/pieces.hpp"
#include "support/run_program.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// Finished pieces: Bob stays, and Ann leaves in the first and returns in the second, where Carl is new.
class StitchedMemories : public testing::Test {
 protected:
  StitchedMemories() {
    config_.tracker.memory.enabled = true;
    Person ann(1);
    Person bob(2);
    Person carl(3);
    const auto first = [](int index) { return index < 5 ? tracks({2, 1}) : tracks({2}); };
    const auto second = [](int index) { return index < 22 ? tracks({1}) : tracks({1, 2, 3}); };
    write({1, 2, {0, 2}}, write_piece(folder_, {1, 2, {0, 2}}, 0, 20, first, 0, space), {{1, &ann, 1.5}, {2, &bob}});
    write({2, 2, {1, 9}}, write_piece(folder_, {2, 2, {1, 9}}, 10, 30, second, 0, space),
          {{1, &bob}, {2, &ann}, {3, &carl}});
  }

  void write(const batch::Piece& piece, const fs::path& record, const std::vector<Seen>& identities) {
    write_memory(record, config_.tracker.memory, {.space = space}, identities);
    auto& manifest = manifests_.emplace_back();
    const auto path = folder_ / (batch::file_name(piece) + ".manifest.json");
    manifest.unit = "day";
    manifest.recipe.piece = piece;
    manifest.recipe.parameters = batch::parameters_of(config_);
    manifest.outputs = {batch::describe_output("piece", record, path),
                        batch::describe_output("memory", batch::memory_of(record), path)};
    folder_.write(path.filename(), batch::to_json(manifest));
  }

  ProgramResult stitch() const { return run_onepass({"stitch", folder_.path(), "--save-mot", folder_ / "day.txt"}); }

  static constexpr const char* space = "test";
  TemporaryFolder folder_;
  Config config_;
  std::vector<batch::Manifest> manifests_;
};

TEST_F(StitchedMemories, GiveWhoReturnsTheFormerId) {
  const auto result = stitch();
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out + result.err, HasSubstr("day: 30 frames, 3 ids from 2 pieces; 1 tracks continue across the "
                                                 "seams, 0 end there; 1 were recognized from earlier pieces"));
  std::map<int, std::map<int, int>> left_of;  // by frame and id
  std::istringstream lines(read_file(folder_ / "day.txt"));
  int frame = 0;
  int id = 0;
  int left = 0;
  char comma = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream(line) >> frame >> comma >> id >> comma >> left;
    left_of[frame][id] = left;
  }
  // Ids are given in the order of those of the piece: Ann has 1 and Bob 2. Carl stands at the right.
  EXPECT_THAT(left_of[1], ElementsAre(Pair(1, 50), Pair(2, 0)));
  EXPECT_THAT(left_of[22], ElementsAre(Pair(2, 0)));
  EXPECT_THAT(left_of[30], ElementsAre(Pair(1, 50), Pair(2, 0), Pair(3, 100)));
}

TEST_F(StitchedMemories, AreRequiredOfEveryPiece) {
  manifests_.back().outputs.pop_back();
  folder_.write("0002.manifest.json", batch::to_json(manifests_.back()));
  const auto result = stitch();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("0002.manifest.json: it has no output of the kind memory; track this piece again"));
  EXPECT_FALSE(fs::exists(folder_ / "day.txt"));
}

TEST(DamagedMemory, OfAPieceIsMadeAgain) {
  NEEDS_MODELS();
  const TemporaryFolder folder;
  const auto out = (folder / "out").string() + "/";
  const auto video = folder / "door.mkv";
  ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=128x96:rate=10:duration=3", video});
  const std::string model = ONEPASS_TEST_DATA "/tiny_v8.pt";
  const auto track_door = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"track", "--source", video,   "--model",    model, "--imgsz",
                                       "64",    "--conf",   "0.001", "--save-mot", out,   "--memory.enabled",
                                       "true",  "--split",  "1s",    "--overlap",  "0.5s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_onepass(arguments);
  };
  const auto tracked = track_door({"--shard", "1/1"});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.err;
  const auto pieces = fs::path(out) / "door.pieces";
  EXPECT_THAT(read_file(pieces / "0002.manifest.json"), HasSubstr("\"0002.memory\""));
  const auto stitched = run_onepass({"stitch", pieces, "--save-mot", folder / "door.txt"});
  EXPECT_EQ(stitched.exit_code, 0) << stitched.err;
  EXPECT_FALSE(read_file(folder / "door.txt").empty());
  folder.write("out/door.pieces/0002.memory", "damaged");
  const auto damaged = run_onepass({"stitch", pieces, "--save-mot", folder / "again.txt"});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.err, HasSubstr("0002.memory has changed; track this piece again"));
  EXPECT_EQ(track_door({"--skip-existing"}).exit_code, 0) << "the damaged piece is tracked again";
  EXPECT_FALSE(fs::exists(pieces)) << "they were stitched";
  EXPECT_EQ(read_file(fs::path(out) / "door.txt"), read_file(folder / "door.txt"));
}

}  // namespace
}  // namespace onepass::test
