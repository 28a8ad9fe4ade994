#include "onepass/config.hpp"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::config {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

TEST(Config, DefaultsAreTheDocumentedOnes) {
  const Config config;
  EXPECT_EQ(config.detector.imgsz, 640);
  EXPECT_FLOAT_EQ(config.detector.conf, 0.05F);
  EXPECT_FLOAT_EQ(config.detector.iou, 0.65F);
  EXPECT_EQ(config.embed.method, EmbedMethod::roi);
  EXPECT_FLOAT_EQ(config.tracker.birth_score, 0.6F);
}

TEST(Config, DumpReadsBackToTheSameConfig) {
  Config config;
  config.detector.imgsz = 960;
  config.detector.conf = 0.1F;
  config.detector.classes = {"person", "2"};
  config.embed.layers = {"2", "4", "/model.6/Concat"};
  config.embed.method = EmbedMethod::cell;
  const TemporaryFolder folder;
  Config again;
  apply_yaml(again, folder.write("dump.yaml", dump_yaml(config)));
  EXPECT_EQ(dump_yaml(again), dump_yaml(config));
  EXPECT_EQ(again.detector.imgsz, 960);
  EXPECT_EQ(again.detector.conf, 0.1F);
  EXPECT_EQ(again.detector.classes, (std::vector<std::string>{"person", "2"}));
  EXPECT_EQ(again.embed.layers, config.embed.layers);
}

TEST(Config, LaterFilesOverrideOnlyTheirOwnKeys) {
  const TemporaryFolder folder;
  Config config;
  apply_yaml(config, folder.write("a.yaml", "detector: {imgsz: 320, conf: 0.3}\n"));
  apply_yaml(config, folder.write("b.yaml", "detector:\n  imgsz: 960\n"));
  apply_yaml(config, folder.write("empty.yaml", "# nothing\n"));
  EXPECT_EQ(config.detector.imgsz, 960);
  EXPECT_FLOAT_EQ(config.detector.conf, 0.3F);
}

TEST(Config, UnknownKeysNameFileLineAndTheNearestKey) {
  const TemporaryFolder folder;
  Config config;
  const auto file = folder.write("x.yaml", "detector:\n  imgsz: 640\n  imgzs: 320\n");
  EXPECT_EQ(message_of([&] { apply_yaml(config, file); }),
            file.string() + ":3: detector: unknown key 'imgzs' (did you mean 'imgsz'?)");
  const auto section = folder.write("y.yaml", "detectors:\n  imgsz: 640\n");
  EXPECT_THAT(message_of([&] { apply_yaml(config, section); }), HasSubstr("did you mean 'detector'?"));
}

TEST(Config, AParameterOutsideItsSectionIsToldItsSection) {
  const TemporaryFolder folder;
  Config config;
  const auto file = folder.write("x.yaml", "detector: {conf: 0.3}\nmax_age_s: 2\n");
  EXPECT_EQ(message_of([&] { apply_yaml(config, file); }),
            file.string() + ":2: config: unknown key 'max_age_s' (did you mean 'tracker: {max_age_s: …}'?)");
}

TEST(Config, SpacesAroundTheNamesOfAListDoNotBelongToThem) {
  Config config;
  apply_setting(config, "detector.classes", " person,  traffic light ,car");
  EXPECT_EQ(config.detector.classes, (std::vector<std::string>{"person", "traffic light", "car"}));
  apply_setting(config, "embed.stripes", "8, 4");
  EXPECT_EQ(config.embed.stripes, (std::vector<int>{8, 4}));
}

