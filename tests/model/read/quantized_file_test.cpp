#include "model/read/quantized_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/checksum.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::model {
namespace {

using test::message_of;
using test::TemporaryFolder;
using testing::HasSubstr;

TEST(QuantizedFile, IsReadAsItWasWritten) {
  const TemporaryFolder folder;
  const auto model = folder.write("street.pt", "weights");
  const QuantizedFile file{"street.pt", {{"image", {0, 1}}, {"model.2", {-0.278F, 11.5F}}}};
  const auto text = to_text(file, io::checksum_of_file(model), 300);
  EXPECT_TRUE(is_quantized_file(text.substr(0, 512)));
  const auto read = read_quantized_file(folder.write("street-int8.yaml", text));
  EXPECT_EQ(read.model, model);
  ASSERT_EQ(read.ranges.size(), 2U);
  EXPECT_EQ(read.ranges.at("model.2").low, -0.278F);
  EXPECT_EQ(read.ranges.at("model.2").high, 11.5F);
}

TEST(QuantizedFile, WhatDoesNotFitIsRefused) {
  const TemporaryFolder folder;
  const auto model = folder.write("street.pt", "weights");
  const auto error_of = [&](const std::string& yaml) {
    const auto path = folder.write("street-int8.yaml", yaml);
    return message_of([&] { read_quantized_file(path); });
  };
  const auto checksum = std::to_string(io::checksum_of_file(model));
  const std::string start = "version: 1\nmodel: street.pt\nmodel_checksum: " + checksum + "\n";
  EXPECT_EQ(error_of(start + "ranges: {image: [0, 1]}\n"), "");
  EXPECT_THAT(error_of(start), HasSubstr("'ranges' is missing or damaged"));
  EXPECT_THAT(error_of(start + "ranges: [0, 1]\n"), HasSubstr("'ranges' is missing or damaged"));
  EXPECT_THAT(error_of(start + "ranges: {image: {low: 0}}\n"), HasSubstr("the range of 'image' is impossible"));
  EXPECT_THAT(error_of("[version]\n"), HasSubstr("is damaged; quantize the model again"));
  EXPECT_THAT(error_of(start + "ranges: {image: [1, 0]}\n"), HasSubstr("the range of 'image' is impossible"));
  EXPECT_THAT(error_of(start + "ranges: {image: [0, .nan]}\n"), HasSubstr("the range of 'image' is impossible"));
  EXPECT_THAT(error_of(start + "ranges: {image: [0]}\n"), HasSubstr("the range of 'image' is impossible"));
  EXPECT_THAT(error_of("version: 2\n"), HasSubstr("has version 2 of quantized models; this program reads version 1"));
  EXPECT_THAT(error_of("version: 1\nmodel: x.pt\nmodel_checksum: 1\nranges: {}\n"), HasSubstr("x.pt is missing"));
  EXPECT_THAT(error_of("version: 1\nmodel: street.pt\nmodel_checksum: 1\nranges: {}\n"),
              HasSubstr("is not the one that was quantized"));
}

}  // namespace
}  // namespace onepass::model
