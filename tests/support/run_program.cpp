#include "support/run_program.hpp"

#include <sys/wait.h>

#include <cstdlib>

#include "support/temporary_folder.hpp"

namespace onepass::test {
namespace {

std::string quoted(const std::string& word) {
  std::string result = "'";
  for (const char letter : word) result += letter == '\'' ? "'\\''" : std::string(1, letter);
  return result + "'";
}

}  // namespace

ProgramResult run_onepass(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  std::string command = quoted(ONEPASS_PROGRAM);
  for (const auto& argument : arguments) command += " " + quoted(argument);
  command += " </dev/null >" + quoted((folder / "out").string()) + " 2>" + quoted((folder / "err").string());
  const int status = std::system(command.c_str());
  ProgramResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = read_file(folder / "out");
  result.err = read_file(folder / "err");
  return result;
}

}  // namespace onepass::test