TEST(Config, WrongTypesAndRangesNameWhatIsAccepted) {
  const TemporaryFolder folder;
  Config config;
  const auto error_of = [&](const std::string& yaml) {
    return message_of([&] { apply_yaml(config, folder.write("x.yaml", yaml)); });
  };
  EXPECT_THAT(error_of("detector: {conf: 1.5}"), HasSubstr("x.yaml:1: detector.conf: '1.5' is out of range"));
  EXPECT_THAT(error_of("detector: {conf: 1.5}"), HasSubstr("from 0 to 1"));
  EXPECT_THAT(error_of("detector: {conf: .nan}"), HasSubstr("out of range"));
  EXPECT_THAT(error_of("detector: {imgsz: big}"), HasSubstr("'big' is not a whole number from 32 to 8192"));
  EXPECT_THAT(error_of("detector: {imgsz: [1]}"), HasSubstr("a list is not a whole number"));
  EXPECT_THAT(error_of("embed: {method: osnet}"), HasSubstr("'osnet' is not one of: none, roi, cell"));
  EXPECT_THAT(error_of("detector: 7"), HasSubstr("expected a map"));
  EXPECT_THAT(error_of("detector: {rect: maybe}"), HasSubstr("is not true or false"));
  EXPECT_THAT(error_of("a: [b\n"), HasSubstr("not YAML"));
}

TEST(Config, WhatYamlLetsPassIsRefusedWithFileAndLine) {
  const TemporaryFolder folder;
  Config config;
  const auto error_of = [&](const std::string& yaml) {
    return message_of([&] { apply_yaml(config, folder.write("x.yaml", yaml)); });
  };
  const auto file = (folder / "x.yaml").string();
  EXPECT_EQ(error_of("detector:\n  conf: 0.1\n  imgsz: 640\n  conf: 0.2\n"),
            file + ":4: the key 'conf' is given twice");
  EXPECT_EQ(error_of("detector: {}\ndetector: {}\n"), file + ":2: the key 'detector' is given twice");
  EXPECT_EQ(error_of("tracker:\n  stages:\n  - name: a\n    limit: 1\n    limit: 2\n"),
            file + ":5: the key 'limit' is given twice");
  EXPECT_EQ(error_of("detector:\n  [conf]: 0.1\n"), file + ":2: a key must be a name, not a list, a map or nothing");
  EXPECT_THAT(error_of("detector: {}\n---\ndetector: {}\n"),
              HasSubstr("x.yaml: contains 2 YAML documents, expected one"));
  EXPECT_EQ(error_of("# settings\n---\ndetector: {conf: 0.1}\n"), "");
  EXPECT_THAT(error_of("detector: &it\n  classes: [*it]\n"), HasSubstr("x.yaml:")) << "a map within itself";
  EXPECT_EQ(error_of("detector:\n  12: 3\n"), file + ":2: detector: unknown key '12'");
  EXPECT_EQ(message_of([&] { apply_yaml(config, folder / "."); }),
            (folder / ".").string() + ": is a folder, expected a config file");
}

TEST(Config, ElementsOfAListAreCheckedToo) {
  const TemporaryFolder folder;
  Config config;
  const auto file = folder.write("x.yaml", "tracker:\n  stages:\n  - {name: a, limt: 1}\n");
  EXPECT_EQ(message_of([&] { apply_yaml(config, file); }),
            file.string() + ":3: tracker.stages: stages: unknown key 'limt' (did you mean 'limit'?)");
}

TEST(Config, AMapChangesNamedElementsOfAList) {
  const TemporaryFolder folder;
  Config config;
  apply_yaml(config,
             folder.write("x.yaml", "tracker:\n  stages:\n    confident: {limit: 0.7}\n    faint: {min_iou: 0.2}\n"));
  auto expected = recommended_stages();
  expected[0].limit = 0.7F;
  expected[1].min_iou = 0.2F;
  Config by_hand;
  by_hand.tracker.stages = expected;
  EXPECT_EQ(dump_yaml(config), dump_yaml(by_hand));
  Config by_setting;
  apply_setting(by_setting, "tracker.stages.confident.limit", "0.7");
  apply_setting(by_setting, "tracker.stages.faint.min_iou", "0.2");
  EXPECT_EQ(dump_yaml(by_setting), dump_yaml(by_hand));
  const auto error_of = [&](const std::string& stages) {
    return message_of([&] { apply_yaml(config, folder.write("x.yaml", "tracker:\n  stages: " + stages)); });
  };
  EXPECT_THAT(error_of("{confidnt: {limit: 0.7}}"),
              HasSubstr("no element is named 'confidnt' (did you mean 'confident'?)"));
  EXPECT_THAT(error_of("{confident: {limt: 0.7}}"), HasSubstr("unknown key 'limt' (did you mean 'limit'?)"));
  EXPECT_THAT(message_of([&] { apply_setting(config, "tracker.stages.confident.limt", "1"); }),
              HasSubstr("did you mean 'tracker.stages.confident.limit'?"));
}

