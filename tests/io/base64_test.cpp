#include "io/base64.hpp"

#include <gtest/gtest.h>

namespace onepass::io {
namespace {

TEST(Base64, FollowsTheExamplesOfItsStandard) {  // RFC 4648, section 10
  const auto encoded = [](const std::string& text) {
    return to_base64({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foob"), "Zm9vYg==");
  EXPECT_EQ(encoded("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  for (const std::string text : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\x80\x01"})
    EXPECT_EQ(from_base64(encoded(text)), text);
  EXPECT_EQ(from_base64("Zm9v!"), "");
}

TEST(Base64, KeepsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const auto text = to_base64({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
  EXPECT_EQ(text.size(), 344U);  // 4 characters per 3 bytes, rounded up
  EXPECT_EQ(from_base64(text), bytes);
}

}  // namespace
}  // namespace onepass::io
