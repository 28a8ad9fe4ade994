#include "batch/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "batch/unit_lock.hpp"
#include "onepass/temporary_error.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::batch {
namespace {

using test::message_of;
using test::read_file;
using test::TemporaryFolder;
using testing::HasSubstr;

Manifest example(const TemporaryFolder& folder) {
  Manifest manifest;
  manifest.versions = {{"onepass", "1.0"}};
  manifest.unit = "day";
  manifest.location = "day.mp4";
  manifest.recipe.source = Fingerprint{1000, 1, 0x12345678};
  manifest.recipe.piece = Piece{2, 3, {10, 22.5}};
  manifest.recipe.model = "m.pt";
  manifest.recipe.model_file = Fingerprint{10, 1, 1};
  manifest.recipe.options = {{"vid_stride", "2"}};
  manifest.recipe.parameters = parameters_of(Config());
  manifest.frame_rate = 29.97;
  manifest.statistics.frames = 340;
  manifest.statistics.identities = 12;
  manifest.statistics.errors = {3, 4};
  manifest.statistics.detect_s = 1.5;
  folder.write("out/day.txt", "123456789");
  manifest.outputs = {describe_output("mot", folder / "out/day.txt", folder / "out/day.manifest.json")};
  return manifest;
}

TEST(ManifestFile, IsReadAsItWasWritten) {
  const TemporaryFolder folder;
  const auto manifest = example(folder);
  const auto path = folder.write("out/day.manifest.json", to_json(manifest));
  const auto read = read_manifest(path);
  EXPECT_EQ(difference(read.recipe, manifest.recipe), "");
  EXPECT_EQ(read.outputs, manifest.outputs);
  EXPECT_EQ(read.outputs.front().file, "day.txt");
  EXPECT_EQ(read.outputs.front().checksum, 0xcbf43926) << "the check value of CRC-32";
  EXPECT_EQ(read.statistics.frames, 340);
  EXPECT_EQ(read.statistics.errors, (DecodeErrors{3, 4}));
  EXPECT_EQ(to_json(read), to_json(manifest));
}

TEST(ManifestFile, ThatIsNoneIsAnError) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& text) {
    return message_of([&] { read_manifest(folder.write("m.json", text)); });
  };
  EXPECT_THAT(error_of("{"), HasSubstr("m.json: is no manifest of onepass"));
  EXPECT_THAT(error_of("[1]"), HasSubstr("m.json: is no manifest of onepass"));
  EXPECT_THAT(error_of(R"({"format":"onepass manifest","version":2})"), HasSubstr("has version 2, not 1"));
  auto text = to_json(example(folder));
  text.replace(text.find("\"frames\": 340"), 13, "\"frames\": []");
  EXPECT_THAT(error_of(text), HasSubstr("m.json: is no manifest of onepass"));
}

TEST(Difference, NamesWhatDiffers) {
  const TemporaryFolder folder;
  const auto recipe = example(folder).recipe;
  auto other = recipe;
  other.parameters["detector.threads"] = "7";
  EXPECT_EQ(difference(recipe, other), "");
  other.parameters["tracker.max_age_s"] = "77";
  EXPECT_EQ(difference(recipe, other), "another tracker.max_age_s (1, not 77)");
  other.options["vid_stride"] = "1";
  EXPECT_EQ(difference(recipe, other), "another vid_stride (2, not 1)");
  other.model_file->checksum = 2;
  EXPECT_EQ(difference(recipe, other), "another version of m.pt");
  other.source.reset();
  EXPECT_EQ(difference(recipe, other), "another source");
}

TEST(Defect, IsFoundInEveryOutput) {
  const TemporaryFolder folder;
  const auto manifest = example(folder);
  const auto path = folder / "out/day.manifest.json";
  EXPECT_EQ(defect(manifest, path, {"mot"}), "");
  EXPECT_EQ(defect(manifest, path, {"mot", "jsonl"}), "it has no output of the kind jsonl");
  folder.write("out/day.txt", "123456780");
  EXPECT_EQ(defect(manifest, path, {"mot"}), "day.txt has changed");
  std::filesystem::remove(folder / "out/day.txt");
  EXPECT_EQ(defect(manifest, path, {"mot"}), "day.txt is missing");
}

TEST(FingerprintOfSource, IsThatOfTheContent) {
  const TemporaryFolder folder;
  std::string large(3 << 20, 'a');
  const auto file = folder.write("a.mp4", large);
  const auto fingerprint = fingerprint_of_source(file);
  EXPECT_EQ(fingerprint, fingerprint_of_source(folder.write("elsewhere/b.mp4", large)));
  large.back() = 'b';
  EXPECT_NE(fingerprint, fingerprint_of_source(folder.write("c.mp4", large)));
  EXPECT_NE(fingerprint, fingerprint_of_source(folder.write("c.mp4", large + "a")));
  EXPECT_EQ(fingerprint_of_source("rtsp://camera/stream"), std::nullopt);
  folder.write("images/1.jpg", "1");
  const auto one = fingerprint_of_source(folder / "images");
  folder.write("images/2.jpg", "2");
  EXPECT_NE(one, fingerprint_of_source(folder / "images"));
  EXPECT_THAT(message_of([&] { fingerprint_of_source(folder / "none.mp4"); }), HasSubstr("none.mp4"));
}

TEST(FingerprintOfFile, IncludesTheWeightsOfOpenVino) {
  const TemporaryFolder folder;
  const auto model = folder.write("m.xml", "layers");
  const auto alone = fingerprint_of_file(model);
  folder.write("m.bin", "weights");
  EXPECT_NE(fingerprint_of_file(model), alone);
  EXPECT_EQ(fingerprint_of_file(""), std::nullopt);
}

TEST(UnitLock, ExcludesAndRemembers) {
  const TemporaryFolder folder;
  const auto path = folder / "day.lock";
  {
    const UnitLock first(path);
    EXPECT_FALSE(first.was_begun());
    try {
      const UnitLock second(path);
      FAIL() << "two locks";
    } catch (const TemporaryError& error) {
      EXPECT_THAT(error.what(), HasSubstr("this unit is being tracked by process"));
    }
  }
  {
    UnitLock again(path);
    EXPECT_TRUE(again.was_begun()) << "the first one has not finished";
    again.finish();
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(UnitLock(path).was_begun());
  EXPECT_THAT(message_of([&] { UnitLock(folder / "none/day.lock"); }), HasSubstr("none/day.lock: cannot be written"));
}

}  // namespace
}  // namespace onepass::batch