TEST(Config, SettingsOverrideByName) {
  Config config;
  apply_setting(config, "embed.layers", "2,4");
  apply_setting(config, "embed.stripes", "[8, 1]");
  apply_setting(config, "detector.classes", "person,car");
  EXPECT_EQ(config.embed.layers, (std::vector<std::string>{"2", "4"}));
  EXPECT_EQ(config.embed.stripes, (std::vector<int>{8, 1}));
  EXPECT_EQ(config.detector.classes, (std::vector<std::string>{"person", "car"}));
}

TEST(Config, PresetsKeepTheDefaultOtherwise) {
  Config slow;
  apply_yaml(slow, std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs/slow.yaml");
  Config expected;
  expected.tracker.max_age_s = 2;
  expected.tracker.stages[0].limit = 0.9F;
  EXPECT_EQ(dump_yaml(slow), dump_yaml(expected));
  Config dance;
  apply_yaml(dance, std::filesystem::path(ONEPASS_SOURCE_DIR) / "configs/dance.yaml");
  Config expected_dance;
  expected_dance.tracker.show_detected = true;
  expected_dance.tracker.coast_s = 0.1F;
  expected_dance.tracker.stages[0].limit = 0.93F;
  EXPECT_EQ(dump_yaml(dance), dump_yaml(expected_dance));
}

TEST(Config, PublishedTrackersLearnNothing) {
  for (const auto& name : configuration_names()) {
    // mot17 only filters, occluboost recovers by appearance, dance and slow are presets of the default.
    if (std::set<std::string>{"mot17", "occluboost", "dance", "slow"}.contains(name)) continue;
    Config config;
    apply_yaml(config, name);
    EXPECT_FALSE(config.tracker.learn_motion) << name;
    EXPECT_EQ(config.tracker.noise_rate, 0) << name << ": noise is per frame, as published";
    for (const auto& stage : config.tracker.stages) EXPECT_NE(stage.appearance, AppearanceMode::recover) << name;
  }
}

TEST(Config, BadSettingsAreInvalidArguments) {
  Config config;
  const auto error_of = [&](const std::string& name, const std::string& value) -> std::string {
    try {
      apply_setting(config, name, value);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(error_of("detector.imgs", "1"), "unknown parameter 'detector.imgs' (did you mean 'detector.imgsz'?)");
  EXPECT_EQ(error_of("detector.imgsz", "1"),
            "detector.imgsz: '1' is out of range: accepts a whole number from 32 to 8192");
  EXPECT_THAT(error_of("tracker.stages", "[{limt: 1}]"), HasSubstr("tracker.stages: stages: unknown key 'limt'"));
  EXPECT_THAT(error_of("tracker.stages", "[{"), HasSubstr("tracker.stages: "));
  EXPECT_THAT(error_of("memory.capacity", "0"), HasSubstr("from 1 to 1000000"));
}

TEST(Config, AnUnknownEnumerationValueIsAnInvalidArgument) {
  Config config;
  config.tracker.box = static_cast<BoxModel>(9);
  EXPECT_THROW(dump_yaml(config), std::invalid_argument);
}

}  // namespace
}  // namespace onepass::config
