// Environment variables for the length of a test.
#pragma once

#include <cstdlib>
#include <string>

namespace onepass::test {

/// Sets an environment variable while it exists.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) { setenv(name, value.c_str(), 1); }
  ~Environment() { unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
};

}  // namespace onepass::test
