#include "model/read/onnx_opset.hpp"

#include <gtest/gtest.h>

#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::model {
namespace {

TEST(OnnxOpset, IsThatOfOnnxsOwnDomain) {
  EXPECT_EQ(onnx_opset(ONEPASS_TEST_DATA "/export_v8.onnx"), 17);
  EXPECT_EQ(onnx_opset(ONEPASS_TEST_DATA "/pooled_crop.onnx"), 11);
  const test::TemporaryFolder folder;
  const auto version = [&](const std::string& bytes) { return onnx_opset(folder.write("a.onnx", bytes)); };
  const std::string machine_learning =
      "\x42\x0E\x0A\x0A"
      "ai.onnx.ml\x10\x03";
  EXPECT_EQ(version("\x08\x08" + machine_learning), std::nullopt);
  EXPECT_EQ(version("\x08\x08" + machine_learning +
                    "\x42\x0B\x0A\x07"
                    "ai.onnx\x10\x15"),
            21);
  EXPECT_EQ(version("\x08\x08\x42\x03\x10\xC8\x01"), 200) << "a number of two bytes";
  EXPECT_EQ(version("\x08\x08\x42\x7F\x10\x15"), std::nullopt) << "it ends too soon";
  EXPECT_EQ(version("\x42\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x10\x15"), std::nullopt) << "a size without sense";
  EXPECT_EQ(version(""), std::nullopt);
}

}  // namespace
}  // namespace onepass::model
