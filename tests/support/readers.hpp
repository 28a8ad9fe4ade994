// Reads texts as files of their format.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "formats/registry.hpp"
#include "support/message_of.hpp"
#include "support/temporary_folder.hpp"

namespace onepass::test {

class Readers : public testing::Test {
 protected:
  formats::Annotations read_text(const std::string& name, const std::string& text,
                                 const formats::ReadOptions& options = {}) const {
    const auto path = folder_.write(name, text);
    return formats::read(path, formats::recognized(path), options);
  }
  std::string refusal(const std::string& name, const std::string& text) const {
    return message_of([&] { read_text(name, text); });
  }
  TemporaryFolder folder_;
};

}  // namespace onepass::test
