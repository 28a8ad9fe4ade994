#include "cli/track/run_config.hpp"

#include <gtest/gtest.h>

namespace onepass::cli {
namespace {

Config with_online() {
  Config config;
  config.embed.calibrate = EmbedCalibration::online;
  return config;
}

TEST(ConfigOf, DoesNotWhitenForASharedStoreUnlessGivenSo) {
  TrackOptions options;
  EXPECT_EQ(config_of(options, with_online(), {}).embed.calibrate, EmbedCalibration::online);
  EXPECT_FALSE(config_of(options, with_online(), {}).tracker.memory.enabled);
  options.store.address = "redis://host/site";
  EXPECT_EQ(config_of(options, with_online(), {"tracker.max_age_s"}).embed.calibrate, EmbedCalibration::none);
  EXPECT_EQ(config_of(options, with_online(), {"embed.calibrate"}).embed.calibrate, EmbedCalibration::online);
  EXPECT_TRUE(config_of(options, with_online(), {}).tracker.memory.enabled);
}

TEST(ConfigOf, DoesNotWhitenForCamerasThatShareAMemory) {
  TrackOptions options;
  options.sources = {"0", "1"};
  options.outputs.memory = "door.bin";
  options.live.live = true;
  EXPECT_EQ(config_of(options, with_online(), {}).embed.calibrate, EmbedCalibration::online);
  options.outputs.shares_memory = true;
  EXPECT_EQ(config_of(options, with_online(), {}).embed.calibrate, EmbedCalibration::none);
  options.live.live = false;  // one source after the other
  EXPECT_EQ(config_of(options, with_online(), {}).embed.calibrate, EmbedCalibration::online);
}

TEST(ConfigOf, CountsFlagsOfTheProgramAsGiven) {
  TrackOptions options;
  options.store.address = "redis://host/site";
  Parameters parameters;
  EXPECT_EQ(config_of(options, parameters).embed.calibrate, EmbedCalibration::none);
  parameters.settings["embed.calibrate"] = "online";
  EXPECT_EQ(config_of(options, parameters).embed.calibrate, EmbedCalibration::online);
}

}  // namespace
}  // namespace onepass::cli
