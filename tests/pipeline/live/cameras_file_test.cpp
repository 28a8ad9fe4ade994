#include "pipeline/live/cameras_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::pipeline {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;

TEST(CamerasFile, LaysOwnSettingsOverThoseOfTheCommandLine) {
  const TemporaryFolder folder;
  const auto file = folder.write("cameras.yaml",
                                 "cameras:\n"
                                 "  - name: gate\n"
                                 "    url: rtsp://user:secret@10.0.0.7/a\n"
                                 "    detector: {classes: [person, car], conf: 0.3}\n"
                                 "    tracker:\n"
                                 "      max_age_s: 3\n"
                                 "  - url: 0\n");
  Config config;
  config.detector.conf = 0.2F;
  config.tracker.birth_score = 0.7F;
  const auto cameras = read_cameras(file, config);
  ASSERT_EQ(cameras.size(), 2U);
  EXPECT_EQ(cameras[0].name, "gate");
  EXPECT_EQ(cameras[0].location, "rtsp://user:secret@10.0.0.7/a");
  EXPECT_EQ(cameras[0].config.detector.conf, 0.3F);
  EXPECT_THAT(cameras[0].config.detector.classes, testing::ElementsAre("person", "car"));
  EXPECT_EQ(cameras[0].config.tracker.max_age_s, 3);
  EXPECT_EQ(cameras[0].config.tracker.birth_score, 0.7F);
  EXPECT_EQ(cameras[1].name, "camera0");
  EXPECT_EQ(cameras[1].location, "0");
  EXPECT_EQ(cameras[1].config.detector.conf, 0.2F);
  EXPECT_EQ(cameras[1].config.tracker.max_age_s, TrackerConfig().max_age_s);
}

TEST(CamerasFile, MistakesAreNamed) {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& content) {
    const auto file = folder.write("cameras.yaml", content);
    const auto error = message_of([&] { read_cameras(file, {}); });
    EXPECT_THAT(error, Not(HasSubstr("secret")));
    return error;
  };
  const std::string url = "rtsp://user:secret@127.0.0.1/a";
  EXPECT_THAT(error_of("cameras:\n  - {nam: gate, url: '" + url + "'}\n"),
              HasSubstr("cameras.yaml:2: camera: unknown key 'nam' (did you mean 'name'?)"));
  EXPECT_THAT(error_of("camera:\n  - {url: '" + url + "'}\n"), HasSubstr("did you mean 'cameras'?"));
  EXPECT_THAT(error_of("cameras:\n  - name: gate\n    url: " + url + "\n    detector: {clases: car}\n"),
              HasSubstr("cameras.yaml:4: gate.detector: unknown key 'clases' (did you mean 'classes'?)"));
  EXPECT_THAT(error_of("cameras:\n  - {name: a, url: '" + url + "', tracker: {max_age_s: -1}}\n"),
              HasSubstr("a.tracker.max_age_s: '-1' is out of range"));
  EXPECT_THAT(
      error_of("cameras:\n  - {name: a, url: '" + url + "', memory: {enabled: true}}\n"),
      HasSubstr("the memory has the same settings for all cameras; set memory.enabled for all of them instead"));
  EXPECT_THAT(error_of("cameras:\n  - {name: a, url: '" + url + "', embed: {method: cell}}\n"),
              HasSubstr("all cameras share one network; set embed.method for all of them instead"));
  EXPECT_THAT(error_of("cameras:\n  - {name: a, url: '" + url + "', detector: {device: cuda}}\n"),
              HasSubstr("set detector.device for all of them instead"));
  EXPECT_THAT(error_of("cameras:\n  - {name: a}\n"), HasSubstr("cameras.yaml:2: this camera has no url"));
  EXPECT_THAT(error_of("cameras:\n  - {url: '" + url + "', name: a/b}\n"), HasSubstr("used in file names"));
  EXPECT_THAT(error_of("cameras:\n  - {url: 0, name: a}\n  - {url: 1, name: a}\n"),
              HasSubstr("cameras.yaml:3: duplicate camera name 'a'"));
  EXPECT_THAT(error_of("cameras: []\n"), HasSubstr("expected 'cameras:' and a list"));
  EXPECT_THAT(error_of("[1, 2]\n"), HasSubstr("expected"));
  EXPECT_THAT(error_of("cameras:\n  - rtsp://user:secret@host/a\n"), HasSubstr("expected a map"));
}

}  // namespace
}  // namespace onepass::pipeline
